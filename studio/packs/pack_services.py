"""The verbs on a pack: make it, change it, choose its rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.authoring.models import Draft
from studio.packs.materials import MOST_RULES, members
from studio.packs.models import Pack, PackMember
from studio.review.lifecycle import State
from studio.review.models import Revision


class StalePackError(Exception):
    """Somebody else changed the pack meanwhile."""


class TooManyRulesError(Exception):
    """The pack would hold more rules than it may."""


@transaction.atomic
def create(team: Team, by: User, **fields: Any) -> Pack:
    """A new pack without rules."""
    require(by, team, "author")
    pack = Pack.objects.create(team=team, owner=by, **fields)
    record(by, team, "pack.created", pack, name=pack.name)
    return pack


@transaction.atomic
def change(pack: Pack, by: User, version: int, **fields: Any) -> Pack:
    """Change what the pack says of itself. Raises StalePackError."""
    require(by, pack.team, "author")
    _advance(pack, version)
    old = {name: getattr(pack, name) for name in fields}
    for name, value in fields.items():
        setattr(pack, name, value)
    pack.save(update_fields=[*fields, "changed_at"])
    changed = {name: value for name, value in fields.items() if old[name] != value}
    record(by, pack.team, "pack.changed", pack, changes=changed)
    return pack


@transaction.atomic
def add(pack: Pack, by: User, draft_ids: Iterable[int]) -> int:
    """Put rules at the end; those of another team and those in it already are passed over. Gives how many came.

    An approved rule can be added although its draft was deleted.
    """
    require(by, pack.team, "author")
    Pack.objects.select_for_update().get(pk=pack.pk)
    inside = set(pack.members.values_list("draft_id", flat=True))
    there = Q(deleted_at=None) | Exists(Revision.objects.filter(draft=OuterRef("pk"), state=State.APPROVED))
    wanted = Draft.objects.filter(there, team=pack.team, pk__in=list(draft_ids)).exclude(pk__in=inside)
    drafts = list(wanted.order_by("title", "pk"))
    if len(inside) + len(drafts) > MOST_RULES:
        raise TooManyRulesError(f"A pack holds at most {MOST_RULES:,} rules. Make a second one.")
    last = pack.members.aggregate(last=Max("position"))["last"] or 0
    rows = [PackMember(pack=pack, draft=draft, position=last + place) for place, draft in enumerate(drafts, 1)]
    PackMember.objects.bulk_create(rows)
    _touch(pack)
    record(by, pack.team, "pack.rules_added", pack, drafts=[draft.pk for draft in drafts])
    return len(drafts)


@transaction.atomic
def arrange(pack: Pack, by: User, version: int, rows: Sequence[Mapping[str, Any]], gone: Iterable[int] = ()) -> None:
    """Places, switches and priorities of some of the rules as `rows` give them (draft, place, switch, priority; the
    place is that in the row of rows where it is missing), without those `gone`. The others keep what they have.

    Raises StalePackError. Drafts that are not in the pack are passed over.
    """
    require(by, pack.team, "author")
    _advance(pack, version)
    left_out = set(gone)
    told = {row["draft"]: {"place": number, **row} for number, row in enumerate(rows, 1)}
    before = {one.draft: (number, one) for number, one in enumerate(members(pack), 1)}

    def key(draft: int) -> tuple[int, int]:
        number = before[draft][0]
        place = told.get(draft, {}).get("place", number)
        return place, (place > number) - (place < number)

    wanted = sorted((draft for draft in before if draft not in left_out), key=key)
    pack.members.all().delete()
    PackMember.objects.bulk_create(
        PackMember(pack=pack, draft_id=draft, position=place, switch=now["switch"], priority=now["priority"])
        for place, draft in enumerate(wanted, 1)
        for now in [told.get(draft) or vars(before[draft][1])]
    )
    record(by, pack.team, "pack.arranged", pack, rules=len(wanted), removed=sorted(left_out & before.keys()))


def _advance(pack: Pack, version: int) -> None:
    if not Pack.objects.filter(pk=pack.pk, version=version).update(version=F("version") + 1):
        raise StalePackError("Somebody else changed this pack since the page was opened. Look at it again, then save.")
    pack.refresh_from_db(fields=["version"])


def _touch(pack: Pack) -> None:
    Pack.objects.filter(pk=pack.pk).update(version=F("version") + 1)
    pack.refresh_from_db()
