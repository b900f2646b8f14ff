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
from studio.authoring.reading import in_place
from studio.authoring.services import Seen
from studio.definitions import queries as definitions
from studio.definitions import services as words
from studio.definitions.services import RefusedError
from studio.definitions.values import MACRO, Term
from studio.library import importing
from studio.library.import_items import clean
from studio.library.importing import ADD, REPLACE, SKIP, Item, Placing, Plan, Progress
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
    done = _carry_out(plan, team, by, choices, kept.name, progress)
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


def _carry_out(
    plan: Plan, team: Team, by: User, choices: Mapping[str, str], label: str, progress: Progress
) -> list[Outcome]:
    """Definitions first, each after those that it names, so that the rules find them."""
    done: dict[str, Outcome] = {}
    placed = {one.name for one in plan.items if one.term and _in_its_place(one, choices[one.key])}
    waiting = [one for one in plan.items if one.term]
    for one in [*(item for item in waiting if item.kind != MACRO), *(item for item in waiting if item.kind == MACRO)]:
        done[one.key] = _word(one, team, by, choices[one.key], placed, plan)
        if done[one.key].did == "refused":
            placed.add(one.name)
    for number, one in enumerate(plan.items):
        if one.rule is not None:
            progress(number, len(plan.items), "Writing drafts")
            done[one.key] = _rule(one, team, by, choices[one.key], importing.content(one.rule, plan, placed), label)
    return [done[one.key] for one in plan.items]


def _in_its_place(item: Item, choice: str) -> bool:
    """Whether the rules get the definition's text instead of its name."""
    return item.standing == "taken" or (item.standing == "new" and choice == SKIP)


def _word(item: Item, team: Team, by: User, choice: str, placed: set[str], plan: Plan) -> Outcome:
    assert item.term is not None
    if choice == SKIP:
        return Outcome(item.kind, item.name, "skipped", _skipped(item))
    term = _with_placed(item.term, placed, plan)
    try:
        if choice == REPLACE:
            now = definitions.definition(team, item.existing or 0)
            term = replace(term, description=now.description)
            found = words.change(now.pk, words.Seen(by, team, now.version), term, "Imported")
        else:
            found = words.create(team, by, term, "Imported")
    except RefusedError as refusal:
        return Outcome(item.kind, item.name, "refused", f"{refusal} It stands in place of its name in the rules.")
    return Outcome(item.kind, item.name, "replaced" if choice == REPLACE else "added", "", found.get_absolute_url())


def _skipped(item: Item) -> str:
    return {
        "known": "Mews brings it along.",
        "taken": "It stands in place of its name in the rules that use it.",
        "new": "It stands in place of its name in the rules that use it.",
        "same": "The team has exactly this.",
    }.get(item.standing, "The team's own stays.")


def _with_placed(term: Term, placed: set[str], plan: Plan) -> Term:
    """The definition without names that will not exist."""
    beside = importing.beside(plan.found, placed)
    if term.kind == MACRO:
        return replace(term, condition=in_place(term.condition, beside)[0])
    items = {one.name: one.items for one in beside.lists}
    return replace(term, items=tuple(each for one in term.items for each in items.get(one, (one,))))


def _rule(item: Item, team: Team, by: User, choice: str, content: RuleContent, label: str) -> Outcome:
    if choice == SKIP:
        return Outcome("rule", item.name, "skipped", "The team's draft stays." if item.existing else "")
    if choice == ADD:
        draft = authoring.begin_with(team, by, content, f"Import {label}")
        return Outcome("rule", item.name, "added", "", reverse("authoring:step", args=[draft.pk, "check"]))
    draft = Draft.objects.get(pk=item.existing or 0, team=team, deleted_at=None)

    def change(now: RuleContent) -> RuleContent:
        kept = {"behaviours": now.behaviours, "waivers": now.waivers, "definitions": now.definitions}
        techniques = content.techniques or now.techniques
        primary = now.primary if now.primary in techniques else next(iter(techniques), "")
        told = {"techniques": techniques, "primary": primary, "touched": frozenset(SUGGESTED)}
        return replace(content, **kept, **told)  # type: ignore[arg-type]

    authoring.edit(draft.pk, Seen(by, team, draft.version), Edit(f"Import {label}"[:120], change))
    return Outcome("rule", item.name, "replaced", "", reverse("authoring:step", args=[draft.pk, "check"]))
