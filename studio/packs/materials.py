"""What a pack is made of: each rule of the team as far as it got, with what the pack changes about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from rules_export.ruleset.model import Rule
from studio.accounts.models import Team
from studio.authoring.content import RuleContent, from_json, frozen, to_rule
from studio.authoring.models import UNTITLED, Draft
from studio.authoring.named import ENABLED, NAMED, enabled, named
from studio.definitions import queries as definitions
from studio.packs.models import Pack
from studio.review.models import Revision
from studio.review.queries import deprecated

#: Rules that a pack may hold, and rules that one page shows.
MOST_RULES, SHOWN = 10_000, 100
#: States of a revision in the order in which a release prefers them, with their words.
STANDINGS = {"approved": "Approved", "in_review": "In review", "draft": "Draft"}

#: Maturities by tag, the best first.
MATURITIES = ("stable", "incubating", "sandbox")


@dataclass(frozen=True)
class Listed:
    """A rule of the team as far as it got, without its content. standing: a key of STANDINGS; revision: the number of
    what was handed in, 0 for a draft; stamp: changes with the content.

    enabled: as the rule says; switch, priority: what the pack says instead of the rule, "" for nothing.
    """

    draft: int
    name: str
    standing: str
    stamp: str
    techniques: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    revision: int = 0
    revision_id: int = 0
    switch: str = ""
    priority: str = ""
    enabled: bool = True

    @property
    def is_enabled(self) -> bool:
        """Whether Falco runs the rule as the pack carries it."""
        return self.switch == "on" if self.switch else self.enabled

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
        return " ".join([self.name, self.words, *self.techniques, *self.tags]).lower()


@dataclass(frozen=True)
class Material:
    """A rule for a pack, whole. samples: the key of its sample events."""

    listed: Listed
    samples: int
    content: dict[str, Any]

    @cached_property
    def value(self) -> RuleContent:
        """The content as a value."""
        return from_json(self.content)

    @cached_property
    def rule(self) -> Rule:
        """The rule as the pack carries it."""
        rule, listed = to_rule(self.value), self.listed
        enabled = rule.enabled if not listed.switch else listed.switch == "on"
        return replace(rule, enabled=enabled, priority=listed.priority or rule.priority)


def all_of(team: Team) -> list[Listed]:
    """Every rule of the team by name: its approved revision, else the one in review, else the draft. Four queries.

    A deprecated rule is none, until it is reinstated or a new revision of it is in review. A deleted draft takes only
    itself and what is in review away: the approved rule stays.
    """
    furthest = _revisions(team)
    alive = Draft.objects.filter(team=team, deleted_at=None)
    bare = alive.exclude(Exists(Revision.objects.filter(draft=OuterRef("pk"), state__in=STANDINGS)))
    rows = bare.exclude(pk__in=deprecated(team)).values_list("pk", "title", "version", *NAMED, ENABLED)
    there = set(alive.values_list("pk", flat=True).order_by())
    found = [one for pk, one in furthest.items() if pk in there or one.standing == "approved"]
    for pk, title, version, techniques, tags, on in rows:
        said = named(techniques, tags)
        found.append(Listed(pk, title or UNTITLED, "draft", f"d{pk}.{version}", *said, enabled=enabled(on)))
    return sorted(found, key=lambda one: one.name.lower())


def members(pack: Pack, rules: Iterable[Listed] | None = None) -> list[Listed]:
    """The pack's rules in its order: those with a place first, then those that only the query finds, by name.

    rules: `all_of` its team, where the caller has them.
    """
    told = pack.members.values_list("draft_id", "switch", "priority")
    rows = {draft: (switch, priority) for draft, switch, priority in told}
    places = {draft: place for place, draft in enumerate(rows)}
    everything = all_of(pack.team) if rules is None else rules
    found = [one for one in everything if (_asked(pack, one) if pack.by_query else one.draft in rows)]
    found.sort(key=lambda one: places.get(one.draft, len(places)))
    return [_with(one, *rows.get(one.draft, ("", ""))) for one in found[:MOST_RULES]]


def whole(team: Team, rules: Sequence[Listed]) -> list[Material]:
    """The rules with their content, in the same order."""
    own = definitions.own(team.pk)
    samples = dict(Draft.objects.filter(team=team).values_list("pk", "samples_id"))
    drafts = Draft.objects.only("content").in_bulk([one.draft for one in rules if not one.revision_id])
    revisions = Revision.objects.only("content", "frozen").in_bulk(
        [one.revision_id for one in rules if one.revision_id]
    )
    return [
        Material(
            one,
            samples[one.draft],
            revisions[one.revision_id].frozen_content if one.revision_id else frozen(drafts[one.draft].content, own),
        )
        for one in rules
    ]


def others(rules: Iterable[Listed], inside: Iterable[Listed], text: str = "") -> list[Listed]:
    """Those of the rules that are not inside, whose name, techniques and tags hold all words of the text."""
    taken, words = {one.draft for one in inside}, text.lower().split()
    found = [one for one in rules if one.draft not in taken]
    return [one for one in found if not words or all(word in one.says for word in words)]


def _asked(pack: Pack, one: Listed) -> bool:
    allowed = {"": STANDINGS, "approved": ("approved",), "in_review": ("approved", "in_review")}[pack.query_state]
    technique = pack.query_technique
    fits = not technique or any(each == technique or each.startswith(technique + ".") for each in one.techniques)
    tagged = not pack.query_tag or pack.query_tag in one.tags
    return one.standing in allowed and fits and tagged and _ripe(pack, one)


def _ripe(pack: Pack, one: Listed) -> bool:
    """Whether the rule's tag of maturity is the one that the query asks for, or a better one."""
    if not pack.query_maturity:
        return True
    wanted = MATURITIES[: MATURITIES.index(pack.query_maturity) + 1]
    return any(f"maturity_{each}" in one.tags for each in wanted)


def _with(one: Listed, switch: str, priority: str) -> Listed:
    return replace(one, switch=switch, priority=priority) if switch or priority else one


def _revisions(team: Team) -> dict[int, Listed]:
    """Draft → its furthest revision; of several equally far ones the newest."""
    order = list(STANDINGS)
    rows = Revision.objects.filter(team=team, state__in=order).order_by("handed_in_at", "pk")
    found: dict[int, Listed] = {}
    for pk, draft, name, state, number, techniques, tags, on in rows.values_list(
        "pk", "draft_id", "name", "state", "number", *NAMED, ENABLED
    ):
        known = found.get(draft)
        if known is None or order.index(state) <= order.index(known.standing):
            said = named(techniques, tags)
            found[draft] = Listed(draft, name, state, f"r{pk}", *said, number, pk, enabled=enabled(on))
    return found
