"""Which techniques the team's rules cover."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpResponse, QueryDict
from ninja import Query, Router, Schema
from pydantic import BaseModel, Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, WRITE
from studio.api.files import FILE
from studio.api.routes.packs import Name
from studio.api.shapes import Given, Number, Version
from studio.coverage import board, migrating, queries, scope, views
from studio.coverage.asked import Asked
from studio.coverage.crosswalk import CHOICES
from studio.packs import coverage_views

router = Router()


CoverageFile = Literal[*views.FILES]  # type: ignore[valid-type]


class CellOut(Schema):
    """A technique. level: approved, in_review, draft, disabled (all of its rules are), possible (there are behaviours
    to begin with) or nothing. rules: those that count; disabled: those that do not, because they are disabled."""

    id: str
    name: str
    tactics: list[str]
    level: str
    rules: list[str]
    disabled: list[str]
    behaviours: int


class CoverageOut(Schema):
    """Coverage in numbers, and technique by technique."""

    techniques: int
    covered: int
    rules: dict[str, int]
    cells: list[CellOut]


class MoveOut(Schema):
    """A draft that ATT&CK 19 changes. choices: what may become of a tag of Defense Evasion; techniques and tags: as
    they would be with the first that fits."""

    draft: int
    version: int
    name: str
    standing: str
    choices: list[str]
    techniques: list[str]
    tags: list[str]


class Move(Given):
    """One draft, its version as you have seen it, and one of its choices."""

    draft: Number
    version: Version
    choice: Literal[*CHOICES]  # type: ignore[valid-type]


class Moves(Given):
    """The drafts to move."""

    moves: Annotated[list[Move], Field(min_length=1, max_length=migrating.SHOWN)]


class MovedOut(Schema):
    """How many drafts were moved, and the names of those that somebody changed meanwhile."""

    moved: int
    stale: list[str]


class CoverageAsked(BaseModel):
    """What of the matrix. against: a group or software, by id, name or alias."""

    q: Annotated[str, Field(max_length=200)] = ""
    tactic: Annotated[str, Field(max_length=60)] = ""
    against: Annotated[str, Field(max_length=200)] = ""
    show: Literal["", "covered", "gaps"] = ""


@router.get("/coverage", auth=READ, response=CoverageOut)
def coverage(request: TeamRequest, asked: Query[CoverageAsked]) -> dict[str, Any]:
    """Say which techniques have a rule, how far each is, and which have none."""
    query = QueryDict(mutable=True)
    query.update(asked.model_dump())
    built = board.build(request.team, queries.rules(request.team), Asked.of(query))
    cells: dict[str, dict[str, Any]] = {}
    for column in built.columns:
        for one in column.meant:
            cell = cells.setdefault(one.attack_id, {
                "id": one.attack_id, "name": one.name, "tactics": [], "level": one.mark.level,
                "rules": [rule.name for rule in one.mark.rules if rule.standing.covers],
                "disabled": [rule.name for rule in one.mark.rules if not rule.standing.covers],
                "behaviours": one.mark.behaviours,
            })  # fmt: skip
            cell["tactics"].append(column.tactic.slug)
    return {
        "techniques": built.total,
        "covered": built.covered,
        "rules": board.totals(built),
        "cells": list(cells.values()),
    }


@router.get("/attack-migration", auth=READ, response=list[MoveOut])
def list_moves(request: TeamRequest) -> list[dict[str, Any]]:
    """List the drafts whose techniques or tags ATT&CK 19 changes, and what they would be."""
    return [
        {"draft": one.draft.pk, "version": one.draft.version, "name": one.content.name, "standing": one.standing,
         "choices": [value for value, _ in one.choices], "techniques": one.after[0], "tags": one.after[1]}
        for one in migrating.proposals(request.team)
    ]  # fmt: skip


@router.post("/attack-migration", auth=WRITE, response=MovedOut)
def carry_moves_out(request: TeamRequest, data: Moves) -> dict[str, Any]:
    """Move drafts to ATT&CK 19; those that were changed meanwhile are left alone and named."""
    chosen = {one.draft: (one.version, one.choice) for one in data.moves}
    count, stale = migrating.carry_out(request.team, request.user, chosen)
    return {"moved": count, "stale": stale}


@router.get("/coverage/{file}", auth=READ, response={200: None}, openapi_extra=FILE)
def coverage_file(request: TeamRequest, file: CoverageFile, asked: Query[CoverageAsked]) -> HttpResponse:
    """Take the matrix as a file: a layer of the ATT&CK Navigator, a table, a picture."""
    return views.file(request, scope.library(request), file)


@router.get("/packs/{name}/coverage/{file}", auth=READ, response={200: None}, openapi_extra=FILE)
def pack_coverage_file(
    request: TeamRequest, name: Name, file: CoverageFile, asked: Query[CoverageAsked]
) -> HttpResponse:
    """Take the matrix of a pack as a file."""
    return coverage_views.download(request, name, file)
