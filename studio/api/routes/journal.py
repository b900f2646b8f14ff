"""The journal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, cast

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import BaseModel, Field

from studio.accounts.requests import TeamRequest
from studio.accounts.roles import Role
from studio.api.bearer import JOURNAL, may, not_too_often
from studio.api.scopes import Scope
from studio.api.shapes import Asked, Page, page
from studio.audit import exporting, queries
from studio.audit.queries import Wanted

router = Router()

_LINES: dict[str, Any] = {
    "responses": {200: {"description": "JSON Lines", "content": {"application/x-ndjson": {}}}},
}


class EntryOut(Schema):
    """An entry: who did what to which object, with its hash and that of the entry before."""

    number: int
    at: datetime
    actor: str
    verb: str
    target_type: str
    target_id: str
    target: str
    details: dict[str, Any]
    prev_hash: str
    hash: str


class Looked(BaseModel):
    """What to look for: text in person or object, a verb or its first word, an object as "type:number", days."""

    q: Annotated[str, Field(max_length=200)] = ""
    who: Annotated[str, Field(max_length=300)] = ""
    about: Annotated[str, Field(max_length=80)] = ""
    object: Annotated[str, Field(pattern=r"^([a-z_]+\.[a-z_]+:[A-Za-z0-9_-]{1,80})?$", max_length=170)] = ""
    since: date | None = None
    until: date | None = None

    def wanted(self) -> Wanted:
        """The same for the query."""
        return Wanted(**self.model_dump(include=set(Looked.model_fields)))


class EntriesAsked(Looked, Asked):
    """The same, page by page."""


@router.get("/journal/entries", auth=JOURNAL, response=Page[EntryOut])
def list_entries(request: TeamRequest, asked: Query[EntriesAsked]) -> dict[str, Any]:
    """List the journal's entries that fit, the newest first."""
    return page(queries.of_team(request.team, asked.wanted()), asked)


@router.get("/journal", auth=may(Scope.JOURNAL, Role.ADMINISTRATOR), response={200: None}, openapi_extra=_LINES)
def journal(request: TeamRequest, asked: Query[Looked]) -> HttpResponse:
    """Export the journal's entries that fit as JSON Lines, oldest first, each with its hash; that is journalled too."""
    not_too_often(request, "costly")
    lines = exporting.export(request.user, request.team, asked.wanted())
    answer = StreamingHttpResponse(lines, content_type=exporting.KIND)
    return cast("HttpResponse", answer)
