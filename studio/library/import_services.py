"""Bring rules files into the team: kept for a look first, then carried out item by item in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.authoring import services as authoring
from studio.authoring.content import SUGGESTED, RuleContent
from studio.authoring.edits import Edit
from studio.authoring.models import Draft
from studio.authoring.reading import in_place
from studio.authoring.services import Seen
from studio.definitions import queries as definitions
from studio.definitions import rule_sets
from studio.definitions import services as team_definitions
from studio.definitions.services import RefusedError
from studio.definitions.values import MACRO, Term
from studio.library import importing
from studio.library.importing import ADD, INLINE, REPLACE, RULE_SET, SKIP, TEAM, Item, Placing, Plan
from studio.library.models import RulesFile

#: Hears how far an import is: items done, items in all, and what is done now.
Progress = Callable[[int, int, str], object]

#: Files that nobody went on with are forgotten after so long.
FORGOTTEN_AFTER = timedelta(days=7)


class AlreadyImportedError(Exception):
    """The file was imported; the message says so."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item: `did` is added, replaced, skipped or refused; `said` a sentence; `url` where it is."""

    kind: str
    name: str
    did: str
    said: str = ""
    url: str = ""


@transaction.atomic
def keep(team: Team, by: User, name: str, files: Sequence[tuple[str, str]]) -> RulesFile:
    """Keep the files for the preview. Raises UnreadableError for what Falco can make nothing of."""
    require(by, team, "author")
    importing.plan(team, files)
    old = timezone.now() - FORGOTTEN_AFTER
    RulesFile.objects.filter(team=team, done_at=None, at__lt=old).delete()
    kept = RulesFile.objects.create(team=team, by=by, name=name[:200], files=[list(one) for one in files])
    record(by, team, "rules_file.kept", kept, files=len(files))
    return kept


@transaction.atomic
def carry_out(
    file_id: int,
    team: Team,
    by: User,
    asked: Mapping[str, str],
    placing: Placing | None = None,
    progress: Progress = lambda done, total, stage: None,
) -> RulesFile:
    """Do with each item what was asked. Raises AlreadyImportedError, UnreadableError, RuleSetRefusedError,
    RulesFile.DoesNotExist."""
    require(by, team, "author")
    kept = RulesFile.objects.select_for_update(of=("self",)).get(pk=file_id, team=team)
    if kept.done_at:
        raise AlreadyImportedError(f"{kept.name} was imported already.")
    files = [(name, text) for name, text in kept.files]
    plan = importing.plan(team, files, placing)
    done = _Carrying(plan, team, by, plan.choices(asked), kept.name, files, progress).done()
    kept.outcome = [[one.kind, one.name, one.did, one.said, one.url] for one in done]
    kept.done_at = timezone.now()
    kept.save()
    counted = {did: sum(1 for one in done if one.did == did) for did in ("added", "replaced", "skipped", "refused")}
    record(by, team, "rules_file.imported", kept, **counted)
    return kept


def outcomes(kept: RulesFile) -> list[Outcome]:
    """What became of the items."""
    return [Outcome(*row) for row in kept.outcome]


