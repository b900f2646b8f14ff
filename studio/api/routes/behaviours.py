"""What attackers do: the built-in behaviours and the team's own."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import QueryDict
from ninja import Path, Query, Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ
from studio.api.problems import not_found
from studio.api.shapes import Asked, Given, Page, page
from studio.authoring.forms.behaviours import usable
from studio.behaviours import describe
from studio.behaviours.filters import Filters
from studio.behaviours.own import queries as own
from studio.behaviours.records import Behaviour
from studio.behaviours.shell import LONGEST_TEXT

router = Router()


class BehaviourRow(Schema):
    """A behaviour in a list. owner: the team that wrote it, empty for what is built in."""

    id: str
    title: str
    techniques: list[str]
    kernel: str
    noise: str
    priority: str
    owner: str


class ParameterOut(Schema):
    """What a person may adjust in the clause. default: a text, a number, or a list of them."""

    name: str
    kind: str
    label: str
    default: str | int | list[str] | list[int]


class EventOut(Schema):
    """A sample event."""

    name: str
    fields: dict[str, Any]


class BehaviourOut(BehaviourRow):
    """A behaviour: the clause that catches it, and the events that prove it."""

    does: str
    why: str
    clause: str
    parameters: list[ParameterOut]
    output_fields: list[str]
    attack_events: list[EventOut]
    benign_events: list[EventOut]
    emulation: str


class Description(Given):
    """What somebody did, or what Falco told."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


class ClauseOut(Schema):
    """A clause with an event that it matches. line: of the text. behaviour: of the library, or empty."""

    clause: str
    title: str
    why: str
    event: EventOut
    line: int
    behaviour: str


class Described(Schema):
    """Clauses in the text's order, and what could not be read."""

    proposals: list[ClauseOut]
    unread: list[str]


class BehavioursAsked(Asked):
    """By words, technique (an ATT&CK id), tactic (its short name) and noise."""

    q: Annotated[str, Field(max_length=200)] = ""
    technique: Annotated[str, Field(max_length=20)] = ""
    tactic: Annotated[str, Field(max_length=60)] = ""
    noise: Literal["", "low", "medium", "high"] = ""


@router.get("/behaviours", auth=READ, response=Page[BehaviourRow])
def list_behaviours(request: TeamRequest, asked: Query[BehavioursAsked]) -> dict[str, Any]:
    """List behaviours, the team's own first."""
    query = QueryDict(mutable=True)
    query.update(asked.words())
    filters = Filters.of(query)
    return page([*filters.chosen(own.usable(request.team, request.user)), *filters.found()], asked)


@router.post("/behaviours/describe", auth=READ, response=Described)
def describe_behaviour(request: TeamRequest, data: Description) -> dict[str, Any]:
    """Propose clauses for what is pasted: command lines, a script, alerts of Falco."""
    found = describe.read(data.text)
    return {"proposals": found.proposals, "unread": found.unread}


@router.get("/behaviours/{behaviour}", auth=READ, response=BehaviourOut)
def read_behaviour(
    request: TeamRequest, behaviour: Annotated[str, Path(min_length=1, max_length=120)]
) -> dict[str, Any]:
    """Read a behaviour."""
    found: Behaviour | None = usable(behaviour, (request.team, request.user))
    if found is None:
        raise not_found("There is no such behaviour.")
    members = set(BehaviourOut.model_fields) - {"clause"}
    return {**{name: getattr(found, name) for name in members}, "clause": found.clause()}
