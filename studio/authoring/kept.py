"""Posts that arrived after the sign-in had run out: kept in the session, so that nothing typed is lost."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

SESSION_KEY = "kept_post"

#: A post larger than this is not kept: a session is no store for files.
MOST = 400_000


@dataclass(frozen=True, slots=True)
class KeptPost:
    """A post to a step of a draft that still waits for its author."""

    draft: int
    step: str
    data: QueryDict


def keep(request: HttpRequest, draft: int, step: str) -> bool:
    """Keep the post of this request; tells whether it was small enough."""
    body = request.POST.copy()
    body.pop("csrfmiddlewaretoken", None)
    encoded = body.urlencode()
    if len(encoded) > MOST:
        return False
    request.session[SESSION_KEY] = {"draft": draft, "step": step, "body": encoded}
    return True


def take(request: HttpRequest) -> KeptPost | None:
    """The kept post, which is forgotten by this."""
    found = request.session.pop(SESSION_KEY, None)
    if not found:
        return None
    return KeptPost(int(found["draft"]), str(found["step"]), QueryDict(found["body"]))
