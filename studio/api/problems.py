"""Refusals as RFC 9457 writes them: what is wrong, in one JSON object of type application/problem+json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse

KIND = "application/problem+json"


class Problem(Exception):
    """Stop here with this answer. errors: what is wrong where, as `at` makes it; more: further members."""

    def __init__(
        self, status: int, detail: str, errors: Iterable[Mapping[str, str]] = (), retry_after: int = 0, **more: Any
    ) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.status, self.detail, self.errors, self.more = status, detail, list(errors), more

    def answer(self) -> HttpResponse:
        """The whole answer."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = self.errors
        text = json.dumps({**body, **self.more}, cls=DjangoJSONEncoder)
        response = HttpResponse(text, status=self.status, content_type=KIND)
        if self.status == HTTPStatus.UNAUTHORIZED:
            response["WWW-Authenticate"] = "Bearer"
        if wait := self.retry_after or (60 if self.status == HTTPStatus.TOO_MANY_REQUESTS else 0):
            response["Retry-After"] = str(wait)
        return response


def at(place: object, message: object) -> dict[str, str]:
    """One thing that is wrong: where, and what."""
    return {"place": str(place), "message": str(message)}


def not_found(what: str = "There is nothing at this address.") -> Problem:
    """404; also for what belongs to another team."""
    return Problem(404, what)
