"""Named reads behind the matrix."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Count, Q, QuerySet

from rules_export.artifacts.navigator import techniques_of
from studio.accounts.models import Team
from studio.attack.models import Group, GroupTechnique, Software
from studio.authoring.models import UNTITLED, Draft
from studio.authoring.named import ENABLED, NAMED, enabled, named
from studio.behaviours import queries as library
from studio.behaviours.own import queries as own
from studio.coverage.counting import CoveringRule, Standing
from studio.review.models import Revision
from studio.review.queries import deprecated

#: States of a revision that say how far its rule is. What is withdrawn, refused or superseded covers nothing.
STATES = (Standing.APPROVED.value, Standing.IN_REVIEW.value)
#: Groups and software that a search for one names at most.
MOST_ACTORS = 12

Actor = Group | Software


def rules(team: Team) -> list[CoveringRule]:
    """The team's rules, each once and as far as it got: approved, in review, draft, or disabled. Two queries."""
    furthest = _revisions(team)
    drafts = Draft.objects.filter(team=team, deleted_at=None).exclude(pk__in=deprecated(team)).order_by("title", "pk")
    rows = drafts.values_list("pk", "title", "techniques", ENABLED)
    found = [
        CoveringRule(title or UNTITLED, _standing("draft", on), frozenset(techniques_of(techniques.split())))
        for pk, title, techniques, on in rows
        if pk not in furthest
    ]
    return [*furthest.values(), *found]


def behaviours(team: Team) -> dict[str, list[str]]:
    """Technique → ids of the behaviours of the library, and of those of the team that were approved."""
    found = built_in()
    for technique, ours in own.by_technique(team).items():
        found.setdefault(technique, []).extend(ours)
    return found


def built_in() -> dict[str, list[str]]:
    """Technique → ids of the library's behaviours."""
    return {technique: [one.id for one in found] for technique, found in library.by_technique().items()}


def actor(text: str) -> Actor | None:
    """The group or software in force of this identifier, name or alias, whatever its case."""
    wanted = text.strip()[:200]
    if not wanted:
        return None
    exact = Q(attack_id__iexact=wanted) | Q(name__iexact=wanted)
    for model in (Group, Software):
        if found := _in_force(model).filter(exact).order_by("attack_id").first():
            return found
    return next((one for one in actors(wanted) if wanted.lower() in map(str.lower, one.aliases)), None)


def actors(text: str) -> list[Actor]:
    """Groups, then software, in whose identifier, name or aliases the text occurs; a dozen at most."""
    wanted = text.strip()[:200]
    if not wanted:
        return []
    named = Q(attack_id__istartswith=wanted) | Q(name__icontains=wanted) | Q(aliases__icontains=wanted)
    found: list[Actor] = []
    for model in (Group, Software):
        found += _in_force(model).filter(named).order_by("name")[:MOST_ACTORS]
    return found[:MOST_ACTORS]


def used_by(actor: Actor) -> dict[str, str]:
    """Technique → MITRE's sentence on how the group or software uses it."""
    uses = actor.uses.filter(technique__revoked=False, technique__deprecated=False)
    return dict(uses.values_list("technique_id", "description"))


def groups_by_technique() -> dict[str, int]:
    """Technique → how many groups in force use it. One query."""
    in_force = GroupTechnique.objects.filter(group__revoked=False, group__deprecated=False)
    return dict(
        in_force.values("technique_id").annotate(n=Count("group_id")).order_by().values_list("technique_id", "n")
    )


def _in_force(model: type[Group] | type[Software]) -> QuerySet[Group] | QuerySet[Software]:
    return model.objects.filter(revoked=False, deprecated=False).only("attack_id", "name", "aliases")


def _revisions(team: Team) -> dict[int, CoveringRule]:
    """Draft → its furthest revision; of several equally far ones the newest; a disabled one only where no other is."""
    rows = Revision.objects.filter(team=team, state__in=STATES).order_by("handed_in_at", "pk")
    order = list(Standing)
    found: dict[int, CoveringRule] = {}
    for draft, name, state, techniques, tags, on in rows.values_list("draft_id", "name", "state", *NAMED, ENABLED):
        made = CoveringRule(name, _standing(state, on), _set(named(techniques, tags)[0]))
        known = found.get(draft)
        if known is None or order.index(made.standing) <= order.index(known.standing):
            found[draft] = made
    return found


def _standing(state: str, on: object) -> Standing:
    return Standing(state) if enabled(on) else Standing.DISABLED


_set = lru_cache(maxsize=8192)(frozenset[str])
