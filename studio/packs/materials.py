"""What a pack is made of: each rule of the team as far as it got, with what the pack changes about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.urls import reverse

from rules_export.emit.navigator import techniques_of
from rules_export.ruleset.model import Rule
from studio.accounts.models import Team
from studio.authoring.content import from_json, frozen, to_rule
from studio.authoring.models import Draft
from studio.definitions import queries as definitions
from studio.definitions.values import Own
from studio.packs.models import Pack, PackMember
from studio.review.models import Revision
from studio.review.queries import deprecated

#: Rules that a pack may hold, and rules that one page shows.
MOST_RULES, SHOWN = 10_000, 100
#: States of a revision in the order in which a release prefers them, with their words.
STANDINGS = {"approved": "Approved", "in_review": "In review", "draft": "Draft"}

#: Maturities by tag, the best first.
MATURITIES = ("stable", "incubating", "sandbox")


@dataclass(frozen=True)
class Material:
    """A rule for a pack. standing: a key of STANDINGS; revision: the number of what was handed in, 0 for a draft.

    switch, priority: what the pack says instead of the rule, "" for nothing.
    """

    draft: int
    samples: int
    name: str
    content: dict[str, Any]
    standing: str
    revision: int = 0
    revision_id: int = 0
    switch: str = ""
    priority: str = ""

    @cached_property
    def rule(self) -> Rule:
        """The rule as the pack carries it."""
        rule = to_rule(from_json(self.content))
        enabled = rule.enabled if not self.switch else self.switch == "on"
        return replace(rule, enabled=enabled, priority=self.priority or rule.priority)

    @property
    def words(self) -> str:
        """Its standing for a reader."""
        return STANDINGS[self.standing]

    @property
    def url(self) -> str:
        """Where it can be read."""
        if self.revision_id:
            return reverse("review:revision", args=[self.revision_id])
        return reverse("authoring:step", args=[self.draft, "check"])

    @property
    def says(self) -> str:
        """What a search for it looks at."""
        tags = self.content.get("tags", ())
        return " ".join([self.name, self.words, *self.techniques, *map(str, tags)]).lower()

    @property
    def techniques(self) -> tuple[str, ...]:
        """What it covers."""
        named = [*self.content.get("techniques", ()), *self.content.get("tags", ())]
        return tuple(dict.fromkeys(techniques_of(named)))


def all_of(team: Team) -> list[Material]:
    """Every rule of the team by name: its approved revision, else the one in review, else the draft. Two queries.

    A deprecated rule is none, until it is reinstated or a new revision of it is in review.
    """
    furthest, own = _revisions(team), definitions.own(team.pk)
    drafts = Draft.objects.filter(team=team, deleted_at=None).exclude(pk__in=deprecated(team).difference(furthest))
    return sorted((_material(draft, furthest.get(draft.pk), own) for draft in drafts), key=lambda one: one.name.lower())


def members(pack: Pack) -> list[Material]:
    """The pack's rules in its order: those with a place first, then those that only the query finds, by name."""
    rows = {row.draft_id: row for row in pack.members.all()}
    places = {draft: place for place, draft in enumerate(rows)}
    found = [one for one in all_of(pack.team) if (_asked(pack, one) if pack.by_query else one.draft in rows)]
    found.sort(key=lambda one: places.get(one.draft, len(places)))
    return [_with(one, rows.get(one.draft)) for one in found[:MOST_RULES]]


def others(pack: Pack, inside: Iterable[Material], text: str = "") -> list[Material]:
    """The team's rules that are not in the pack, whose name, techniques and tags hold all words of the text."""
    taken, words = {one.draft for one in inside}, text.lower().split()
    found = [one for one in all_of(pack.team) if one.draft not in taken]
    return [one for one in found if not words or all(word in one.says for word in words)]


def _asked(pack: Pack, one: Material) -> bool:
    allowed = {"": STANDINGS, "approved": ("approved",), "in_review": ("approved", "in_review")}[pack.query_state]
    technique = pack.query_technique
    fits = not technique or any(each == technique or each.startswith(technique + ".") for each in one.techniques)
    tagged = not pack.query_tag or pack.query_tag in one.content.get("tags", ())
    return one.standing in allowed and fits and tagged and _ripe(pack, one)


def _ripe(pack: Pack, one: Material) -> bool:
    """Whether the rule's tag of maturity is the one that the query asks for, or a better one."""
    if not pack.query_maturity:
        return True
    wanted = MATURITIES[: MATURITIES.index(pack.query_maturity) + 1]
    return any(f"maturity_{each}" in one.content.get("tags", ()) for each in wanted)


def _with(one: Material, row: PackMember | None) -> Material:
    return replace(one, switch=row.switch, priority=row.priority) if row else one


def _revisions(team: Team) -> dict[int, Revision]:
    order = list(STANDINGS)
    found: dict[int, Revision] = {}
    for one in Revision.objects.filter(team=team, state__in=order).order_by("handed_in_at", "pk"):
        known = found.get(one.draft_id)
        if known is None or order.index(one.state) <= order.index(known.state):
            found[one.draft_id] = one
    return found


def _material(draft: Draft, revision: Revision | None, own: Own) -> Material:
    if revision is None:
        return Material(draft.pk, draft.samples_id, draft.display_title, frozen(draft.content, own), "draft")
    about = (revision.name, revision.content, revision.state, revision.number, revision.pk)
    return Material(draft.pk, draft.samples_id, *about)
