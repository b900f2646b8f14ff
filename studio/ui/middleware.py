"""Middleware of the frame: headers that Django does not set, and answers that htmx can use."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode, urlsplit

import structlog
from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from studio.failures import failure_of
from studio.ui.errors import unavailable
from studio.ui.requests import HtmxRequest

Handler = Callable[[HttpRequest], HttpResponse]
READS = frozenset({"GET", "HEAD", "OPTIONS"})
log = structlog.get_logger(__name__)
POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


class SecurityHeaders:
    """Permissions-Policy for everything: Mews uses no camera, microphone, place or payment."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response


class Sessions(SessionMiddleware):
    """Django's sessions; a page that is only read appears even where its session cannot be saved now."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except (DatabaseError, InterfaceError, OSError) as error:
            if request.method not in READS or failure_of(error) is None:
                raise
            log.warning("session_not_saved", error=str(error))
            return response


class Failures:
    """Answers for what the machine cannot do right now (studio.failures): 503, 507 or 429 instead of an error page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to an error of a view; None for those that nobody foresaw."""
        failure = failure_of(error)
        if failure is None:
            return None
        log.warning("failed", path=request.path, status=failure.status, error=f"{type(error).__name__}: {error}")
        return unavailable(request, failure)


class HtmxAnswers:
    """Answers to htmx: messages ride along as toasts; who was signed out meanwhile gets the sign-in page whole."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        if not cast(HtmxRequest, request).htmx:
            return response
        if _asks_to_sign_in(response):
            return _load_sign_in(request)
        _add_messages(request, response)
        return response


def _asks_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and urlsplit(response["Location"]).path == resolve_url(settings.LOGIN_URL)


def _load_sign_in(request: HttpRequest) -> HttpResponse:
    page = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page})}"
    return answer


def _add_messages(request: HttpRequest, response: HttpResponse) -> None:
    """Append waiting messages to an HTML fragment; whole pages and redirects show them by themselves."""
    is_fragment = (
        response.status_code in {200, 409, 422}
        and not response.streaming
        and response.get("Content-Type", "").startswith("text/html")
        and not {"HX-Redirect", "HX-Location", "HX-Refresh"} & set(response.headers)
        and b"<html" not in response.content[:400]
    )
    if is_fragment and len(get_messages(request)):
        block = render_to_string("components/_messages.html", {"oob": True, "messages": get_messages(request)})
        response.content += block.encode()
        if response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))
