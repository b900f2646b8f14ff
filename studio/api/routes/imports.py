"""Import rules files: upload, poll, choose, import, and submit the drafts for review."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, WRITE
from studio.api.problems import Problem, at
from studio.api.routes.checking import GivenFile
from studio.api.shapes import Given, Key
from studio.library import import_items, import_jobs, import_services
from studio.library.importing import MAX_ITEMS, Placing, Where
from studio.library.models import ImportItem, RulesFile
from studio.library.reading_files import MOST_FILES, MOST_TEXT

router = Router()


class ItemFinding(Schema):
    """A finding. place: the part of a rule; start and end: bytes in it, where a part of it is meant."""

    code: str
    severity: str
    message: str
    hint: str
    place: str
    item: str
    start: int | None
    end: int | None


class PlannedItem(Schema):
    """A rule, macro or list of the files. key: its name in `choices`; choices: what can be done, the suggestion first;
    choice: what will be done.

    standing: new, same, differs, kept (in the rule set), known (included in Mews) or taken (Mews has another definition
    of the name). verdict: loads, warnings or rejected, as Falco does with it; loads: whether it is not rejected.
    """

    key: str
    kind: str
    name: str
    standing: str
    choices: list[str]
    choice: str
    verdict: str
    loads: bool
    findings: list[ItemFinding]
    changes: list[str]
    notes: list[str]


class DoneItem(Schema):
    """The outcome for an item: added, replaced, skipped or refused."""

    kind: str
    name: str
    did: str
    said: str


class SubmittedDraft(Schema):
    """A draft that was submitted for review, or the reason why it was not."""

    name: str
    submitted: bool
    message: str


class Reason(Schema):
    """Why Falco cannot read the files; line and column from 1, 0 where no place is known."""

    message: str
    line: int
    column: int


class PlacingOut(Schema):
    """Where macros and lists go."""

    where: str
    title: str
    rule_set: str


class RuleSetChoice(Schema):
    """A rule set of the team that the import can update."""

    rule_set: str
    title: str


class ImportOut(Schema):
    """An import.

    state: reading (the worker reads the files), ready (`items` is the plan), importing, imported (`outcome` is what
    became of each item) or failed (`trouble` says why, `reasons` where). Poll while it is reading or importing.
    submission_state: running or done once the drafts were submitted.
    """

    id: int
    name: str
    state: str
    stage: str
    percent: int
    trouble: str
    reasons: list[Reason]
    placing: PlacingOut
    rule_sets: list[RuleSetChoice]
    version: int
    done_at: datetime | None
    notes: list[str]
    items: list[PlannedItem]
    outcome: list[DoneItem]
    submission_state: str
    submission: list[SubmittedDraft]


class Place(Given):
    """Where macros and lists go: kept in a rule set, added to the team's own, or inlined into each rule.

    title: name of a new rule set; rule_set: short name of the rule set to update.
    """

    where: Literal["rule_set", "team", "inline"] = "rule_set"
    title: Annotated[str, Field(max_length=100)] = ""
    rule_set: Annotated[str, Field(max_length=100)] = ""


class NewImport(Given):
    """Rules files in the order in which Falco loads them."""

    name: Annotated[str, Field(min_length=1, max_length=200)] = "rules.yaml"
    files: Annotated[list[GivenFile], Field(min_length=1, max_length=MOST_FILES)]
    placing: Place = Place()


Choice = Literal["add", "replace", "skip"]


class Choices(Given):
    """Item's key → what is to be done. Items that are not named keep their choice.

    version: of the import that you read; with it, choices of other users since then are not overwritten.
    """

    choices: Annotated[dict[Annotated[str, Field(max_length=1000)], Choice], Field(max_length=MAX_ITEMS)] = {}
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1)] = None


@router.post("/imports", auth=WRITE, response={201: ImportOut})
def plan_import(request: TeamRequest, data: NewImport) -> dict[str, Any]:
    """Upload rules files. The worker reads them; poll the import until its state is ready. Nothing is imported yet."""
    if sum(len(one.text) for one in data.files) > MOST_TEXT:
        words = f"All files together have at most {MOST_TEXT:,} characters."
        raise Problem(422, words, [at("files", words)])
    if data.placing.rule_set:
        words = "Name a rule set to update once the import is ready: rule_sets lists those that can be updated."
        raise Problem(422, words, [at("placing.rule_set", words)])
    files = [(one.name, one.text) for one in data.files]
    return _shown(import_jobs.start(request.team, request.user, data.name, files, _placing(data.placing)))


@router.get("/imports/{pk}", auth=READ, response=ImportOut)
def read_import(request: TeamRequest, pk: Key) -> dict[str, Any]:
    """Read an import: its progress, its plan, or its outcome."""
    return _shown(import_jobs.refresh(import_jobs.imports(request.team).get(pk=pk)))


@router.post("/imports/{pk}/placing", auth=WRITE, response=ImportOut)
def place_import(request: TeamRequest, pk: Key, data: Place) -> dict[str, Any]:
    """Change where macros and lists go. The worker makes the plan again; choices that are still possible stay."""
    file = import_jobs.imports(request.team).get(pk=pk)
    if data.rule_set and data.rule_set not in {slug for slug, _ in file.plan.get("rule_sets", ())}:
        words = f"The team has no rule set {data.rule_set} that this import can update."
        raise Problem(422, words, [at("rule_set", words)])
    return _shown(import_jobs.place(pk, request.team, request.user, _placing(data)))


@router.post("/imports/{pk}/choices", auth=WRITE, response=ImportOut)
def choose_import(request: TeamRequest, pk: Key, data: Choices) -> dict[str, Any]:
    """Change what is done with items, and import nothing yet."""
    change = import_items.Change(dict(data.choices))
    return _shown(import_jobs.choose(pk, request.team, request.user, change, data.version))


@router.post("/imports/{pk}/carry-out", auth=WRITE, response={202: ImportOut})
def carry_out(request: TeamRequest, pk: Key, data: Choices) -> dict[str, Any]:
    """Import as chosen: all or nothing, by the worker. Poll the import until its state is imported."""
    version = data.version
    if data.choices:
        change = import_items.Change(dict(data.choices))
        version = import_jobs.choose(pk, request.team, request.user, change, version).version
    return _shown(import_jobs.ask(pk, request.team, request.user, version))


@router.post("/imports/{pk}/retry", auth=WRITE, response={202: ImportOut})
def retry_import(request: TeamRequest, pk: Key) -> dict[str, Any]:
    """Read the files again after a failure."""
    return _shown(import_jobs.retry(pk, request.team, request.user))


@router.post("/imports/{pk}/submit", auth=WRITE, response={202: ImportOut})
def submit_import(request: TeamRequest, pk: Key) -> dict[str, Any]:
    """Submit all drafts of an import for review. `submission` says of each draft whether it was submitted."""
    return _shown(import_jobs.submit(pk, request.team, request.user))


def _placing(data: Place) -> Placing:
    own = Where(data.where) is Where.RULE_SET
    return Placing(data.where, data.title if own and not data.rule_set else "", data.rule_set if own else "")


def _shown(file: RulesFile) -> dict[str, Any]:
    ready = file.state == RulesFile.State.READY
    items = [
        {
            "key": one.key, "kind": one.kind, "name": one.name, "standing": one.standing, "choices": one.choices,
            "choice": one.choice, "verdict": one.verdict, "loads": one.verdict != ImportItem.Verdict.REJECTED,
            "findings": one.findings, "changes": one.changes, "notes": one.notes,
        }
        for one in (file.items.defer("text") if ready else ())
    ]  # fmt: skip
    submission = [
        {"name": name, "submitted": submitted, "message": message}
        for name, _, submitted, message in file.submission
        if name
    ]
    return {
        "id": file.pk, "name": file.name, "state": file.state, **file.progress, "trouble": file.trouble,
        "reasons": [{"message": message, "line": line, "column": column} for message, line, column in file.reasons],
        "placing": file.placing or asdict(Placing()), "version": file.version, "done_at": file.done_at,
        "rule_sets": [{"rule_set": slug, "title": title} for slug, title in file.plan.get("rule_sets", ())],
        "notes": file.plan.get("notes", []) if ready else [], "items": items,
        "outcome": import_services.outcomes(file),
        "submission_state": file.submission_state, "submission": submission,
    }  # fmt: skip
