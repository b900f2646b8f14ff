"""Comments on a revision: threads, replies, suggestions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, WRITE
from studio.api.routes.drafts import DraftOut, SeenVersion
from studio.api.shapes import Given, Key, Person
from studio.authoring.models import Draft
from studio.review import queries, talk
from studio.review.models import MOST_SUGGESTION, MOST_TEXT, Comment, Thread
from studio.review.talk import Place

router = Router()


class CommentOut(Schema):
    """A comment. suggestion: a text to put in the place of the thread's part; null where nothing is suggested."""

    id: int
    author: Person
    text: str
    suggestion: str | None
    at: datetime
    applied_at: datetime | None


class ThreadOut(Schema):
    """A thread. where: its place in words."""

    id: int
    place: str
    line: int | None
    spot: str
    where: str
    resolved_by: Person | None
    resolved_at: datetime | None
    comments: list[CommentOut]

    @staticmethod
    def resolve_comments(thread: Thread) -> list[Any]:
        return list(thread.comments.all())


class NewThread(Given):
    """A comment on the whole, a part, a line of the YAML, or a spot: the key of a clause or of an exception's row.

    suggestion: for condition, output and details (the description).
    """

    place: Literal["whole", "condition", "exceptions", "output", "details", "line", "clause", "row"] = "whole"
    text: Annotated[str, Field(max_length=MOST_TEXT)] = ""
    line: Annotated[int, Field(ge=1, le=10**6)] | None = None
    spot: Annotated[str, Field(max_length=400)] = ""
    suggestion: Annotated[str, Field(max_length=MOST_SUGGESTION)] | None = None


class Reply(Given):
    """One more comment."""

    text: Annotated[str, Field(min_length=1, max_length=MOST_TEXT)]


@router.get("/revisions/{pk}/threads", auth=READ, response=list[ThreadOut])
def list_threads(request: TeamRequest, pk: Key) -> list[Thread]:
    """List the threads of a revision with their comments."""
    found = queries.threads(queries.revision(request.team, pk))
    return sorted((one for rows in found.values() for one in rows), key=lambda one: one.pk)


@router.post("/revisions/{pk}/threads", auth=WRITE, response={201: ThreadOut})
def begin_thread(request: TeamRequest, pk: Key, data: NewThread) -> Thread:
    """Comment on a revision."""
    place = Place(data.place, data.line, data.spot)
    return talk.begin(pk, request.team, request.user, place, data.text, data.suggestion).thread


@router.post("/threads/{pk}/comments", auth=WRITE, response={201: CommentOut})
def reply(request: TeamRequest, pk: Key, data: Reply) -> Comment:
    """Reply in a thread."""
    return talk.reply(pk, request.team, request.user, data.text)


@router.post("/threads/{pk}/resolve", auth=WRITE, response=ThreadOut)
def resolve(request: TeamRequest, pk: Key) -> Thread:
    """Close a thread."""
    return talk.resolve(pk, request.team, request.user, resolved=True)


@router.post("/threads/{pk}/reopen", auth=WRITE, response=ThreadOut)
def reopen(request: TeamRequest, pk: Key) -> Thread:
    """Open a thread again."""
    return talk.resolve(pk, request.team, request.user, resolved=False)


@router.post("/comments/{pk}/apply", auth=WRITE, response=DraftOut)
def apply(request: TeamRequest, pk: Key, data: SeenVersion) -> Draft:
    """Put the suggested text of a comment into the draft."""
    return talk.apply(pk, request.team, request.user, data.version)
