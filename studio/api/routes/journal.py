"""The journal."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, cast

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import JOURNAL
from studio.audit import exporting
from studio.audit.queries import Wanted

router = Router()

_LINES: dict[str, Any] = {
    "responses": {200: {"description": "JSON Lines", "content": {"application/x-ndjson": {}}}},
}


class JournalAsked(BaseModel):
    """What to look for: text in person or object, a verb or its first word, an object as "type:number", days."""

    q: Annotated[str, Field(max_length=200)] = ""
    who: Annotated[str, Field(max_length=300)] = ""
    about: Annotated[str, Field(max_length=80)] = ""
    object: Annotated[str, Field(pattern=r"^([a-z_]+\.[a-z_]+:[A-Za-z0-9_-]{1,80})?$", max_length=170)] = ""
    since: date | None = None
    until: date | None = None


@router.get("/journal", auth=JOURNAL, response={200: None}, openapi_extra=_LINES)
def journal(request: TeamRequest, asked: Query[JournalAsked]) -> HttpResponse:
    """Export the journal's entries that fit as JSON Lines, oldest first, each with its hash; that is journalled too."""
    lines = exporting.export(request.user, request.team, Wanted(**asked.model_dump()))
    answer = StreamingHttpResponse(lines, content_type=exporting.KIND)
    return cast("HttpResponse", answer)
