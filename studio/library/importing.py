"""What rules files would bring to the team, item by item, before anything is written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from rules_export.catalog.macros import LISTS, MACROS
from rules_export.compare.difference import Change, meaning_diff
from rules_export.compare.expansion import Expander, same
from rules_export.findings import Finding, Severity
from rules_export.ruleset.model import List, Macro, Rule, RuleSet
from rules_export.verdict.editing import check_rule
from rules_export.verdict.loading import FileResult
from rules_export.verdict.settled import load_settled
from studio.accounts.models import Team
from studio.authoring.content import RuleContent, needing, to_rule
from studio.authoring.models import Draft
from studio.authoring.reading import Reason, UnreadableError, content_of, in_place, unreadable, unstorable
from studio.definitions import queries as definitions
from studio.definitions import rule_sets
from studio.definitions.checking import check, errors
from studio.definitions.values import LIST, MACRO, Own, RuleSetTerms, Term, items_of
from studio.lab.compiled import ruleset

ADD, REPLACE, SKIP = "add", "replace", "skip"

#: Rules, macros and lists of one import.
MAX_ITEMS = 5000

#: Of a rule that would match other events than in the file.
MEANING_CHANGED = "MEWS_MEANING_CHANGED"

#: Hears how far the work is: items done, items in all, and what is done now.
Progress = Callable[[int, int, str], object]


class Where(StrEnum):
    """Where the macros and lists of the files go: into a rule set, to the team's own, or into each rule's text."""

    RULE_SET = "rule_set"
    TEAM = "team"
    INLINE = "inline"


@dataclass(frozen=True, slots=True)
class Placing:
    """Where the files' macros and lists go.

    title: of a new rule set; rule_set: the short name of one that the team has, whose macros and lists these replace.
    """

    where: str = Where.RULE_SET
    title: str = ""
    rule_set: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One rule, macro or list of the files.

    standing: new, same (the team has exactly this), differs (the team has another of the name), kept (in the rule set),
    known (built in with the same meaning), taken (built in with another meaning). choices: what can be done, the
    suggestion first. existing: key of the team's draft or definition. findings: what Falco will say of the rule as it
    is released. notes: what else to know.
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
        """Whether Falco will load it."""
        return not any(finding.severity == Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Plan:
    """All items, the rules first and each kind in the order of the files, and what holds for the files as a whole.

    rule_sets: those of the team that the import can update, as (short name, title).
    """

    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()
    found: RuleSet = field(default_factory=RuleSet)
    placing: Placing = field(default_factory=Placing)
    rule_sets: tuple[tuple[str, str], ...] = ()

    def choices(self, asked: Mapping[str, str]) -> dict[str, str]:
        """Item's key → what is to be done; what is not asked for, or cannot be, is as suggested."""
        return {
            item.key: asked[item.key] if asked.get(item.key) in item.choices else item.choices[0] for item in self.items
        }


def plan(
    team: Team,
    files: Sequence[tuple[str, str]],
    placing: Placing | None = None,
    progress: Progress = lambda done, total, stage: None,
) -> Plan:
    """Read the files as Falco would, and compare each item with what the team has.

    Raises UnreadableError with Falco's reasons.
    """
    loaded = load(files)
    placing = placing or Placing()
    known = tuple(definitions.rule_sets(team).values_list("slug", "title"))
    planners: dict[str, type[_Planner]] = {Where.RULE_SET: _InRuleSet, Where.TEAM: _InTeam, Where.INLINE: _Inlined}
    planner = planners[placing.where](team, loaded.rules, placing)
    notes = (*loaded.notes, *planner.notes())
    return Plan((*planner.rules(progress), *planner.terms()), notes, loaded.rules, placing, known)


