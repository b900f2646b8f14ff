"""The token itself."""

from __future__ import annotations

from datetime import datetime

from ninja import Router, Schema

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ
from studio.api.models import ApiToken
from studio.api.shapes import Person

router = Router()


class Me(Schema):
    """For whom the token acts, where, and what it may."""

    person: Person
    team: str
    role: str
    token: str
    scopes: list[str]
    expires_at: datetime


@router.get("/me", auth=READ, response=Me)
def me(request: TeamRequest) -> Me:
    """Say for whom the token acts, in which team, and what it may."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]
    person = Person(id=request.user.pk, name=request.user.name)
    return Me(
        person=person, team=request.team.name, role=request.membership.role, token=token.name, scopes=token.scopes,
        expires_at=token.expires_at,
    )  # fmt: skip
