"""Everything that still holds a release: destinations, channels, deliveries, and who downloaded it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from studio.audit.models import JournalEntry
from studio.packs.models import ChannelLink, Delivery, Pack, Placement, Release
from studio.packs.newest import NO_CHANGE, Change, latest, successor

#: People that one page lists.
MAX_DOWNLOADERS = 50


@dataclass(frozen=True, slots=True)
class Holder:
    """A place that holds the release. kind: git, registry, delivery, channel or index. where: its label; name: the
    branch, tag or channel; then: what happens there."""

    kind: str
    where: str
    name: str
    release: Release
    then: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """Somebody who downloaded files of the release. files: their paths, once each."""

    by: str
    files: tuple[str, ...]
    last: datetime


def holders(releases: Sequence[Release], after: Change) -> list[Holder]:
    """Every place that holds one of these releases, and what becomes of it with the change."""
    return [
        one
        for release in releases
        for one in (*_destinations(release, after), *_deliveries(release), *_links(release, after))
    ]


def downloads(release: Release) -> list[Download]:
    """Who downloaded the release, as the audit log has it; the latest first."""
    about = {"verb": "release.downloaded", "target_type": release._meta.label_lower, "target_id": str(release.pk)}
    rows = JournalEntry.objects.filter(**about, team_id=release.pack.team_id).order_by("-number")
    found: dict[str, Download] = {}
    for row in rows:
        first = found.get(row.actor)
        files = dict.fromkeys((*(first.files if first else ()), str(row.details.get("file", ""))))
        found[row.actor] = Download(row.actor, tuple(files), first.last if first else row.at)
    return list(found.values())[:MAX_DOWNLOADERS]


def _destinations(release: Release, after: Change) -> Iterator[Holder]:
    placed = Placement.objects.filter(release=release).select_related("destination__pack")
    for one in placed:
        destination = one.destination
        where = f"{destination.label}: {one.address}{f', folder {one.folder}' if one.folder else ''}"
        url = "" if destination.removed_at else reverse("packs:destinations", args=[destination.pack.name])
        yield Holder(destination.kind, where, one.name, release, _then(one, after), url)


def _then(one: Placement, after: Change) -> str:
    destination = one.destination
    if not one.is_reachable:
        return "Stays: Mews no longer writes there. Change it by hand."
    if destination.is_git and not one.is_moving:
        return "Deleted; where it was merged, Mews proposes a way back on a new branch."
    if not one.is_moving:
        return "Stays: the tag belongs to this version. Delete it in the registry if nobody may pull it."
    back = successor(destination, "" if destination.is_git else one.name, after)
    if back:
        return f"Returns to {back.version}."
    return "Files of the pack are removed." if destination.is_git else "Deleted, if the registry deletes tags."


def _deliveries(release: Release) -> Iterator[Holder]:
    states = (Delivery.State.WAITING, Delivery.State.RUNNING)
    waiting = release.deliveries.filter(kind=Delivery.Kind.PUSH, state__in=states).select_related("destination")
    for one in waiting:
        place = one.destination
        yield Holder("delivery", f"{place.label}: {place.address}", one.get_state_display(), release, "Cancelled.")
    failed = release.deliveries.filter(kind=Delivery.Kind.PUSH, state=Delivery.State.FAILED)
    for one in failed.filter(destination__removed_at=None).select_related("destination"):
        place = one.destination
        looked = "Mews looks whether the place holds it, and takes it back."
        yield Holder("delivery", f"{place.label}: {place.address}", one.get_state_display(), release, looked)


def _links(release: Release, after: Change) -> Iterator[Holder]:
    pack: Pack = release.pack
    for channel in ChannelLink.Channel:
        if latest(pack, channel) != release:
            continue
        back = latest(pack, channel, after)
        then = f"Hosts get {back.version}." if back else "Hosts get no file until the next release."
        for link in pack.links.filter(channel=channel, revoked_at=None):
            yield Holder(
                "channel", f"Link {link.label}", channel, release, then, reverse("packs:links", args=[pack.name])
            )
        if channel == ChannelLink.Channel.STABLE:
            for index in pack.team.index_links.filter(revoked_at=None):
                lists = f"Lists {back.version}." if back else "Does not list the pack."
                yield Holder("index", f"Index {index.label}", channel, release, lists, reverse("packs:index"))


def of_yank(release: Release) -> list[Holder]:
    """What holds a release that is to be yanked."""
    return holders([release], Change(frozenset([release.pk])))


def of_release(release: Release) -> list[Holder]:
    """What holds the release now; of one that is valid with what a yank would do there."""
    return holders([release], NO_CHANGE) if release.is_withdrawn else of_yank(release)