def content(rule: Rule, plan: Plan, inlined: Iterable[str] = (), rule_set: str = "") -> RuleContent:
    """The rule as a draft's content; definitions named in `inlined` stand in place of their names."""
    return replace(content_of(rule, only(plan.found, set(inlined))).content, rule_set=rule_set)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Files as Falco reads them. notes: what they ask for that Mews finds out by itself."""

    rules: RuleSet
    notes: tuple[str, ...] = ()


def load(files: Sequence[tuple[str, str]]) -> Loaded:
    """Read rules files. Raises UnreadableError with the reasons why Falco does not read all of them."""
    settled = load_settled(files)
    reasons = [Reason(settled.fatal)] if settled.fatal else []
    reasons += [_named(result, reason, len(files)) for result in settled.results for reason in _unreadable(result)]
    if reasons:
        raise UnreadableError(*reasons)
    rules = settled.rules
    if not (rules.rules or rules.macros or rules.lists):
        raise UnreadableError(Reason("The file has no rule, macro or list. Items begin with “- rule:”."))
    if len(rules.rules) + len(rules.macros) + len(rules.lists) > MAX_ITEMS:
        raise UnreadableError(Reason(f"You can import at most {MAX_ITEMS:,} rules, macros and lists at once."))
    if reasons := [Reason(trouble) for rule in rules.rules if (trouble := unstorable(content_of(rule).content))]:
        raise UnreadableError(*reasons)
    items: tuple[Macro | List, ...] = (*rules.macros, *rules.lists)
    if any(_is_unstorable(text) for one in items for text in _texts(one)):
        raise UnreadableError(Reason("A macro or list contains a NUL character, which Mews cannot store. Remove it."))
    return Loaded(rules, (*_requirements(rules), *settled.unmet))


def _is_unstorable(text: str) -> bool:
    return any(char == "\0" or "\ud800" <= char < "\ue000" for char in text)


def _texts(item: Macro | List) -> tuple[str, ...]:
    return (item.name, item.condition) if isinstance(item, Macro) else (item.name, *item.items)


def _unreadable(result: FileResult) -> list[Reason]:
    """Why Falco does not read the whole file; what it says of conditions is said of each rule."""
    reasons = unreadable(result)
    if not reasons and not result.collected:
        for problem in result.errors[:1]:
            at = problem.context.position
            reasons.append(Reason(problem.message or problem.code, at.line + 1, at.column + 1))
    return reasons


def _named(result: FileResult, reason: Reason, files: int) -> Reason:
    return replace(reason, message=f"{result.name}: {reason.message}") if files > 1 else reason


def _requirements(rules: RuleSet) -> Iterable[str]:
    if rules.required_engine_version:
        yield (
            f"The files require engine {rules.required_engine_version}. Mews works out what each release requires from "
            "its rules."
        )
    if rules.required_plugin_versions:
        names = ", ".join(f"{one.name} {one.version}" for one in rules.required_plugin_versions)
        yield f"The files require the plugins {names}. Mews works out what each release requires from its rules."


def only(found: RuleSet, names: set[str]) -> RuleSet:
    """The macros and lists of these names."""
    macros = tuple(one for one in found.macros if one.name in names)
    return RuleSet(macros=macros, lists=tuple(one for one in found.lists if one.name in names))


def with_inlined(term: Term, found: RuleSet, names: set[str]) -> Term:
    """A macro or list of the files with the definitions of these names in place of the names."""
    beside = only(found, names)
    if term.kind == MACRO:
        return replace(term, condition=in_place(term.condition, beside)[0])
    items = {one.name: one.items for one in beside.lists if one.name != term.name}
    return replace(term, items=tuple(each for one in term.items for each in items.get(one, (one,))))


class _Planner(ABC):
    """What becomes of each item. `own`: the team's macros and lists once the import is done."""

    def __init__(self, team: Team, found: RuleSet, placing: Placing) -> None:
        self.team, self.found, self.placing = team, found, placing
        self.before = definitions.own(team.pk)
        self.file = Expander(found.macros, found.lists)
        drafts = Draft.objects.filter(team=team, deleted_at=None).order_by("updated")
        self.drafts = {(draft.rule_set, _name(draft)): draft for draft in drafts}
        self.elsewhere = {name for _, name in self.drafts}
        self.own = self.before
        self.rule_set = ""
        self.inlined: set[str] = set()

    def rules(self, progress: Progress) -> Iterable[Item]:
        """The rules, each with what Falco will say of it."""
        for number, rule in enumerate(self.found.rules):
            progress(number, len(self.found.rules), "Checking rules")
            yield self._rule(rule)

    @abstractmethod
    def terms(self) -> Iterable[Item]:
        """The macros, then the lists."""

    def notes(self) -> Iterable[str]:
        """What to know of the import as a whole."""
        return ()

    def _rule(self, rule: Rule) -> Item:
        read = content_of(rule, only(self.found, self.inlined))
        there = to_rule(needing(replace(read.content, rule_set=self.rule_set), self.own))
        findings = tuple(self._findings(rule, there))
        notes = read.notes
        draft = self.drafts.get((self.rule_set, rule.name))
        if draft is None:
            if rule.name in self.elsewhere:
                notes = (*notes, "The team has another rule of this name. A pack can hold only one of them.")
            is_changed = any(finding.code == MEANING_CHANGED for finding in findings)
            return Item(
                "rule",
                rule.name,
                "new",
                (SKIP, ADD) if is_changed else (ADD, SKIP),
                rule,
                None,
                None,
                findings,
                (),
                notes,
            )
        before = to_rule(draft.rule_content())
        if before == there:
            return Item("rule", rule.name, "same", (SKIP, ADD), rule, None, draft.pk, findings, (), notes)
        changes = meaning_diff(before, there)
        choices: tuple[str, ...] = (REPLACE, SKIP, ADD) if self.rule_set else (SKIP, REPLACE, ADD)
        return Item("rule", rule.name, "differs", choices, rule, None, draft.pk, findings, changes, notes)

    def _findings(self, rule: Rule, there: Rule) -> Iterable[Finding]:
        """Falco's verdict on the rule as it will be released, and whether it still means what the file says."""
        plugins = "container" if there.source == "syscall" else "all"
        findings = check_rule(there, self._definitions(there), plugins)
        yield from findings
        before = self.file.rule(rule)
        if before is not None and not same(before, self._expander(there).rule(there)):
            message = (
                "The rule would match other events than in the file, because a macro or list of the same name means "
                "something else here. Keep the macros and lists in a rule set."
            )
            yield Finding(MEANING_CHANGED, Severity.ERROR, message, "condition", rule.name)

    def _definitions(self, rule: Rule) -> RuleSet:
        return ruleset(rule.brings)

    def _expander(self, rule: Rule) -> Expander:
        known = ruleset(rule.brings)
        return Expander(known.macros, known.lists)


