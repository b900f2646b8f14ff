"""Answers to a post: where the person goes next, with a whole page or, to htmx, with the middle of it."""

from __future__ import annotations

import json
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from studio.ui.requests import HtmxRequest

#: What htmx takes of the next page, and what it puts it in the place of.
MIDDLE = {"target": "#main", "select": "#main", "swap": "outerHTML"}


def sent_to(request: HttpRequest, where: Any) -> HttpResponse:
    """A redirect to `where` (as for Django's redirect), which htmx carries out without loading the frame again."""
    if not cast(HtmxRequest, request).htmx:
        return redirect(where)
    return HttpResponse(headers={"HX-Location": json.dumps({"path": resolve_url(where), **MIDDLE})})
