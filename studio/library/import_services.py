"""Bring rules files into the team: kept for a look first, then carried out item by item in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
from studio.authoring.services import Seen
from studio.definitions import queries as definitions
from studio.definitions import rule_sets
from studio.definitions import services as team_definitions
from studio.definitions.rule_sets import RuleSetRefusedError
from studio.definitions.services import RefusedError
from studio.definitions.values import MACRO
from studio.library import importing
from studio.library.import_items import clean
from studio.library.importing import ADD, REPLACE, SKIP, Item, Placing, Plan, Progress, Where
from studio.library.models import RulesFile


class AlreadyImportedError(Exception):
    """The file was imported; the message says so."""


class ChangedPlanError(Exception):
    """What the import would do is no longer what was shown; the message says for how many items."""

    def __init__(self, count: int) -> None:
        items = "1 item differs" if count == 1 else f"{count:,} items differ"
        super().__init__(f"The team's rules changed since you checked this import: {items} now. Check it again.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item: `did` is added, replaced, skipped or refused; `said` a sentence; `url` where it is."""

    kind: str
    name: str
    did: str
    said: str = ""
    url: str = ""


def carry_out(
    file_id: int,
    team: Team,
    by: User,
    asked: Mapping[str, str],
    placing: Placing,
    *,
    expected: Sequence[tuple[str, str]] | None = None,
    progress: Progress = lambda *_: None,
) -> RulesFile:
    """Do with each item what was chosen, in one transaction. expected: (key, standing) of the items that were shown.

    Raises AlreadyImportedError, ChangedPlanError, UnreadableError, RulesFile.DoesNotExist.
    """
    require(by, team, "author")
    kept = RulesFile.objects.get(pk=file_id, team=team)
    if kept.state == RulesFile.State.IMPORTED:
        raise AlreadyImportedError(f"{kept.name} was imported already.")
    # The plan takes the most time, and is made before the transaction, so that nobody waits for the database meanwhile.
    plan = importing.plan(team, [(name, text) for name, text in kept.files], placing, progress)
    keys = {one.key: clean(one.key) for one in plan.items}
    found = [(keys[one.key], one.standing) for one in plan.items]
    if expected is not None and (differing := set(found) ^ set(expected)):
        raise ChangedPlanError(len({key for key, _ in differing}))
    return _write(
        kept.pk, team, by, plan, plan.choices({key: asked.get(shown, "") for key, shown in keys.items()}), progress
    )


@transaction.atomic
def _write(file_id: int, team: Team, by: User, plan: Plan, choices: Mapping[str, str], progress: Progress) -> RulesFile:
    kept = RulesFile.objects.select_for_update(of=("self",)).get(pk=file_id, team=team)
    if kept.state == RulesFile.State.IMPORTED:
        raise AlreadyImportedError(f"{kept.name} was imported already.")
    files = [(name, text) for name, text in kept.files]
    done = _Carrying(plan, team, by, choices, kept.name, files, progress).done()
    kept.outcome = [[one.kind, one.name, one.did, one.said, one.url] for one in done]
    kept.done_at, kept.imported_by, kept.state = timezone.now(), by, RulesFile.State.IMPORTED
    kept.trouble, kept.stage, kept.percent = "", "", 100
    kept.save()
    kept.items.all().delete()
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
        self.made: list[Outcome] = []

    def done(self) -> list[Outcome]:
        """Do it; what became of each item, in the plan's order."""
        place = {Where.RULE_SET: self._into_rule_set, Where.TEAM: self._into_team, Where.INLINE: self._inline}[
            Where(self.plan.placing.where)
        ]
        done = place()
        rules = [item for item in self.plan.items if item.rule is not None]
        for number, item in enumerate(rules):
            if number % 10 == 0:
                self.progress(number, len(rules), "Creating drafts")
            done[item.key] = self.rule(item)
        return [*self.made, *(done[item.key] for item in self.plan.items)]

    def _into_rule_set(self) -> dict[str, Outcome]:
        source = rule_sets.Source(rule_sets.terms_of(self.plan.found), self.files, f"Imported {self.label}")
        placing = self.plan.placing
        if placing.rule_set:
            if not definitions.rule_sets(self.team).filter(slug=placing.rule_set).exists():
                raise RuleSetRefusedError(f"The rule set {placing.rule_set} was deleted. Choose another.")
            rule_set = rule_sets.update(self.team, self.by, placing.rule_set, source)
        else:
            rule_set = rule_sets.create(self.team, self.by, placing.title or title_of(self.label), source)
        self.rule_set, url = rule_set.slug, rule_set.get_absolute_url()
        self.made = [Outcome("rule_set", rule_set.title, "replaced" if placing.rule_set else "added", "", url)]
        return {
            item.key: Outcome(item.kind, item.name, "added", "", url)
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
        term = importing.with_inlined(item.term, self.plan.found, self.inlined)
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

    def rule(self, item: Item) -> Outcome:
        """Do with a rule what was chosen."""
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


def title_of(label: str) -> str:
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
