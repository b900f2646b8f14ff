"""What a draft says, as programs read and change it: the content of studio.authoring, part by part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from studio.accounts.models import Team, User
from studio.api.problems import Problem, at
from studio.api.refusals import placed
from studio.api.shapes import Given
from studio.authoring import edits
from studio.authoring.content import MOST_CAPTURE, SUGGESTED, TEXTS, RuleContent, from_json, to_json
from studio.authoring.edits import Edit
from studio.authoring.forms.behaviours import usable as usable_behaviour
from studio.authoring.forms.condition import LONGEST as LONGEST_CONDITION
from studio.authoring.forms.details import LONGEST_DESC, LONGEST_TAG, MOST_TAGS
from studio.authoring.forms.exceptions import LONGEST_CELL
from studio.authoring.forms.output import LONGEST as LONGEST_OUTPUT
from studio.authoring.forms.technique import usable as usable_technique
from studio.authoring.tables import MOST_ROWS, MOST_TABLES

Short = Annotated[str, Field(max_length=120)]
Line = Annotated[str, Field(max_length=200)]
Priority = Literal[
    "EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFORMATIONAL", "DEBUG",
]  # fmt: skip


class GivenTable(Given):
    """An exception: columns (a field with its comparison), and rows of as many cells."""

    name: Short
    fields: Annotated[list[Short], Field(max_length=20)]
    comps: Annotated[list[Short], Field(max_length=20)]
    rows: Annotated[list[Annotated[list[Annotated[str, Field(max_length=LONGEST_CELL)]], Field(max_length=20)]],
                    Field(max_length=MOST_ROWS)] = []  # fmt: skip
    owner: Short = ""
    reason: Annotated[str, Field(max_length=500)] = ""
    expires: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="The last day, or empty.")] = ""


class GivenBehaviour(Given):
    """A behaviour of the library or of the team, with the parameters that are not as they come."""

    id: Short
    parameters: Annotated[dict[Short, Annotated[str, Field(max_length=4000)]], Field(max_length=50)] = {}


class Change(Given):
    """The parts that are to change; the others stay. An emptied name, desc, output or tags takes suggestions again.

    behaviours: all that are chosen; the clause of a new one joins the condition, that of one left out leaves it.
    """

    techniques: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=30)] = []
    behaviours: Annotated[list[GivenBehaviour], Field(max_length=100)] = []
    condition: Annotated[str, Field(max_length=LONGEST_CONDITION)] = ""
    exceptions: Annotated[list[GivenTable], Field(max_length=MOST_TABLES)] = []
    output: Annotated[str, Field(max_length=LONGEST_OUTPUT)] = ""
    name: Line = ""
    desc: Annotated[str, Field(max_length=LONGEST_DESC)] = ""
    priority: Priority = "WARNING"
    enabled: bool = True
    tags: Annotated[list[Annotated[str, Field(pattern=r"^[^\s,\[\]]+$", max_length=LONGEST_TAG)]],
                    Field(max_length=MOST_TAGS)] = []  # fmt: skip
    warn_evttypes: bool = True
    skip_if_unknown_filter: bool = False
    capture: bool = False
    capture_duration: Annotated[int, Field(ge=0, le=MOST_CAPTURE)] = 0


class Table(Schema):
    """An exception."""

    name: str
    fields: list[str]
    comps: list[str]
    rows: list[list[str]]
    owner: str = ""
    reason: str = ""
    expires: str = ""


class Chosen(Schema):
    """A chosen behaviour, and the clause that it put into the condition."""

    id: str
    parameters: dict[str, str]
    clause: str


class WaiverOut(Schema):
    """A lint that is switched off for this rule: why, who said so, on which day."""

    code: str
    reason: str
    by: str = ""
    on: str = ""


class Content(Schema):
    """What a rule says. primary: the technique that it is mainly about. source: the kind of events. rule_set: the short
    name of the imported rule set that the rule belongs to, "" for a rule of the team's own."""

    techniques: list[str]
    primary: str
    behaviours: list[Chosen]
    condition: str
    exceptions: list[Table]
    output: str
    name: str
    desc: str
    priority: str
    enabled: bool
    tags: list[str]
    source: str
    warn_evttypes: bool = True
    skip_if_unknown_filter: bool = False
    capture: bool = False
    capture_duration: int = 0
    rule_set: str = ""
    waivers: list[WaiverOut] = []


