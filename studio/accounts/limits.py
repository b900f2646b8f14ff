"""How often somebody may do something costly or guessable; the numbers stand in the settings (ACCOUNT_RATE_LIMITS)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
View = Callable[Concatenate[R, P], HttpResponse]


def within(request: HttpRequest, action: str) -> bool:
    """Whether the person may do it once more; it counts as done. For callers that answer in their own way."""
    return ratelimit.consume_or_429(request, action=action, user=request.user, limit_get=True) is None


def limited(action: str, *, also_get: bool = False) -> Callable[[View[R, P]], View[R, P]]:
    """Decorator: the view answers with the page of status 429 when the limit named `action` is reached."""

    def decorate(view: View[R, P]) -> View[R, P]:
        @wraps(view)
        def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            more: dict[str, Any] = {"limit_get": True} if also_get else {}
            refusal: HttpResponse | None = ratelimit.consume_or_429(request, action=action, **more)
            return refusal or view(request, *args, **kwargs)

        return guarded

    return decorate
