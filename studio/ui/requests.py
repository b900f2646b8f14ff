"""The request as our middleware leaves it, for type checkers and readers."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request that knows whether htmx sent it: `request.htmx` is truthy then."""

    htmx: HtmxDetails