def shown(content: RuleContent) -> dict[str, Any]:
    """As `Content` takes it."""
    return to_json(content)


def edit_of(change: Change, team: Team, by: User) -> Edit:
    """The change as one step in the draft's history. Raises Problem for techniques and behaviours that nobody has."""
    whole = change.model_dump()
    given = {part: whole[part] for part in change.model_fields_set}
    if not given:
        raise Problem(422, "Name at least one part to change.", [at("content", "It is empty.")])
    if "techniques" in given:
        with placed("content.techniques"):
            given["techniques"] = list(dict.fromkeys(usable_technique(one) for one in given["techniques"]))
    for number, table in enumerate(given.get("exceptions", ())):
        _refuse_ragged(number, table)
    wanted = {one["id"]: one["parameters"] for one in given.pop("behaviours", ())}
    chosen = {one: _choice(one, values, team, by) for one, values in wanted.items()}
    choosing = "behaviours" in change.model_fields_set

    def apply(content: RuleContent) -> RuleContent:
        _refuse_unusable(content, chosen, team, by)
        for one in (*(_dropped(content, wanted) if choosing else ()), *chosen.values()):
            content = one.apply(content)
        return _written(content, given)

    return Edit(f"Change {', '.join(sorted(change.model_fields_set))} by API"[:120], apply)


def _written(content: RuleContent, given: dict[str, Any]) -> RuleContent:
    texts = {part: edits.as_typed(content, part, given[part]) for part in TEXTS if part in given}
    after = from_json(to_json(content) | given | texts)
    exact = {(one.fields, one.comps, one.rows): one.exact for one in content.exceptions}
    tables = (replace(one, exact=exact.get((one.fields, one.comps, one.rows))) for one in after.exceptions)
    after = replace(after, exceptions=tuple(tables))
    if after.primary not in after.techniques:
        after = replace(after, primary=next(iter(after.techniques), ""))
    for part in SUGGESTED:
        if part in given:
            after = edits.touch(after, part, given[part])
    return after


def _dropped(content: RuleContent, wanted: dict[str, Any]) -> list[Edit]:
    return [edits.drop_behaviour(one.id, one.id) for one in content.behaviours if one.id not in wanted]


def _choice(behaviour_id: str, parameters: dict[str, str], team: Team, by: User) -> Edit:
    found = usable_behaviour(behaviour_id, (team, by), chosen=True)
    if found is None:
        raise Problem(422, f"There is no behaviour {behaviour_id}.", [at("content.behaviours", behaviour_id)])
    return edits.choose_behaviour(found.id, found.title, parameters, found.clause(parameters))


def _refuse_unusable(content: RuleContent, wanted: Iterable[str], team: Team, by: User) -> None:
    """A behaviour that is new in the rule is approved, or this person edits it: as in the wizard."""
    had = {one.id for one in content.behaviours}
    for one in wanted:
        if one not in had and usable_behaviour(one, (team, by)) is None:
            raise Problem(
                422,
                f"You can't use the behaviour {one}: it is not approved, and you don't edit it.",
                [at("content.behaviours", one)],
            )


def _refuse_ragged(number: int, table: dict[str, Any]) -> None:
    columns = len(table["fields"])
    if len(table["comps"]) != columns or any(len(row) != columns for row in table["rows"]):
        message = "Fields, comparisons and every row have as many members as there are columns."
        raise Problem(422, message, [at(f"content.exceptions.{number}", message)])
