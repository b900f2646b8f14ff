"""Imported rule sets: the only place where they are written, and what of a rules file belongs to one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from rules_export.catalog.macros import words
from rules_export.definitions.closure import texts_of
from rules_export.findings import Finding, Severity
from rules_export.ruleset.model import Rule
from rules_export.ruleset.model import RuleSet as LoadedRules
from rules_export.verdict.editing import check_rule
from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.definitions import queries, uses
from studio.definitions.models import RuleSet, RuleSetVersion
from studio.definitions.services import InUseError
from studio.definitions.values import LIST, MACRO, Own, RuleSetTerms, Term, items_of, to_json
from studio.lab.compiled import ruleset

#: Rule sets of one team.
MAX_RULE_SETS = 200
MAX_TITLE = 200


class RuleSetRefusedError(Exception):
    """The rule set cannot be saved; the message says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a rule set is made from. files: (name, text) in the order of loading; label: what the history says."""

    terms: RuleSetTerms
    files: Sequence[tuple[str, str]] = ()
    label: str = "Imported"


def terms_of(rules: LoadedRules) -> RuleSetTerms:
    """The macros and lists of loaded rules files, and the words that are values in them.

    A macro that has the name of a list is left out: Falco puts the list in its place wherever it is called.
    """
    lists = {one.name: Term(LIST, one.name, items=one.items) for one in rules.lists}
    macros = {one.name: Term(MACRO, one.name, one.condition) for one in rules.macros if one.name not in lists}
    texts = [text for rule in rules.rules for text in texts_of(rule)]
    texts += [one.condition for one in rules.macros] + [item for one in rules.lists for item in one.items]
    found = frozenset(word for text in texts for word in words(text))
    return RuleSetTerms({**lists, **macros}, found - lists.keys())


@transaction.atomic
def create(team: Team, by: User, title: str, source: Source) -> RuleSet:
    """A new rule set. Raises RuleSetRefusedError, RoleNeeded."""
    require(by, team, "author")
    _lock(team)
    if queries.rule_sets(team).count() >= MAX_RULE_SETS:
        raise RuleSetRefusedError(f"A team has at most {MAX_RULE_SETS} rule sets. Delete one that is no longer used.")
    title = " ".join(title.split())[:MAX_TITLE] or "Imported rules"
    rule_set = RuleSet.objects.create(
        team=team, slug=_free_slug(team, title), title=title, updated=timezone.now(), updated_by=by
    )
    _add_version(rule_set, by, source)
    record(by, team, "rule_set.created", rule_set, slug=rule_set.slug, definitions=len(source.terms.terms))
    return rule_set


@transaction.atomic
def update(team: Team, by: User, slug: str, source: Source) -> RuleSet:
    """Put these macros and lists in the place of those that the rule set has. Drafts of the rule set follow at once;
    submitted revisions keep theirs. Raises RuleSet.DoesNotExist, RuleSetRefusedError, RoleNeeded."""
    require(by, team, "author")
    _lock(team)
    rule_set = queries.rule_set(team, slug)
    before = queries.own(team.pk).rule_sets[slug]
    gone = before.terms.keys() - source.terms.terms.keys()
    if still_used := sorted(gone & _named_by_drafts(team, slug)):
        raise RuleSetRefusedError(
            f"Drafts of this rule set still use {', '.join(still_used[:5])}, which the new files no longer define. "
            "Change or delete those drafts first, or import the files as a new rule set."
        )
    rule_set.version += 1
    rule_set.updated, rule_set.updated_by = timezone.now(), by
    rule_set.save(update_fields=["version", "updated", "updated_by"])
    _add_version(rule_set, by, source)
    details = {"slug": slug, "version": rule_set.version, "definitions": len(source.terms.terms)}
    record(by, team, "rule_set.updated", rule_set, **details)
    return rule_set


@transaction.atomic
def change_term(team: Team, by: User, slug: str, version: int, term: Term) -> RuleSet:
    """Change what one macro or list of the rule set says. Raises RuleSet.DoesNotExist, RuleSetRefusedError (also where
    somebody changed the rule set since `version`), RoleNeeded."""
    require(by, team, "author")
    _lock(team)
    rule_set = queries.rule_set(team, slug)
    if rule_set.version != version:
        raise RuleSetRefusedError("Somebody else changed this rule set. Reload the page, then make your change again.")
    own = queries.own(team.pk)
    before = own.rule_sets[slug]
    known = before.terms.get(term.name)
    if known is None or known.kind != term.kind:
        raise RuleSetRefusedError(f"The rule set has no {term.kind} {term.name}.")
    if errors := problems(own, slug, term):
        raise RuleSetRefusedError(" ".join(finding.message for finding in errors))
    if known != term:
        rule_set.version += 1
        rule_set.updated, rule_set.updated_by = timezone.now(), by
        rule_set.save(update_fields=["version", "updated", "updated_by"])
        terms = RuleSetTerms({**before.terms, term.name: term}, before.words)
        _add_version(rule_set, by, Source(terms, label=f"Changed {term.name}"))
        record(by, team, "rule_set.changed", rule_set, slug=slug, version=rule_set.version, name=term.name)
    return rule_set


def problems(own: Own, slug: str, term: Term) -> list[Finding]:
    """What Falco says against a macro or list of the rule set, once it says this: errors alone."""
    if term.kind == MACRO and not term.condition.strip():
        return [Finding("MEWS_CONDITION_MISSING", Severity.ERROR, "Enter a condition.", "condition", term.name)]
    terms = RuleSetTerms({**own.rule_sets[slug].terms, term.name: term}, own.rule_sets[slug].words)
    scope = Own(own.terms, {**own.rule_sets, slug: terms}).within(slug)
    condition = term.condition if term.kind == MACRO else f"evt.type = execve and proc.name in ({term.name})"
    brings = items_of(scope.closure([condition]))
    rule = Rule(term.name, condition, "output", "description", "NOTICE", brings=brings)
    findings = check_rule(rule, ruleset(brings))
    return [one for one in findings if one.severity is Severity.ERROR and one.place == "condition"]


@transaction.atomic
def rename(team: Team, by: User, slug: str, title: str) -> RuleSet:
    """Give the rule set another title. Raises RuleSet.DoesNotExist, RuleSetRefusedError, RoleNeeded."""
    require(by, team, "author")
    _lock(team)
    rule_set = queries.rule_set(team, slug)
    title = " ".join(title.split())
    if not title or len(title) > MAX_TITLE:
        raise RuleSetRefusedError(f"A title has 1 to {MAX_TITLE} characters.")
    if title != rule_set.title:
        before, rule_set.title = rule_set.title, title
        rule_set.save(update_fields=["title"])
        record(by, team, "rule_set.renamed", rule_set, before=before, after=title)
    return rule_set


@transaction.atomic
def delete(team: Team, by: User, slug: str) -> RuleSet:
    """Delete the rule set. Raises InUseError while drafts belong to it, RuleSet.DoesNotExist, RoleNeeded."""
    require(by, team, "author")
    _lock(team)
    rule_set = queries.rule_set(team, slug)
    if names := [use.name for use in uses.of_rule_set(team, slug)]:
        raise InUseError([f"the rule {name}" for name in names])
    rule_set.deleted_at = rule_set.updated = timezone.now()
    rule_set.updated_by = by
    rule_set.version += 1
    rule_set.save(update_fields=["deleted_at", "updated", "updated_by", "version"])
    _add_version(rule_set, by, Source(queries.own(team.pk).rule_sets[slug], label="Deleted"))
    record(by, team, "rule_set.deleted", rule_set, slug=slug)
    return rule_set


def _lock(team: Team) -> None:
    """Nobody else writes the team's rule sets until the transaction ends."""
    list(Team.objects.select_for_update().filter(pk=team.pk).values_list("pk", flat=True))


def _add_version(rule_set: RuleSet, by: User, source: Source) -> RuleSetVersion:
    return RuleSetVersion.objects.create(
        rule_set=rule_set,
        team_id=rule_set.team_id,
        number=rule_set.version,
        terms=to_json(source.terms.terms.values()),
        words=sorted(source.terms.words),
        files=[list(file) for file in source.files],
        label=source.label[:200],
        by=by,
        at=rule_set.updated,
    )


def slug_of(title: str) -> str:
    """The short name of the first rule set of this title."""
    return slugify(title)[:50].strip("-") or "rules"


def _free_slug(team: Team, title: str) -> str:
    """A short name that no rule set of the team has or had."""
    taken = set(RuleSet.objects.filter(team=team).values_list("slug", flat=True))
    base = slug_of(title)
    slugs: Iterable[str] = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in slugs if slug not in taken)


def _named_by_drafts(team: Team, slug: str) -> frozenset[str]:
    """The names of the rule set that its drafts need."""
    return frozenset(one.name for use in uses.of_rule_set(team, slug) for one in use.rule.brings)
