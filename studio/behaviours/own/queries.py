"""Named reads of the teams' own behaviours. A version that a rule names is found whatever its state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from studio.accounts.mailboxes import with_other_accounts
from studio.accounts.models import Team, User
from studio.accounts.roles import Role
from studio.behaviours.loader import REFUSALS, behaviour
from studio.behaviours.models import OPEN, PASSED, PREFIX, OwnBehaviour, OwnVersion, State
from studio.behaviours.own.permissions import NEEDS
from studio.behaviours.records import Behaviour


def versions(team: Team) -> QuerySet[OwnVersion]:
    """All versions of the team's behaviours."""
    return OwnVersion.objects.filter(behaviour__team=team).select_related("behaviour__team", "changed_by")


def version(team: Team, pk: int) -> OwnVersion:
    """One of the team's. Raises OwnVersion.DoesNotExist."""
    return versions(team).select_related("handed_in_by", "decided_by").get(pk=pk)


def family(one: OwnVersion) -> QuerySet[OwnVersion]:
    """All versions of the same behaviour, the newest first."""
    return OwnVersion.objects.filter(behaviour=one.behaviour_id).select_related("changed_by", "decided_by")


def newest(team: Team, text: str = "", state: str = "") -> list[OwnVersion]:
    """The newest version of each behaviour, by title; those in which all words occur, and in one state where named."""
    found: dict[int, OwnVersion] = {}
    for one in versions(team).order_by("behaviour_id", "-number"):
        found.setdefault(one.behaviour_id, one)
    words = text.casefold().split()
    rows = [one for one in found.values() if not state or one.state == state]
    rows = [one for one in rows if all(word in _haystack(one) for word in words)]
    return sorted(rows, key=lambda one: (one.title.casefold(), one.pk))


def approved(team: Team) -> QuerySet[OwnVersion]:
    """The versions that everybody in the team may use."""
    return versions(team).filter(state=State.APPROVED)


def usable(team: Team | None, person: User | AnonymousUser | None) -> list[Behaviour]:
    """The approved ones, and sound ones in progress in which the person wrote, by technique and title."""
    return _made_of(_usable(team, person)) if team is not None else []


def for_techniques(
    team: Team | None, person: User | AnonymousUser | None, attack_ids: Collection[str]
) -> list[Behaviour]:
    """Of these, those of the techniques, or of sub-techniques of theirs."""
    wanted = set(attack_ids)
    if team is None or not wanted:
        return []
    named = Q()
    for attack_id in wanted:
        named |= Q(techniques__contains=attack_id)
    found = _made_of(_usable(team, person).filter(named))
    return [one for one in found if any(_of(t, wanted) for t in one.techniques)]


def may_use(team: Team, person: User, reference: str, *, chosen: bool = False) -> Behaviour | None:
    """The behaviour, where this person of the team may put it into a rule; None otherwise.

    chosen: a rule has it already, so any version of the team's will do.
    """
    if not is_reference(reference):
        return None
    rows = versions(team) if chosen else _usable(team, person)
    return next(iter(_made_of(rows.filter(pk=int(reference[len(PREFIX) :])))), None)


def by_technique(team: Team) -> dict[str, list[str]]:
    """Technique → references of the team's approved behaviours."""
    found: dict[str, list[str]] = defaultdict(list)
    for pk, techniques in approved(team).values_list("pk", "techniques"):
        for technique in techniques.split():
            found[technique].append(f"{PREFIX}{pk}")
    return dict(found)


def rows(references: Iterable[str]) -> list[OwnVersion]:
    """The versions that rules name, of any team and state, in the order in which they are named."""
    keys = list(dict.fromkeys(int(one[len(PREFIX) :]) for one in references if is_reference(one)))
    if not keys:
        return []
    known = OwnVersion.objects.select_related("behaviour__team").in_bulk(keys)
    return [known[key] for key in keys if key in known]


def by_reference(references: Iterable[str]) -> dict[str, Behaviour]:
    """The behaviours that rules name, of any team and state; what is none, or can't be read, is left out."""
    made = ((row.reference, as_behaviour(row)) for row in rows(references))
    return {reference: one for reference, one in made if one is not None}


