"""Which techniques the team's rules cover."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import QueryDict
from ninja import Query, Router, Schema
from pydantic import BaseModel, Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ
from studio.coverage import board, queries
from studio.coverage.asked import Asked

router = Router()


class CellOut(Schema):
    """A technique. level: approved, in_review, draft, possible (there are behaviours to begin with) or nothing."""

    id: str
    name: str
    tactics: list[str]
    level: str
    rules: list[str]
    behaviours: int


class CoverageOut(Schema):
    """Coverage in numbers, and technique by technique."""

    techniques: int
    covered: int
    rules: dict[str, int]
    cells: list[CellOut]


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
                "rules": [rule.name for rule in one.mark.rules], "behaviours": one.mark.behaviours,
            })  # fmt: skip
            cell["tactics"].append(column.tactic.slug)
    return {
        "techniques": built.total,
        "covered": built.covered,
        "rules": board.totals(built),
        "cells": list(cells.values()),
    }
