"""Macros and lists of the team."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, WRITE
from studio.api.shapes import Asked, Given, Key, Note, Page, Person, Version, page
from studio.definitions import queries, services, uses
from studio.definitions.checking import LONGEST_CONDITION, LONGEST_ITEM, LONGEST_NAME, MOST_ITEMS
from studio.definitions.models import Definition, DefinitionVersion
from studio.definitions.services import Seen
from studio.definitions.values import LIST, MACRO, Term

router = Router()


class DefinitionOut(Schema):
    """A macro (condition) or a list (items)."""

    id: int
    kind: str
    name: str
    description: str
    condition: str
    items: list[str]
    version: int
    updated: datetime
    updated_by: Person


class DefinitionThen(Note):
    """What it said after one write."""

    name: str
    description: str
    condition: str
    items: list[str]


class UseOut(Schema):
    """A rule that uses it. kind: Draft, In review or Approved. frozen: it keeps the text that it was handed in with."""

    kind: str
    name: str
    url: str
    frozen: bool


class DefinitionsAsked(Asked):
    """By words in name, description and text, and by kind."""

    q: Annotated[str, Field(max_length=200)] = ""
    kind: Literal["", "macro", "list"] = ""


class Body(Given):
    """A macro has a condition, a list has items."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    description: Annotated[str, Field(max_length=1000)] = ""
    condition: Annotated[str, Field(max_length=LONGEST_CONDITION)] = ""
    items: Annotated[list[Annotated[str, Field(max_length=LONGEST_ITEM)]], Field(max_length=MOST_ITEMS)] = []

    def term(self, kind: str) -> Term:
        """As a value."""
        name, about = self.name.strip(), " ".join(self.description.split())
        if kind == LIST:
            return Term(LIST, name, items=tuple(self.items), description=about)
        return Term(MACRO, name, self.condition.strip(), description=about)


class NewDefinition(Body):
    """A macro or a list."""

    kind: Literal["macro", "list"]


class DefinitionChange(Body):
    """All that it says from now on, and the version that you have seen."""

    version: Version


@router.get("/definitions", auth=READ, response=Page[DefinitionOut])
def list_definitions(request: TeamRequest, asked: Query[DefinitionsAsked]) -> dict[str, Any]:
    """List the team's macros and lists."""
    rows, words = queries.definitions(request.team), asked.q.lower().split()[:8]
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    found = [one for one in rows if all(word in _said(one) for word in words)] if words else rows
    return page(found, asked)


@router.post("/definitions", auth=WRITE, response={201: DefinitionOut})
def create_definition(request: TeamRequest, data: NewDefinition) -> Definition:
    """Make a macro or a list."""
    return services.create(request.team, request.user, data.term(data.kind), "Created by API")


@router.get("/definitions/{pk}", auth=READ, response=DefinitionOut)
def read_definition(request: TeamRequest, pk: Key) -> Definition:
    """Read a macro or a list."""
    return queries.definition(request.team, pk)


@router.put("/definitions/{pk}", auth=WRITE, response=DefinitionOut)
def change_definition(request: TeamRequest, pk: Key, data: DefinitionChange) -> Definition:
    """Change a macro or a list; its kind stays."""
    term = data.term(queries.definition(request.team, pk).kind)
    return services.change(pk, Seen(request.user, request.team, data.version), term, "Changed by API")


@router.delete("/definitions/{pk}", auth=WRITE, response={204: None})
def delete_definition(request: TeamRequest, pk: Key) -> None:
    """Put a macro or a list away that nothing uses."""
    services.delete(pk, request.team, request.user)


@router.post("/definitions/{pk}/restore", auth=WRITE, response=DefinitionOut)
def restore_definition(request: TeamRequest, pk: Key) -> Definition:
    """Bring a macro or a list back that was put away."""
    return services.bring_back(pk, request.team, request.user)


@router.get("/definitions/{pk}/history", auth=READ, response=list[Note])
def definition_history(request: TeamRequest, pk: Key) -> list[Any]:
    """List every version, the newest first."""
    return list(queries.history(queries.definition(request.team, pk)))


@router.get("/definitions/{pk}/history/{number}", auth=READ, response=DefinitionThen)
def read_definition_version(request: TeamRequest, pk: Key, number: Key) -> DefinitionVersion:
    """Read what a macro or a list said after one write."""
    return queries.history(queries.definition(request.team, pk)).get(number=number)


@router.get("/definitions/{pk}/uses", auth=READ, response=list[UseOut])
def definition_uses(request: TeamRequest, pk: Key) -> list[uses.Use]:
    """List the rules that use a macro or a list, themselves or by what they bring."""
    return uses.of(request.team, [queries.definition(request.team, pk).name])


def _said(one: Definition) -> str:
    return f"{one.name} {one.description} {one.term.says}".lower()