def of_record(reference: str, digest: str, record: Mapping[str, Any]) -> Behaviour | None:
    """The behaviour that a frozen record says, under its reference; None where it can't be read."""
    made = _made(digest, record)
    return replace(made, id=reference) if made is not None else None


def stamp(references: Iterable[str]) -> str:
    """Changes whenever what one of these references stands for does; empty, and no query, where none is a team's."""
    keys = [int(one[len(PREFIX) :]) for one in references if is_reference(one)]
    if not keys:
        return ""
    rows = OwnVersion.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "digest")
    return " ".join(f"{pk}:{digest[:16]}" for pk, digest in rows)


def is_reference(behaviour_id: str) -> bool:
    """Whether an id is that of a team's version."""
    digits = behaviour_id[len(PREFIX) :]
    return behaviour_id.startswith(PREFIX) and digits.isascii() and digits.isdigit() and len(digits) < 15


def as_behaviour(row: OwnVersion) -> Behaviour | None:
    """The version as the rest of Mews takes behaviours: under its reference, with the team's name and its state."""
    made = _made(row.digest, row.record)
    if made is None:
        return None
    standing = "" if row.state == State.APPROVED else str(State(row.state).label)
    return replace(made, id=row.reference, owner=row.behaviour.team.name, standing=standing)


def able_to_approve(one: OwnVersion) -> QuerySet[User]:
    """Members whose role lets them decide and who did not contribute to it, by name."""
    roles = [role for role in Role if role.includes(NEEDS["decide"])]
    able = User.objects.filter(
        is_active=True, memberships__team=one.behaviour.team_id, memberships__role__in=roles
    ).exclude(pk__in=with_other_accounts(one.behaviour.team, contributors(one)))
    return able.order_by("name", "pk")


def is_approved(one: OwnVersion) -> bool:
    """Whether the version was approved, and not retired since."""
    return one.state in PASSED


def contributors(one: OwnVersion) -> set[int]:
    """Keys of everyone who edited this version, or an earlier one since the last that was approved before it."""
    earlier = OwnVersion.objects.filter(behaviour=one.behaviour_id, number__lt=one.number)
    last = earlier.filter(state__in=PASSED).order_by("-number").values_list("number", flat=True).first() or 0
    editors = OwnVersion.editors.through.objects.filter(
        ownversion__behaviour=one.behaviour_id, ownversion__number__gt=last, ownversion__number__lte=one.number
    )
    return set(editors.values_list("user_id", flat=True))


def slugs(team: Team) -> set[str]:
    """The ids that the team's behaviours have."""
    return set(OwnBehaviour.objects.filter(team=team).values_list("slug", flat=True))


def _usable(team: Team, person: User | AnonymousUser | None) -> QuerySet[OwnVersion]:
    wanted = Q(state=State.APPROVED)
    if isinstance(person, User):
        written = OwnVersion.editors.through.objects.filter(user=person.pk).values("ownversion")
        wanted |= Q(state__in=OPEN, sound=True, pk__in=written)
    return versions(team).filter(wanted).order_by("techniques", "title", "pk")


def _made_of(rows: Iterable[OwnVersion]) -> list[Behaviour]:
    return [one for one in map(as_behaviour, rows) if one is not None]


#: What records were made into, by their digest: making one takes a millisecond.
_known: dict[str, Behaviour | None] = {}


def _made(digest: str, record: Mapping[str, Any]) -> Behaviour | None:
    if digest not in _known:
        if len(_known) >= 4096:
            _known.clear()
        try:
            _known[digest] = behaviour(dict(record))
        except REFUSALS:
            _known[digest] = None
    return _known[digest]


def _of(technique: str, wanted: set[str]) -> bool:
    return technique in wanted or technique.partition(".")[0] in wanted


def _haystack(one: OwnVersion) -> str:
    parts: Sequence[object] = (one.title, one.techniques, one.behaviour.slug, *map(one.record.get, ("does", "clause")))
    return " ".join(map(str, parts)).casefold()