class _InRuleSet(_Planner):
    """Macros and lists stay together under their names, in a new rule set or in the place of those of an old one."""

    def __init__(self, team: Team, found: RuleSet, placing: Placing) -> None:
        super().__init__(team, found, placing)
        self.rule_set = placing.rule_set or "imported rules"  # no short name has a blank
        self.kept = rule_sets.terms_of(found)
        self.own = Own(self.before.terms, {**self.before.rule_sets, self.rule_set: self.kept})
        self._all = ruleset(items_of(self.own.within(self.rule_set).everything))
        self._expander_of_all = Expander(self._all.macros, self._all.lists)

    def terms(self) -> Iterable[Item]:
        old = self.before.rule_sets.get(self.rule_set, RuleSetTerms({}))
        for term in _macros_first(self.kept.terms.values()):
            known = old.terms.get(term.name)
            standing = "kept" if known is None else "same" if known.same(term) else "differs"
            yield Item(term.kind, term.name, standing, (ADD,), None, term)

    def notes(self) -> Iterable[str]:
        lists = {one.name for one in self.found.lists}
        if shadowed := [one.name for one in self.found.macros if one.name in lists]:
            yield (
                f"The files define {', '.join(shadowed)} as a list and as a macro. Falco puts the list in its place "
                "everywhere, so Mews leaves the macro out."
            )
        old = self.before.rule_sets.get(self.rule_set)
        if old is not None and (gone := sorted(old.terms.keys() - self.kept.terms.keys())):
            names = ", ".join(gone[:10]) + (f" and {len(gone) - 10} more" if len(gone) > 10 else "")
            yield f"The files no longer define {names}. These leave the rule set."

    def _definitions(self, rule: Rule) -> RuleSet:
        return self._all

    def _expander(self, rule: Rule) -> Expander:
        return self._expander_of_all