class _Carrying:
    """One import: definitions first, so that the rules find them."""

    def __init__(
        self,
        plan: Plan,
        team: Team,
        by: User,
        choices: Mapping[str, str],
        label: str,
        files: Sequence[tuple[str, str]],
        progress: Progress,
    ) -> None:
        self.plan, self.team, self.by, self.choices = plan, team, by, choices
        self.label, self.files, self.progress = label, files, progress
        self.rule_set = ""
        self.inlined: set[str] = set()

    def done(self) -> list[Outcome]:
        """Do it; what became of each item, in the plan's order."""
        place = {RULE_SET: self._into_rule_set, TEAM: self._into_team, INLINE: self._inline}[self.plan.placing.where]
        done = place()
        rules = [item for item in self.plan.items if item.rule is not None]
        for number, item in enumerate(rules):
            if number % 10 == 0:
                self.progress(number, len(rules), "Creating drafts")
            done[item.key] = self._rule(item)
        return [done[item.key] for item in self.plan.items]

    def _into_rule_set(self) -> dict[str, Outcome]:
        source = rule_sets.Source(rule_sets.terms_of(self.plan.found), self.files, f"Imported {self.label}")
        placing = self.plan.placing
        if placing.rule_set:
            rule_set = rule_sets.update(self.team, self.by, placing.rule_set, source)
        else:
            rule_set = rule_sets.create(self.team, self.by, placing.title or _title(self.label), source)
        self.rule_set = rule_set.slug
        said = f"Kept in the rule set {rule_set.title}."
        return {
            item.key: Outcome(item.kind, item.name, "added", said, rule_set.get_absolute_url())
            for item in self.plan.items
            if item.term is not None
        }

    def _into_team(self) -> dict[str, Outcome]:
        done: dict[str, Outcome] = {}
        terms = [item for item in self.plan.items if item.term is not None]
        self.inlined = {item.name for item in terms if _is_inlined(item, self.choices[item.key])}
        for item in [*(one for one in terms if one.kind != MACRO), *(one for one in terms if one.kind == MACRO)]:
            done[item.key] = self._definition(item)
            if done[item.key].did == "refused":
                self.inlined.add(item.name)
        return done

    def _inline(self) -> dict[str, Outcome]:
        terms = [item for item in self.plan.items if item.term is not None]
        self.inlined = {item.name for item in terms}
        said = "Its definition stands in place of its name in the rules that use it."
        return {item.key: Outcome(item.kind, item.name, "skipped", said) for item in terms}

    def _definition(self, item: Item) -> Outcome:
        assert item.term is not None
        choice = self.choices[item.key]
        if choice == SKIP:
            return Outcome(item.kind, item.name, "skipped", _skipped(item))
        term = self._with_inlined(item.term)
        try:
            if choice == REPLACE:
                now = definitions.definition(self.team, item.existing or 0)
                term = replace(term, description=now.description)
                seen = team_definitions.Seen(self.by, self.team, now.version)
                definition = team_definitions.change(now.pk, seen, term, "Imported")
            else:
                definition = team_definitions.create(self.team, self.by, term, "Imported")
        except RefusedError as refusal:
            said = f"{refusal} The rules that use it get its definition inline."
            return Outcome(item.kind, item.name, "refused", said)
        did = "replaced" if choice == REPLACE else "added"
        return Outcome(item.kind, item.name, did, "", definition.get_absolute_url())

    def _with_inlined(self, term: Term) -> Term:
        """The definition without names that will not exist."""
        beside = importing.only(self.plan.found, self.inlined)
        if term.kind == MACRO:
            return replace(term, condition=in_place(term.condition, beside)[0])
        items = {one.name: one.items for one in beside.lists}
        return replace(term, items=tuple(each for one in term.items for each in items.get(one, (one,))))

    def _rule(self, item: Item) -> Outcome:
        assert item.rule is not None
        choice = self.choices[item.key]
        if choice == SKIP:
            return Outcome("rule", item.name, "skipped", "The team's draft stays." if item.existing else "")
        content = importing.content(item.rule, self.plan, self.inlined, self.rule_set)
        if choice == ADD:
            draft = authoring.begin_with(self.team, self.by, content, f"Import {self.label}")
            return Outcome("rule", item.name, "added", "", reverse("authoring:step", args=[draft.pk, "check"]))
        draft = Draft.objects.get(pk=item.existing or 0, team=self.team, deleted_at=None)

        def change(now: RuleContent) -> RuleContent:
            kept = {"behaviours": now.behaviours, "waivers": now.waivers, "definitions": now.definitions}
            techniques = content.techniques or now.techniques
            primary = now.primary if now.primary in techniques else next(iter(techniques), "")
            told = {"techniques": techniques, "primary": primary, "touched": frozenset(SUGGESTED)}
            return replace(content, **kept, **told)  # type: ignore[arg-type]

        authoring.edit(draft.pk, Seen(self.by, self.team, draft.version), Edit(f"Import {self.label}"[:120], change))
        return Outcome("rule", item.name, "replaced", "", reverse("authoring:step", args=[draft.pk, "check"]))


def _title(label: str) -> str:
    """The title of a rule set from a file's name: `falco_rules.yaml` is `falco_rules`."""
    return label.removesuffix(".yaml").removesuffix(".yml")


def _is_inlined(item: Item, choice: str) -> bool:
    """Whether the rules get the definition's text instead of its name."""
    return item.standing == "taken" or (item.standing == "new" and choice == SKIP)


def _skipped(item: Item) -> str:
    inline = "Its definition stands in place of its name in the rules that use it."
    return {
        "known": "Built into Mews with the same meaning.",
        "taken": inline,
        "new": inline,
        "same": "The team has exactly this.",
    }.get(item.standing, "The team's own stays.")
