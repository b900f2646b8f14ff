"""Which release is the current one: of a channel, of a destination, of a tag."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rules_export.artifacts.oci import tags
from studio.packs.models import ChannelLink, Delivery, Destination, Pack, Release


@dataclass(frozen=True, slots=True)
class Change:
    """What a yank or a rollback would change: keys of the releases that leave, and the release that is valid again."""

    leaves: frozenset[int] = frozenset()
    returns: Release | None = None


NO_CHANGE = Change()


def latest(pack: Pack, channel: str, after: Change = NO_CHANGE) -> Release | None:
    """The highest version that is ready and neither yanked nor rolled back; pre-releases count for candidates only."""
    return _highest(one for one in _out(pack, after) if _in_channel(one, channel))


def highest_version(pack: Pack) -> Release | None:
    """The release with the highest version that the pack ever had; refused and failed releases free theirs."""
    lost = (Release.State.REFUSED, Release.State.FAILED)
    return _highest(pack.releases.light().exclude(state__in=lost).select_related("pack"))


def newer_at(destination: Destination, release: Release) -> Release | None:
    """The newest release for the destination, where that is newer than `release`.

    What counts is what the destination takes by itself; where it takes nothing by itself, what was sent there.
    """
    found = [one for one in _for(destination) if one.sort_key > release.sort_key]
    return _highest(found)


def tags_at(destination: Destination, release: Release) -> tuple[str, ...]:
    """Tags of the release's image there: its version; x.y, x and latest where no newer release has them."""
    newer = [one for one in _for(destination) if one.sort_key > release.sort_key and not one.is_candidate]
    taken = {tag for one in newer for tag in tags(one.version)}
    return tuple(tag for tag in tags(release.version) if tag not in taken or tag == release.version)


def successor(destination: Destination, tag: str = "", after: Change = NO_CHANGE) -> Release | None:
    """What the destination returns to when it gives up a release: the newest of its channel (that has the tag)."""
    found = [one for one in _out(destination.pack, after) if _in_channel(one, destination.channel)]
    return _highest(one for one in found if not tag or tag in tags(one.version))


def _for(destination: Destination) -> list[Release]:
    """Releases that compete for the destination."""
    found = [one for one in _out(destination.pack) if _in_channel(one, destination.channel)]
    if destination.automatic:
        return found
    there = (Delivery.State.WAITING, Delivery.State.RUNNING, Delivery.State.DONE)
    sent = destination.deliveries.filter(kind=Delivery.Kind.PUSH, state__in=there)
    keys = {*sent.values_list("release", flat=True), *destination.placements.values_list("release", flat=True)}
    return [one for one in found if one.pk in keys]


def _out(pack: Pack, after: Change = NO_CHANGE) -> list[Release]:
    found = Release.objects.light().out().filter(pack=pack).select_related("pack")
    stay = [one for one in found if one.pk not in after.leaves]
    return [*stay, after.returns] if after.returns and after.returns not in stay else stay


def _in_channel(release: Release, channel: str) -> bool:
    return channel == ChannelLink.Channel.CANDIDATE or not release.is_candidate


def _highest(releases: Iterable[Release]) -> Release | None:
    return max(releases, key=lambda one: one.sort_key, default=None)