class _InTeam(_Planner):
    """Macros and lists become the team's own; those whose name is built in with another meaning are inlined."""

    def __init__(self, team: Team, found: RuleSet, placing: Placing) -> None:
        super().__init__(team, found, placing)
        self._library = Expander(
            (Macro(one.name, one.condition) for one in MACROS.values()),
            (List(one.name, one.items) for one in LISTS.values()),
        )
        self._keys = dict(definitions.definitions(team).values_list("name", "pk"))
        found_terms = [*(_macro(one) for one in found.macros), *(_list(one) for one in found.lists)]
        self.own = Own({**self.before.terms, **{one.name: one for one in found_terms if not _is_built_in(one.name)}})
        self._items = [self._term(term) for term in found_terms]
        self.inlined = {item.name for item in self._items if item.standing == "taken"}
        written = [with_inlined(term, found, self.inlined) for term in found_terms if not _is_built_in(term.name)]
        self.own = Own({**self.before.terms, **{term.name: term for term in written}})

    def terms(self) -> Iterable[Item]:
        return self._items

    def _term(self, term: Term) -> Item:
        kind, name = term.kind, term.name
        if _is_built_in(name):
            if self._is_same_as_built_in(term):
                return Item(kind, name, "known", (SKIP,), None, term, notes=("Built into Mews with the same meaning.",))
            note = "Mews has a built-in of this name with another meaning. Rules that use it get its definition inline."
            return Item(kind, name, "taken", (SKIP,), None, term, notes=(note,))
        existing = self.before.terms.get(name)
        key = self._keys.get(name)
        if existing is not None and existing.same(replace(term, description=existing.description)):
            return Item(kind, name, "same", (SKIP,), None, term, key)
        others = Own({other: each for other, each in self.own.terms.items() if other != name})
        findings = tuple(errors(check(term, others)))
        if existing is None:
            suggested = (ADD, SKIP) if not findings else (SKIP, ADD)
            note = "If you skip it, rules that use it get its definition inline."
            return Item(kind, name, "new", suggested, None, term, None, findings, (), (note,))
        note = "The team has another definition of this name. If you skip it, the imported rules use the team's."
        choices = (SKIP, REPLACE) if existing.kind == kind else (SKIP,)
        return Item(kind, name, "differs", choices, None, term, key, findings, (), (note,))

    def _is_same_as_built_in(self, term: Term) -> bool:
        """Whether the built-in definition stands for the same, with all that is below it."""
        if term.kind == MACRO:
            return term.name in MACROS and self.file.macro(term.name) == self._library.macro(term.name)
        return term.name in LISTS and self.file.list(term.name) == self._library.list(term.name)


class _Inlined(_Planner):
    """Macros and lists are put in place of their names, and are no more."""

    def __init__(self, team: Team, found: RuleSet, placing: Placing) -> None:
        super().__init__(team, found, placing)
        self.inlined = {one.name for one in found.macros} | {one.name for one in found.lists}

    def terms(self) -> Iterable[Item]:
        for term in (*(_macro(one) for one in self.found.macros), *(_list(one) for one in self.found.lists)):
            yield Item(term.kind, term.name, "inlined", (SKIP,), None, term)


def _macros_first(terms: Iterable[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: term.kind != MACRO)


def _is_built_in(name: str) -> bool:
    return name in MACROS or name in LISTS


def _name(draft: Draft) -> str:
    return str(draft.content.get("name", ""))


def _list(one: List) -> Term:
    return Term(LIST, one.name, items=one.items)


def _macro(one: Macro) -> Term:
    return Term(MACRO, one.name, one.condition)
