"""The only door through which macros and lists are written: who may, in one transaction, against the version seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from rules_export.findings import Finding, Severity
from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.definitions import queries, uses
from studio.definitions.checking import check, errors
from studio.definitions.models import Definition, DefinitionVersion
from studio.definitions.values import LIST, Own, Term

#: Macros and lists of one team.
MOST = 2000


class RefusedError(Exception):
    """It cannot be saved like this; `findings` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(" ".join(one.message for one in findings))
        self.findings = list(findings)


class StaleDefinitionError(Exception):
    """Somebody wrote in between; `theirs` is what it says now."""

    def __init__(self, theirs: Definition) -> None:
        super().__init__("Somebody changed it in the meantime.")
        self.theirs = theirs


class InUseError(Exception):
    """It cannot go while these use it."""

    def __init__(self, names: Sequence[str]) -> None:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        super().__init__(f"It is used by {', '.join(names[:3])}{more}. Take it out there first.")
        self.names = list(names)


@dataclass(frozen=True, slots=True)
class Seen:
    """Who writes, for which team, and the version that they had before them."""

    by: User
    team: Team
    version: int


@transaction.atomic
def create(team: Team, by: User, term: Term, label: str = "Created") -> Definition:
    """A new macro or list. Raises RefusedError where it cannot be one, RoleNeeded."""
    require(by, team, "author")
    own = _locked(team)
    if len(own.terms) >= MOST:
        raise RefusedError([_refusal(f"A team has at most {MOST:,} macros and lists.", term)])
    _refuse(check(term, own))
    found = Definition(team=team, kind=term.kind)
    _take(found, term, by)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise RefusedError([_refusal("Somebody took this name just now. Choose another.", term)]) from None
    _remember(found, by, label)
    record(by, team, "definition.created", found, kind=term.kind, name=term.name)
    return found


@transaction.atomic
def change(pk: int, seen: Seen, term: Term, label: str = "Changed") -> Definition:
    """Save what it says now; the kind stays. Raises StaleDefinitionError, RefusedError, InUseError (name in use)."""
    require(seen.by, seen.team, "author")
    own = _locked(seen.team)
    found = queries.definition(seen.team, pk)
    if found.version != seen.version:
        raise StaleDefinitionError(found)
    before = found.term
    if term == before:
        return found
    if term.name != before.name:
        _refuse_use(seen.team, before.name, own)
    _refuse(check(term, own, before.name))
    _take(found, term, seen.by)
    found.version += 1
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise RefusedError([_refusal("Somebody took this name just now. Choose another.", term)]) from None
    _remember(found, seen.by, label)
    parts = [
        part for part in ("name", "condition", "items", "description") if getattr(term, part) != getattr(before, part)
    ]
    record(
        seen.by, seen.team, "definition.changed", found, name=term.name, version=found.version, parts=parts, how=label
    )
    return found


@transaction.atomic
def delete(pk: int, team: Team, by: User) -> Definition:
    """Put it away; `bring_back` brings it back. Raises InUseError while a rule or another definition uses it."""
    require(by, team, "author")
    own = _locked(team)
    found = queries.definition(team, pk)
    _refuse_use(team, found.name, own)
    found.deleted_at = found.updated = timezone.now()
    found.updated_by = by
    found.version += 1
    found.save()
    _remember(found, by, "Deleted")
    record(by, team, "definition.deleted", found, name=found.name)
    return found


@transaction.atomic
def bring_back(pk: int, team: Team, by: User) -> Definition:
    """Undo a delete. Raises RefusedError where its name was taken or its text no longer holds."""
    require(by, team, "author")
    own = _locked(team)
    found = Definition.objects.get(pk=pk, team=team, deleted_at__isnull=False)
    _refuse(check(found.term, own))
    found.deleted_at = None
    found.updated, found.updated_by = timezone.now(), by
    found.version += 1
    found.save()
    _remember(found, by, "Brought back")
    record(by, team, "definition.brought_back", found, name=found.name)
    return found


def _locked(team: Team) -> Own:
    """The team's definitions, which nobody else writes until the transaction ends: two edits could make a circle."""
    list(Definition.objects.select_for_update().filter(team=team, deleted_at=None).values_list("pk", flat=True))
    return queries.own(team.pk)


def _take(found: Definition, term: Term, by: User) -> None:
    found.name, found.description = term.name, term.description
    found.condition, found.items = term.condition, list(term.items)
    found.updated, found.updated_by = timezone.now(), by


def _remember(found: Definition, by: User, label: str) -> None:
    DefinitionVersion.objects.create(
        team_id=found.team_id, definition=found, number=found.version, label=label[:120], by=by, at=found.updated,
        name=found.name, condition=found.condition, items=found.items, description=found.description,
    )  # fmt: skip


def _refuse(findings: list[Finding]) -> None:
    if wrong := errors(findings):
        raise RefusedError(wrong)


def _refuse_use(team: Team, name: str, own: Own) -> None:
    others = [
        f"the {own.terms[one].kind} {one}" for one in sorted(own.dependents(name)) if name in own.needs(own.terms[one])
    ]
    rules = [f"the rule {one.name}" for one in uses.of(team, {name})]
    if others or rules:
        raise InUseError([*others, *rules])


def _refusal(message: str, term: Term) -> Finding:
    return Finding("MEWS_REFUSED", Severity.ERROR, message, "items" if term.kind == LIST else "condition", term.name)
