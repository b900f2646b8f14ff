"""Drafts: list, begin, read, change, undo, put away and bring back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, WRITE
from studio.api.content import Change, Content, Line, edit_of, shown
from studio.api.refusals import checked
from studio.api.shapes import Asked, Given, Key, Note, Page, Person, Version, page
from studio.authoring import listing, queries, services
from studio.authoring.forms.creating import LONGEST_YAML, CreateForm, FromYamlForm
from studio.authoring.models import Draft
from studio.authoring.services import Seen

router = Router()


class DraftRow(Schema):
    """A draft in a list. handed_in: the version that lies in review. complete: whether no part is missing."""

    id: int
    title: str
    techniques: list[str]
    author: Person
    version: int
    complete: bool
    handed_in: int | None
    created: datetime
    updated: datetime

    @staticmethod
    def resolve_techniques(draft: Draft) -> list[str]:
        return draft.techniques.split()


class DraftOut(DraftRow):
    """A draft."""

    content: Content

    @staticmethod
    def resolve_content(draft: Draft) -> dict[str, Any]:
        return shown(draft.rule_content())


class Begun(Schema):
    """A draft that was read from YAML, and what about it is worth a word."""

    draft: DraftOut
    notes: list[str]


class DraftsAsked(Asked):
    """Drafts by words in their name, techniques or author, and by how far they are."""

    q: Annotated[str, Field(max_length=200)] = ""
    state: Literal["", "unfinished", "complete", "review", "mine"] = ""
    sort: Literal["changed", "name", "created"] = "changed"


class NewDraft(Given):
    """All of it may stay empty. technique: an ATT&CK id; behaviour: one of the library or of the team."""

    title: Line = ""
    technique: Annotated[str, Field(max_length=20)] = ""
    behaviour: Annotated[str, Field(max_length=120)] = ""


class Yaml(Given):
    """One rule as it stands in a rules file, with its macros and lists or without."""

    yaml: Annotated[str, Field(min_length=1, max_length=LONGEST_YAML)]


class DraftChange(Given):
    """What to change, and the version that it was made of. Another version by now is answered with 409 and both."""

    version: Version
    content: Change


class SeenVersion(Given):
    """The version that you have seen."""

    version: Version


@router.get("/drafts", auth=READ, response=Page[DraftRow])
def list_drafts(request: TeamRequest, asked: Query[DraftsAsked]) -> dict[str, Any]:
    """List the team's drafts."""
    wanted = listing.Asked.of(asked.words())
    return page(listing.rows(queries.drafts(request.team, wanted.text), wanted, request.user), asked)


@router.post("/drafts", auth=WRITE, response={201: DraftOut})
def create_draft(request: TeamRequest, data: NewDraft) -> Draft:
    """Begin a draft."""
    form = CreateForm(data.model_dump())
    form.asker = (request.team, request.user)
    checked(form)
    given = form.cleaned_data
    return services.create(request.team, request.user, given["technique"], given["title"], form.first())


@router.post("/drafts/from-yaml", auth=WRITE, response={201: Begun})
def create_draft_from_yaml(request: TeamRequest, data: Yaml) -> dict[str, Any]:
    """Begin a draft with a rule that is written already."""
    form = FromYamlForm({"text": data.yaml})
    checked(form)
    draft = services.begin_with(request.team, request.user, form.read.content, "Take the rule from YAML by API")
    return {"draft": draft, "notes": list(form.read.notes)}


@router.get("/drafts/{pk}", auth=READ, response=DraftOut)
def read_draft(request: TeamRequest, pk: Key) -> Draft:
    """Read a draft."""
    return queries.draft(request.team, pk)


@router.patch("/drafts/{pk}", auth=WRITE, response=DraftOut)
def change_draft(request: TeamRequest, pk: Key, data: DraftChange) -> Draft:
    """Change parts of a draft; one step of undo."""
    queries.draft(request.team, pk)
    change = edit_of(data.content, request.team, request.user)
    return services.edit(pk, Seen(request.user, request.team, data.version), change)


@router.delete("/drafts/{pk}", auth=WRITE, response={204: None})
def delete_draft(request: TeamRequest, pk: Key) -> None:
    """Put a draft away; it can be restored."""
    services.delete(pk, request.team, request.user)


@router.post("/drafts/{pk}/restore", auth=WRITE, response=DraftOut)
def restore_draft(request: TeamRequest, pk: Key) -> Draft:
    """Bring a draft back that was put away."""
    return services.restore(pk, request.team, request.user)


@router.post("/drafts/{pk}/duplicate", auth=WRITE, response={201: DraftOut})
def duplicate_draft(request: TeamRequest, pk: Key) -> Draft:
    """Copy a draft with its sample events."""
    return services.duplicate(queries.draft(request.team, pk), request.team, request.user)


@router.get("/drafts/{pk}/history", auth=READ, response=list[Note])
def draft_history(request: TeamRequest, pk: Key) -> list[dict[str, Any]]:
    """List the changes that undo and redo walk, the oldest first."""
    rows = queries.draft(request.team, pk).snapshots.select_related("author").defer("content")
    return [{"number": one.number, "label": one.label, "by": one.author, "at": one.at} for one in rows]


@router.post("/drafts/{pk}/undo", auth=WRITE, response=DraftOut)
def undo(request: TeamRequest, pk: Key, data: SeenVersion) -> Draft:
    """Go one change back."""
    return services.step_in_history(pk, Seen(request.user, request.team, data.version), forward=False)


@router.post("/drafts/{pk}/redo", auth=WRITE, response=DraftOut)
def redo(request: TeamRequest, pk: Key, data: SeenVersion) -> Draft:
    """Go one undone change forward."""
    return services.step_in_history(pk, Seen(request.user, request.team, data.version), forward=True)
