"""The way in: finds the address, bounds the body, and answers whatever is refused outside of ninja the same way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404

from studio.api import machine, refusals
from studio.api.parsing import MOST_BYTES
from studio.api.problems import Problem, not_found
from studio.api.routes.lab import LARGEST
from studio.audit.services import acting

OPENAPI = "openapi.json"
#: Address that takes a file → bytes of its body, with a megabyte for what stands beside the file.
FILES = {"lab/runs": LARGEST + 1024**2}


def answer(request: HttpRequest, rest: str) -> HttpResponseBase:
    """The answer to a request below v1/. Nothing of it is kept by caches on the way."""
    try:
        with acting():
            response = _answer(request, rest)
    except Exception as error:  # whatever it is, it becomes a problem
        response = refusals.answer(request, error)
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest, rest: str) -> HttpResponseBase:
    if rest == OPENAPI:
        return _described(request)
    if "\x00" in rest:
        raise not_found()
    length, most = request.META.get("CONTENT_LENGTH") or "", FILES.get(rest, MOST_BYTES)
    if len(length) > 12 or int(length or 0) > most:
        raise Problem(413, f"A body has at most {most:,} bytes here.")
    try:
        found = machine.resolver().resolve(rest)
    except Resolver404:
        raise not_found() from None
    response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
    return _not_allowed(response["Allow"]) if isinstance(response, HttpResponseNotAllowed) else response


def _described(request: HttpRequest) -> HttpResponseBase:
    return JsonResponse(machine.schema()) if request.method in ("GET", "HEAD") else _not_allowed("GET, HEAD")


def _not_allowed(methods: str) -> HttpResponseBase:
    response = Problem(405, f"This address takes {methods}.").answer()
    response["Allow"] = methods
    return response
