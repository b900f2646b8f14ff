"""The person's notices, and how they are mailed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Query, Router, Schema

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, WRITE
from studio.api.shapes import Asked, Given, Number, Page, page
from studio.notices import mailing, queries, services
from studio.notices.models import Kind

router = Router()


class NoticeOut(Schema):
    """One thing that the person should know. url: where to see it, below the address of Mews."""

    id: int
    kind: str
    text: str
    excerpt: str
    url: str
    at: datetime
    read_at: datetime | None


class NoticesAsked(Asked):
    """unread: only new ones."""

    unread: bool = False


class ReadNotices(Given):
    """Which one was read; all where none is named."""

    id: Number | None = None


class HowMany(Schema):
    """How many were new until now."""

    read: int


class MailOut(Schema):
    """For each kind of notice how it is mailed: now, daily or never."""

    ways: dict[str, str]


class MailWays(Given):
    """The kinds that are to change; the others stay."""

    ways: dict[Literal[*Kind.values], Literal["now", "daily", "never"]]  # type: ignore[valid-type]


@router.get("/notices", auth=READ, response=Page[NoticeOut])
def list_notices(request: TeamRequest, asked: Query[NoticesAsked]) -> dict[str, Any]:
    """List your notices in the team, the newest first."""
    found = queries.unread if asked.unread else queries.of
    return page(found(request.user, request.team), asked)


@router.post("/notices/read", auth=WRITE, response=HowMany)
def mark_notices_read(request: TeamRequest, data: ReadNotices) -> dict[str, int]:
    """Mark a notice of yours read, or all."""
    return {"read": services.mark_read(request.user, request.team, data.id)}


@router.get("/notices/mail", auth=READ, response=MailOut)
def read_mail_ways(request: TeamRequest) -> dict[str, Any]:
    """Say how your notices are mailed."""
    return {"ways": mailing.ways(request.user)}


@router.patch("/notices/mail", auth=WRITE, response=MailOut)
def change_mail_ways(request: TeamRequest, data: MailWays) -> dict[str, Any]:
    """Change how your notices are mailed."""
    mailing.choose(request.user, {**mailing.ways(request.user), **data.ways})
    return {"ways": mailing.ways(request.user)}
