"""Notices by mail: at once, once a day, or never, as each person chose for each kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from django.db import transaction

from studio.accounts import letters
from studio.accounts.models import Membership, User
from studio.notices.models import USUAL, Choice, Kind, Notice, Way

#: Notices that one digest lists; it says how many more there are.
MOST_LISTED = 60


def ways(person: User) -> dict[str, Way]:
    """For each kind of notice how the person wants it mailed."""
    chosen = dict(Choice.objects.filter(person=person).values_list("kind", "way"))
    return {kind: Way(chosen.get(kind, USUAL.get(kind, Way.DAILY))) for kind in Kind.values}


@transaction.atomic
def choose(person: User, wanted: Mapping[str, str]) -> None:
    """Keep what the person wants; a matter of their own, so nothing for the journal."""
    for kind, way in wanted.items():
        Choice.objects.update_or_create(person=person, kind=Kind(kind), defaults={"way": Way(way)})
    if all(way == Way.NEVER for way in wanted.values()):
        Notice.objects.filter(to=person, for_digest=True).update(for_digest=False)


def prepare(notices: list[Notice]) -> None:
    """Before they are kept: write letters for those that go at once, mark those for the digest."""
    if not letters.possible() or not notices:
        return
    kind = notices[0].kind
    chosen = dict(
        Choice.objects.filter(kind=kind, person__in=[one.to_id for one in notices]).values_list("person", "way")
    )
    for notice in notices:
        way = chosen.get(notice.to_id, USUAL.get(kind, Way.DAILY))
        notice.for_digest = way == Way.DAILY
        if way == Way.AT_ONCE:
            letters.write(notice.to.email, notice.text, "notice", {"notice": notice})


def send_digests() -> int:
    """One letter to everybody for whom notices wait that they have not read in the app meanwhile; how many letters."""
    waiting = Notice.objects.filter(for_digest=True).values_list("to", flat=True).order_by("to").distinct()
    return sum(_send_digest(person) for person in User.objects.filter(pk__in=list(waiting)))


@transaction.atomic
def _send_digest(person: User) -> bool:
    found = list(Notice.objects.filter(to=person, for_digest=True).select_related("team").order_by("team__name", "id"))
    taken = Notice.objects.filter(pk__in=[one.pk for one in found], for_digest=True).update(for_digest=False)
    if not taken or not person.is_active:  # another process was quicker, or the account was closed
        return False
    mine = set(Membership.objects.filter(user=person).values_list("team", flat=True))
    new = [one for one in found if one.read_at is None and one.team_id in mine]
    if not new:
        return False
    subject = new[0].text if len(new) == 1 else f"{len(new)} notices in Mews"
    words = {"person": person, "teams": _by_team(new[:MOST_LISTED]), "more": max(0, len(new) - MOST_LISTED)}
    return letters.write(person.email, subject, "digest", words) is not None


def _by_team(notices: Iterable[Notice]) -> list[tuple[str, list[Notice]]]:
    return [(str(team), list(some)) for team, some in groupby(notices, key=lambda one: one.team)]
