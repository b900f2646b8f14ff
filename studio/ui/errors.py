"""Error pages in our look: what happened, and what to do next. htmx gets the one sentence, which becomes a toast."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape

from studio.failures import Failure, failure_of

LAST_RESORT = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Error · Mews</title><h1>Mews could not answer</h1>'
    "<p>Something went wrong on the server, and it is in the log. Go back and try again.</p></html>"
)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, "Mews did not understand this request. Go back, reload the page and try again.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reason = str(exception or "") or "You may not do this here. Ask an administrator of your team."
    return _answer(request, 403, reason)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(
        request,
        403,
        "The form was too old, or cookies are blocked. Go back, reload the page and send it again.",
        template="errors/csrf.html",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    words = exception.args[0] if exception and exception.args and isinstance(exception.args[0], str) else ""
    return _answer(request, 404, words if words.endswith(".") else "There is nothing at this address.")


def gone(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For what was there once; the exception's message says what, and what to do."""
    return _answer(request, 410, str(exception))


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Allauth's limits and ours answer with this."""
    reason = "There were too many tries in a short time. Wait a few minutes, then try again."
    answer = _answer(request, 429, reason, template="429.html")
    answer["Retry-After"] = "300"
    return answer


def unavailable(request: HttpRequest, failure: Failure) -> HttpResponse:
    """The database is busy, the disk is full, or a quota is used up."""
    try:
        answer = _answer(
            request, failure.status, failure.reason, template="errors/unavailable.html", title=failure.title
        )
    except Exception:  # the page's frame reads from the database, too
        answer = HttpResponse(_plain(failure.title, failure.reason), status=failure.status)
    if failure.retry_after:
        answer["Retry-After"] = str(failure.retry_after)
    return answer


def _plain(title: str, reason: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)} · Mews</title>'
        f"<h1>{escape(title)}</h1><p>{escape(reason)}</p></html>"
    )


def server_error(request: HttpRequest) -> HttpResponse:
    if failure := failure_of(sys.exc_info()[1]):  # of a middleware; views' go by studio.ui.middleware.Failures
        return unavailable(request, failure)
    reason = "Something went wrong on the server, and it is in the log."
    try:
        return _answer(request, 500, reason)
    except Exception:  # whatever broke the page may break its frame too
        return HttpResponse(LAST_RESORT, status=500)


def _answer(request: HttpRequest, status: int, reason: str, template: str = "", title: str = "") -> HttpResponse:
    if getattr(request, "htmx", None):
        return HttpResponse(reason, status=status, content_type="text/plain; charset=utf-8")
    return render(request, template or f"errors/{status}.html", {"reason": reason, "title": title}, status=status)
