"""The search over everything."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Router, Schema
from pydantic import BaseModel, Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ
from studio.ui import nav

router = Router()


class HitOut(Schema):
    """Something that was found. kind: Technique, Draft, Rule… url: its page, below the address of Mews."""

    kind: str
    title: str
    detail: str
    url: str


class SearchAsked(BaseModel):
    """Words."""

    q: Annotated[str, Field(min_length=1, max_length=200)]


@router.get("/search", auth=READ, response=list[HitOut])
def search(request: TeamRequest, asked: Query[SearchAsked]) -> list[Any]:
    """Search rules, drafts, reviews, packs, techniques, behaviours and the rest, as the pages do."""
    return list(nav.search(request, asked.q.strip()))
