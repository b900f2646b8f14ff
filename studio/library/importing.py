"""What a rules file would bring to the team, item by item, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from rules_export.catalog.macros import LISTS, MACROS
from rules_export.emit.difference import Change, meaning_diff, same_condition
from rules_export.findings import Finding, Severity
from rules_export.ruleset.model import List, Macro, Rule, RuleSet
from rules_export.verdict.editing import check_rule
from rules_export.verdict.loading import FileResult, load_ruleset
from studio.accounts.models import Team
from studio.authoring.content import RuleContent, needing, to_rule
from studio.authoring.models import Draft
from studio.authoring.reading import Reason, UnreadableError, content_of, unreadable
from studio.definitions import queries as definitions
from studio.definitions.checking import check, errors
from studio.definitions.values import LIST, MACRO, Own, Term
from studio.lab.compiled import ruleset

ADD, REPLACE, SKIP = "add", "replace", "skip"

#: Rules, macros and lists of one import.
MOST_ITEMS = 2000

#: progress(done, total, stage)
Progress = Callable[[int, int, str], None]


class Where(StrEnum):
    """Where the file's macros and lists go."""

    RULE_SET = "rule_set"
    TEAM = "team"
    INLINE = "inline"


@dataclass(frozen=True, slots=True)
class Placing:
    """Where macros and lists go. title: of the new rule set; rule_set: the short name of the rule set to update."""

    where: str = Where.RULE_SET
    title: str = ""
    rule_set: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One rule, macro or list of the file.

    standing: new, same (the team has exactly this), differs (the team has another of the name), known (the library has
    exactly this), taken (the library has another of the name), kept (in the file's rule set). choices: what can be
    done, the suggestion first.
    existing: key of the team's draft or definition. findings: Falco's errors and warnings. notes: what is worth a word.
    """

    kind: str
    name: str
    standing: str
    choices: tuple[str, ...]
    rule: Rule | None = None
    term: Term | None = None
    existing: int | None = None
    findings: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the item is called in a post."""
        return f"{self.kind}:{self.name}"

    @property
    def loads(self) -> bool:
        """Whether Falco would load it."""
        return not any(one.severity == Severity.ERROR for one in self.findings)


@dataclass(frozen=True, slots=True)
class Plan:
    """All items, rules first, and what holds for the file as a whole. rule_sets: (short name, title) of those of the
    team that the file can update."""

    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()
    found: RuleSet = field(default_factory=RuleSet)
    placing: Placing = field(default_factory=Placing)
    rule_sets: tuple[tuple[str, str], ...] = ()

    def choices(self, asked: Mapping[str, str]) -> dict[str, str]:
        """Item's key → what is to be done; what is not asked for, or cannot be, is as suggested."""
        return {one.key: asked[one.key] if asked.get(one.key) in one.choices else one.choices[0] for one in self.items}


def plan(
    team: Team,
    files: Sequence[tuple[str, str]],
    placing: Placing | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Read the files as Falco would, and hold each item against what the team and the library have.

    Raises UnreadableError with Falco's reasons.
    """
    placing = placing or Placing()
    found = _read(files)
    if len(found.rules) + len(found.macros) + len(found.lists) > MOST_ITEMS:
        raise UnreadableError(Reason(f"At most {MOST_ITEMS:,} rules, macros and lists are imported at once."))
    own = definitions.own(team.pk)
    keys = dict(definitions.definitions(team).values_list("name", "pk"))
    terms = [*(_macro(one) for one in found.macros), *(_list(one) for one in found.lists)]
    whole = Own({**own.terms, **{one.name: one for one in terms if not _in_library(one.name)}})
    words = [_placed(_definition(one, own, whole, keys.get(one.name)), placing) for one in terms]
    drafts = {one.title: one for one in Draft.objects.filter(team=team, deleted_at=None).order_by("updated")}
    placed = beside(found, {one.name for one in words if one.standing == "taken" or placing.where == Where.INLINE})
    rules = []
    for number, one in enumerate(found.rules):
        if progress:
            progress(number, len(found.rules), "Checking rules")
        rules.append(_rule(one, placed, whole, drafts.get(one.name.strip())))
    return Plan((*rules, *words), tuple(_notes(found)), found, placing)


def _placed(item: Item, placing: Placing) -> Item:
    """The definition where it goes: kept with the rules, or put in place of its name in each."""
    if item.standing == "new" and placing.where == Where.RULE_SET:
        return replace(item, standing="kept", choices=(ADD,), notes=())
    if item.standing in {"new", "differs"} and placing.where == Where.INLINE:
        return replace(item, standing="new", choices=(SKIP,), notes=("It is inlined in the rules that use it.",))
    return item


def content(rule: Rule, plan: Plan, placed: Iterable[str]) -> RuleContent:
    """The rule as a draft's content; definitions named in `placed` stand in place of their names."""
    return content_of(rule, beside(plan.found, set(placed))).content


def _read(files: Sequence[tuple[str, str]]) -> RuleSet:
    found, verdict = load_ruleset(files)
    reasons = [Reason(verdict.fatal)] if verdict.fatal else []
    reasons += [_named(one, reason, len(files)) for one in verdict.results for reason in unreadable(one)]
    if reasons:
        raise UnreadableError(*reasons)
    if not (found.rules or found.macros or found.lists):
        raise UnreadableError(Reason("There is no rule, macro or list in it. Items begin with “- rule:”."))
    return found


def _named(result: FileResult, reason: Reason, files: int) -> Reason:
    return replace(reason, message=f"{result.name}: {reason.message}") if files > 1 else reason


def _in_library(name: str) -> bool:
    return name in MACROS or name in LISTS


def beside(found: RuleSet, placed: set[str]) -> RuleSet:
    """Only the definitions that are to stand in place of their names."""
    macros = tuple(one for one in found.macros if one.name in placed)
    return RuleSet(macros=macros, lists=tuple(one for one in found.lists if one.name in placed))


def _list(one: List) -> Term:
    return Term(LIST, one.name, items=one.items)


def _macro(one: Macro) -> Term:
    return Term(MACRO, one.name, one.condition)


def _definition(term: Term, own: Own, whole: Own, key: int | None) -> Item:
    kind, name = term.kind, term.name
    if _in_library(name):
        if _same_as_library(term):
            return Item(kind, name, "known", (SKIP,), term=term, notes=("Mews brings it along.",))
        note = "Mews brings another one of this name. The rules that use it get this text in place of the name."
        return Item(kind, name, "taken", (SKIP,), term=term, notes=(note,))
    mine = own.terms.get(name)
    if mine is not None and mine.same(replace(term, description=mine.description)):
        return Item(kind, name, "same", (SKIP,), term=term, existing=key)
    others = Own({other: one for other, one in whole.terms.items() if other != name})
    found = tuple(errors(check(term, others)))
    if mine is None:
        note = "If it is skipped, it stands in place of its name in the rules that use it."
        return Item(
            kind, name, "new", (ADD, SKIP) if not found else (SKIP, ADD), term=term, findings=found, notes=(note,)
        )
    note = "The team has another one of this name. If it is skipped, the imported rules use the team's."
    choices = (SKIP, REPLACE) if mine.kind == kind else (SKIP,)
    return Item(kind, name, "differs", choices, term=term, existing=key, findings=found, notes=(note,))


def _same_as_library(term: Term) -> bool:
    if term.kind == MACRO and term.name in MACROS:
        return same_condition(MACROS[term.name].condition, term.condition)
    return term.kind == LIST and term.name in LISTS and LISTS[term.name].items == term.items


def _rule(rule: Rule, beside: RuleSet, whole: Own, draft: Draft | None) -> Item:
    read = content_of(rule, beside)
    there = to_rule(needing(read.content, whole))
    found = tuple(check_rule(there, ruleset(there.brings)))
    about = {"rule": rule, "findings": found, "notes": read.notes}
    if draft is None:
        return Item("rule", rule.name, "new", (ADD, SKIP), **about)  # type: ignore[arg-type]
    changes = meaning_diff(to_rule(draft.rule_content()), there)
    if not changes:
        return Item("rule", rule.name, "same", (SKIP, ADD), existing=draft.pk, **about)  # type: ignore[arg-type]
    return Item("rule", rule.name, "differs", (SKIP, REPLACE, ADD), existing=draft.pk, changes=changes, **about)  # type: ignore[arg-type]


def _notes(found: RuleSet) -> Iterable[str]:
    if found.required_engine_version:
        yield f"The file asks for engine {found.required_engine_version}. Mews infers what each pack needs by itself."
    if found.required_plugin_versions:
        names = ", ".join(f"{one.name} {one.version}" for one in found.required_plugin_versions)
        yield f"The file asks for the plugins {names}. Mews infers what each pack needs by itself."
