"""Imported rule sets: their macros and lists, and the files they came from."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Path, Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, WRITE
from studio.api.shapes import Given, Note, Person, Version
from studio.definitions import queries, rule_sets, uses
from studio.definitions.checking import LONGEST_CONDITION, LONGEST_ITEM
from studio.definitions.models import RuleSet
from studio.definitions.rule_sets import MAX_TITLE, RuleSetRefusedError
from studio.definitions.values import LIST, Term

router = Router()
#: The short name of a rule set, and the name of a macro or list, in an address.
Slug = Annotated[str, Path(max_length=60, pattern="^[a-z0-9-]+$")]
TermName = Annotated[str, Path(max_length=1000)]
#: Values of a list of a rule set.
MAX_VALUES = 100_000


class RuleSetOut(Schema):
    """A rule set. slug: how its drafts and revisions name it."""

    slug: str
    title: str
    version: int
    updated: datetime
    updated_by: Person


class TermOut(Schema):
    """A macro (condition) or a list (items) of a rule set."""

    kind: str
    name: str
    condition: str
    items: list[str]


class RuleSetRead(RuleSetOut):
    """A rule set with its macros and lists, and the names of its drafts' rules."""

    terms: list[TermOut]
    rules: list[str]


class RuleSetFile(Schema):
    """A file of a rule set as it was imported."""

    name: str
    text: str


class Title(Given):
    """The title of a rule set."""

    title: Annotated[str, Field(min_length=1, max_length=MAX_TITLE)]


class TermChange(Given):
    """What a macro (condition) or a list (items) says from now on, and the version of the rule set that you saw."""

    version: Version
    condition: Annotated[str, Field(max_length=LONGEST_CONDITION)] = ""
    items: Annotated[list[Annotated[str, Field(max_length=LONGEST_ITEM)]], Field(max_length=MAX_VALUES)] = []


@router.get("/rule-sets", auth=READ, response=list[RuleSetOut])
def list_rule_sets(request: TeamRequest) -> list[RuleSet]:
    """List the team's imported rule sets."""
    return list(queries.rule_sets(request.team))


@router.get("/rule-sets/{slug}", auth=READ, response=RuleSetRead)
def read_rule_set(request: TeamRequest, slug: Slug) -> dict[str, Any]:
    """Read a rule set with its macros and lists."""
    return _read(request, queries.rule_set(request.team, slug))


@router.put("/rule-sets/{slug}", auth=WRITE, response=RuleSetRead)
def rename_rule_set(request: TeamRequest, slug: Slug, data: Title) -> dict[str, Any]:
    """Rename a rule set; its slug stays."""
    return _read(request, rule_sets.rename(request.team, request.user, slug, data.title))


@router.delete("/rule-sets/{slug}", auth=WRITE, response={204: None})
def delete_rule_set(request: TeamRequest, slug: Slug) -> None:
    """Delete a rule set that no draft belongs to."""
    rule_sets.delete(request.team, request.user, slug)


@router.get("/rule-sets/{slug}/files", auth=READ, response=list[RuleSetFile])
def rule_set_files(request: TeamRequest, slug: Slug) -> list[dict[str, str]]:
    """Read the files of a rule set as they were imported."""
    files = queries.rule_set_files(queries.rule_set(request.team, slug))
    return [{"name": name, "text": text} for name, text in files]


@router.get("/rule-sets/{slug}/history", auth=READ, response=list[Note])
def rule_set_history(request: TeamRequest, slug: Slug) -> list[Any]:
    """List every version of a rule set, the newest first."""
    found = queries.rule_set(request.team, slug)
    return list(found.versions.select_related("by").defer("files", "terms", "words"))


@router.put("/rule-sets/{slug}/terms/{name}", auth=WRITE, response=RuleSetRead)
def change_rule_set_term(request: TeamRequest, slug: Slug, name: TermName, data: TermChange) -> dict[str, Any]:
    """Change a macro or a list of a rule set. Its drafts follow at once, submitted revisions do not."""
    queries.rule_set(request.team, slug)
    known = queries.own(request.team.pk).rule_sets[slug].terms.get(name)
    if known is None:
        raise RuleSetRefusedError(f"The rule set has no macro or list {name}.")
    items = tuple(data.items) if known.kind == LIST else ()
    term = Term(known.kind, name, data.condition.strip() if known.kind != LIST else "", items, known.description)
    return _read(request, rule_sets.change_term(request.team, request.user, slug, data.version, term))


def _read(request: TeamRequest, rule_set: RuleSet) -> dict[str, Any]:
    about = {name: getattr(rule_set, name) for name in ("slug", "title", "version", "updated", "updated_by")}
    terms = queries.own(request.team.pk).rule_sets[rule_set.slug].terms.values()
    rules = [use.name for use in uses.of_rule_set(request.team, rule_set.slug)]
    shown = [{"kind": one.kind, "name": one.name, "condition": one.condition, "items": one.items} for one in terms]
    return {**about, "terms": shown, "rules": rules}
