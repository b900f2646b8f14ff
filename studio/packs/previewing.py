"""What a release would be, kept: a large pack's answer takes seconds, so the worker finds it and pages read it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from rules_export.compare.semver import Level, Reason
from studio.carrying import send
from studio.definitions import queries as definitions
from studio.failures import optional_write
from studio.packs import store
from studio.packs.conflicts import Conflict
from studio.packs.materials import Listed, all_of, members
from studio.packs.models import Pack, PackPreview, Release
from studio.packs.newest import highest_version
from studio.packs.proposing import Proposal, last_release, worked_out
from studio.version import VERSION

#: From so many rules on the worker looks.
MANY = 200
State = PackPreview.State
OPEN = (State.WAITING, State.RUNNING)


@dataclass(frozen=True, slots=True)
class Look:
    """A pack as a page shows it at once. rules: all of the team; proposal: None while `preview` is worked out."""

    rules: Sequence[Listed]
    members: tuple[Listed, ...]
    proposal: Proposal | None
    preview: PackPreview | None = None

    @property
    def unapproved(self) -> tuple[Listed, ...]:
        """Members that nobody approved."""
        return tuple(one for one in self.members if one.standing != "approved")

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Those that are known."""
        return self.proposal.conflicts if self.proposal else ()


def propose(pack: Pack) -> Proposal:
    """The release that could be made now, worked out here where nobody did before."""
    found, previous = tuple(members(pack)), last_release(pack)
    if len(found) < MANY:
        return worked_out(pack, found, previous)
    key = _key(pack, found, previous)
    if known := _kept(pack, key):
        return _read(known, found, previous)
    made = worked_out(pack, found, previous)
    done = {"key": key, "state": State.DONE, "told": _told(made), "percent": 100}
    PackPreview.objects.update_or_create(pack=pack, defaults=done)
    return made


def look(pack: Pack, retry: bool = False) -> Look:
    """The pack now; the worker is asked for a large one's proposal that is not known. retry: after a failure too."""
    rules, previous = all_of(pack.team), last_release(pack)
    found = tuple(members(pack, rules))
    if len(found) < MANY:
        return Look(rules, found, worked_out(pack, found, previous))
    key = _key(pack, found, previous)
    if known := _kept(pack, key):
        return Look(rules, found, _read(known, found, previous))
    return Look(rules, found, None, _asked(pack, key, retry))


def known(pack: Pack) -> Proposal | None:
    """The release that could be made now; None while it is being worked out."""
    return look(pack).proposal


def carry_out(preview: PackPreview) -> None:
    """Work it out and keep it. Safe to call again; an answer that came too late is dropped."""
    with store.claimed(f"preview-{preview.pk}-{preview.key[:16]}") as ours:
        wanted = PackPreview.objects.filter(pk=preview.pk, key=preview.key, state__in=OPEN)
        if not ours or not wanted.update(state=State.RUNNING, attempts=F("attempts") + 1):
            return
        preview.refresh_from_db()
        if preview.attempts > store.MOST_ATTEMPTS:
            fail(preview)
            return
        pack = preview.pack
        found, previous = tuple(members(pack)), last_release(pack)
        made = worked_out(pack, found, previous, lambda percent, stage: wanted.update(percent=percent, stage=stage))
        if _key(pack, found, previous) == preview.key:
            wanted.update(state=State.DONE, told=_told(made), percent=100, stage="")
        else:
            wanted.delete()  # somebody changed the rules meanwhile; whoever looks next asks anew


def fail(preview: PackPreview) -> None:
    """Note that something of ours broke."""
    PackPreview.objects.filter(pk=preview.pk, key=preview.key).update(state=State.FAILED)


def stranded() -> list[PackPreview]:
    """Those that a lost message or a killed worker left behind."""
    return list(PackPreview.objects.filter(state__in=OPEN).defer("told"))


def _asked(pack: Pack, key: str, retry: bool) -> PackPreview:
    """The preview that the worker makes; one that is not kept, where the team has too many or the database is away."""
    fresh: dict[str, Any] = {"state": State.WAITING, "told": {}, "percent": 0, "stage": "", "attempts": 0}
    others = PackPreview.objects.filter(pack__team=pack.team_id, state__in=OPEN).exclude(pack=pack)
    if others.count() < settings.QUOTAS["previews"]:
        with optional_write("preview"):
            return _kept_preview(pack, key, retry, fresh)
    return PackPreview(pack=pack, key=key, **fresh)


def _kept_preview(pack: Pack, key: str, retry: bool, fresh: dict[str, Any]) -> PackPreview:
    with transaction.atomic():
        preview, made = PackPreview.objects.select_for_update().get_or_create(pack=pack, defaults={"key": key, **fresh})
        if not made and preview.key == key and not (retry and preview.state == State.FAILED):
            return preview
        for name, value in {"key": key, **fresh}.items():
            setattr(preview, name, value)
        preview.save()
        transaction.on_commit(lambda: _send(preview))
    return preview


def _kept(pack: Pack, key: str) -> dict[str, Any] | None:
    return PackPreview.objects.filter(pack=pack, key=key, state=State.DONE).values_list("told", flat=True).first()


def _key(pack: Pack, found: Sequence[Listed], previous: Release | None) -> str:
    """Changes with everything that a proposal follows from."""
    highest = highest_version(pack)
    numbers = f"{previous.pk if previous else 0} {highest.pk if highest else 0}"
    digest = hashlib.sha256(f"{VERSION} {pack.mode} {pack.target} {numbers}".encode())
    if any(not one.revision_id for one in found):
        digest.update(repr(sorted(definitions.own(pack.team_id).terms.items())).encode())
    rows = [(one.stamp, one.standing, one.name, one.switch, one.priority) for one in found]
    digest.update(json.dumps(rows).encode())
    return digest.hexdigest()


def _told(made: Proposal) -> dict[str, Any]:
    return {
        "conflicts": [asdict(one) for one in made.conflicts],
        "reasons": [[int(one.level), one.item, one.says] for one in made.reasons],
        "version": made.version,
        "changelog": made.changelog,
        "needs": made.needs,
        "because": list(made.because),
    }


def _read(told: dict[str, Any], found: tuple[Listed, ...], previous: Release | None) -> Proposal:
    return Proposal(
        found,
        tuple(Conflict(**one) for one in told["conflicts"]),
        previous,
        tuple(Reason(Level(level), item, says) for level, item, says in told["reasons"]),
        told["version"],
        told["changelog"],
        told["needs"],
        tuple(told["because"]),
    )


def _send(preview: PackPreview) -> None:
    from studio.packs.tasks import make_preview

    send(make_preview, preview)
