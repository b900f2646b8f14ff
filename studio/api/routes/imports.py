"""Import rules files: a plan first, then what is asked for each item."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, WRITE
from studio.api.problems import Problem, at
from studio.api.routes.checking import GivenFile
from studio.api.shapes import Found, Given, Key, found
from studio.library import import_services, importing
from studio.library.models import RulesFile
from studio.library.reading_files import MOST_TEXT

router = Router()


class PlannedItem(Schema):
    """A rule, macro or list of the files. key: its name in `choices`; choices: what can be done, the suggestion first.

    standing: new, same, differs, known (Mews has it) or taken (Mews has another of the name).
    """

    key: str
    kind: str
    name: str
    standing: str
    choices: list[str]
    loads: bool
    findings: list[Found]
    changes: list[str]
    notes: list[str]


class DoneItem(Schema):
    """What became of an item: added, replaced, skipped or refused."""

    kind: str
    name: str
    did: str
    said: str


class ImportOut(Schema):
    """An import: its plan while it waits, the outcome once it is carried out."""

    id: int
    name: str
    done_at: datetime | None
    notes: list[str]
    items: list[PlannedItem]
    outcome: list[DoneItem]


class NewImport(Given):
    """Rules files in the order in which Falco loads them."""

    name: Annotated[str, Field(min_length=1, max_length=200)] = "rules.yaml"
    files: Annotated[list[GivenFile], Field(min_length=1, max_length=50)]


class Choices(Given):
    """Item's key → what is to be done. What is not named goes as suggested."""

    choices: Annotated[
        dict[Annotated[str, Field(max_length=1000)], Literal["add", "replace", "skip"]], Field(max_length=2000)
    ] = {}


@router.post("/imports", auth=WRITE, response={201: ImportOut})
def plan_import(request: TeamRequest, data: NewImport) -> dict[str, Any]:
    """Give rules files, and see what they would bring. Nothing is written yet."""
    if sum(len(one.text) for one in data.files) > MOST_TEXT:
        words = f"All files together have at most {MOST_TEXT:,} characters."
        raise Problem(422, words, [at("files", words)])
    files = [(one.name, one.text) for one in data.files]
    return _shown(request, import_services.keep(request.team, request.user, data.name, files))


@router.get("/imports/{pk}", auth=READ, response=ImportOut)
def read_import(request: TeamRequest, pk: Key) -> dict[str, Any]:
    """Read an import."""
    return _shown(request, RulesFile.objects.get(pk=pk, team=request.team))


@router.post("/imports/{pk}/carry-out", auth=WRITE, response=ImportOut)
def carry_out(request: TeamRequest, pk: Key, data: Choices) -> dict[str, Any]:
    """Carry an import out."""
    return _shown(request, import_services.carry_out(pk, request.team, request.user, data.choices))


def _shown(request: TeamRequest, kept: RulesFile) -> dict[str, Any]:
    plan = importing.Plan(())
    if not kept.done_at:
        plan = importing.plan(request.team, [(name, text) for name, text in kept.files])
    items = [
        {
            "key": one.key, "kind": one.kind, "name": one.name, "standing": one.standing, "choices": one.choices,
            "loads": one.loads, "findings": [found(each) for each in one.findings],
            "changes": [each.says for each in one.changes], "notes": one.notes,
        }
        for one in plan.items
    ]  # fmt: skip
    return {
        "id": kept.pk, "name": kept.name, "done_at": kept.done_at, "notes": plan.notes, "items": items,
        "outcome": import_services.outcomes(kept),
    }  # fmt: skip
