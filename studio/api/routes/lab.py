"""Runs of rules over files of events and over captures, which the worker carries out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import BaseModel, Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, WRITE
from studio.api.problems import Problem, at
from studio.api.refusals import checked
from studio.api.shapes import Asked, Given, Page, Person, page
from studio.lab import rule_text, runs
from studio.lab.bringing import known
from studio.lab.forms import LARGEST_CAPTURE, LARGEST_EVENTS, CaptureForm, UploadForm
from studio.lab.known_rules import known_rules
from studio.lab.models import LabRun
from studio.verdicts import falco

router = Router()

#: Kind of file → its form, and the largest of its kind.
FORMS: dict[str, type[UploadForm]] = {"events": UploadForm, "capture": CaptureForm}
LARGEST = max(LARGEST_EVENTS, LARGEST_CAPTURE)


class RunRow(Schema):
    """A run in a list. state: waiting, running, done, cancelled or failed. events: tried; fired: with an alert."""

    id: UUID
    kind: str
    name: str
    size: int
    state: str
    percent: int
    events: int
    fired: int
    asked_by: Person
    asked_at: datetime


class RunOut(RunRow):
    """A run. result: what came of each rule, with examples, as the page shows it; empty until the run is over."""

    rules: list[str]
    trouble: str
    result: dict[str, Any]

    @staticmethod
    def resolve_rules(run: LabRun) -> list[str]:
        return run.rule_names


class TriableRule(Schema):
    """A rule that can be tried. kind: Approved or Draft."""

    key: str
    name: str
    kind: str


class RunAsked(BaseModel):
    """What to try on the file."""

    kind: Annotated[Literal["", "events", "capture"], Field(description="Events where it is empty.")] = ""
    rule: Annotated[str, Field(max_length=200, description="The key of a rule, or all for the approved ones.")] = ""
    text: Annotated[str, Field(max_length=rule_text.LONGEST, description="Or a condition, or rules as YAML.")] = ""


class Kept(Given):
    """Examples by their places: the rule's number and the example's in `result`, from 0, as "0-3"."""

    examples: Annotated[list[Annotated[str, Field(pattern=r"^\d{1,4}-\d{1,4}$")]], Field(min_length=1, max_length=200)]
    expectation: Literal["match", "no_match"]


class HowManyKept(Schema):
    """How many examples are kept with the rule now."""

    kept: int


@router.get("/lab/rules", auth=READ, response=list[TriableRule])
def list_lab_rules(request: TeamRequest) -> list[Any]:
    """List the rules that runs can try."""
    return list(known_rules(request.team))


@router.get("/lab/runs", auth=READ, response=Page[RunRow])
def list_lab_runs(request: TeamRequest, asked: Query[Asked]) -> dict[str, Any]:
    """List the team's runs, the newest first."""
    return page(runs.runs(request.team).defer("result", "rules"), asked)


@router.post("/lab/runs", auth=WRITE, response={201: RunOut})
def start_lab_run(request: TeamRequest, data: Form[RunAsked], upload: File[UploadedFile]) -> LabRun:
    """Send a file of events (JSON Lines) or a capture, and have rules tried on it. Sent as multipart/form-data."""
    if data.kind == "capture" and falco.binary() is None:
        raise Problem(409, "This server has no Falco, so nobody can read a capture.")
    given = {"rule": data.rule, "text": data.text}
    kind = data.kind or LabRun.Kind.EVENTS
    form = FORMS[kind](given, {"upload": upload}, known=known_rules(request.team))
    checked(form)
    return runs.start(request.team, request.user, kind, form.cleaned_data["upload"], known(request.team, form.rules))


@router.get("/lab/runs/{pk}", auth=READ, response=RunOut)
def read_lab_run(request: TeamRequest, pk: UUID) -> LabRun:
    """Read a run: how far it is, then what came of it."""
    return _run(request, pk)


@router.post("/lab/runs/{pk}/cancel", auth=WRITE, response=RunOut)
def cancel_lab_run(request: TeamRequest, pk: UUID) -> LabRun:
    """Stop a run."""
    if not runs.cancel(_run(request, pk), request.user):
        raise Problem(409, "The run is over already.")
    return _run(request, pk)


@router.post("/lab/runs/{pk}/again", auth=WRITE, response={201: RunOut})
def repeat_lab_run(request: TeamRequest, pk: UUID) -> LabRun:
    """Try the same file with the rules as they are now."""
    found = _run(request, pk)
    if not found.has_file:
        raise Problem(409, "The file is no longer kept. Send it again.")
    return runs.again(found, request.user, known_rules(request.team))


@router.post("/lab/runs/{pk}/keep", auth=WRITE, response=HowManyKept)
def keep_lab_examples(request: TeamRequest, pk: UUID, data: Kept) -> dict[str, int]:
    """Keep examples of a run as sample events with its rule."""
    found = _run(request, pk)
    if found.samples is None:
        raise Problem(409, "This run is about no single rule of the team, so there is nothing to keep them with.")
    wrong = [at("examples", f"There is no example {one}.") for one in data.examples if not runs.example(found, one)]
    if wrong:
        raise Problem(422, "Not all of these examples exist; none was kept.", wrong)
    return {"kept": runs.keep(found, request.user, data.examples, data.expectation)}


def _run(request: TeamRequest, pk: UUID) -> LabRun:
    return runs.runs(request.team).select_related("team", "samples__team").get(pk=pk)
