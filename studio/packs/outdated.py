"""Where hosts run an earlier revision of a rule, or get it from a release that was yanked or rolled back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from studio.packs.models import ChannelLink, Pack, Placement, Release, ReleasedRule
from studio.packs.models.release import HEAVY
from studio.packs.newest import latest
from studio.review.facts import HostedRevision
from studio.review.models import Revision

Carried = dict[int, tuple[Release, Revision]]


def hosted(current: Revision) -> list[HostedRevision]:
    """Channels and destinations whose release has an earlier revision than this one, or was withdrawn, by pack."""
    rows = ReleasedRule.objects.filter(
        revision__draft=current.draft_id, release__pack__team=current.team_id, release__state=Release.State.DONE
    ).select_related("release__pack__team", "revision")
    carried: Carried = {}
    for row in rows.defer(*(f"release__{name}" for name in HEAVY)):
        carried[row.release_id] = (row.release, row.revision)
    packs = {release.pack_id: release.pack for release, _ in carried.values()}
    found = [one for pack in packs.values() for one in _channels(pack, carried, current)]
    found += _destinations(carried, current)
    return sorted(found, key=lambda one: (one.pack, one.where))


def _channels(pack: Pack, carried: Carried, current: Revision) -> Iterator[HostedRevision]:
    stable = latest(pack, ChannelLink.Channel.STABLE)
    for channel in ChannelLink.Channel:
        release = latest(pack, channel)
        links = pack.links.filter(channel=channel, revoked_at=None).count()
        if release is None or release.pk not in carried:
            continue
        if channel == ChannelLink.Channel.CANDIDATE and release == stable and not links:
            continue
        _, revision = carried[release.pk]
        if revision.number < current.number:
            polled = f"polled under {links} link{'s' if links != 1 else ''}" if links else "no link"
            yield _row(release, revision, f"Channel {channel.value} ({polled})")


def _destinations(carried: Carried, current: Revision) -> Iterator[HostedRevision]:
    """Branches and moving tags; hosts follow no tag of one version and no branch for a merge request."""
    held = Placement.objects.filter(release__in=list(carried), is_moving=True).select_related("destination")
    names: dict[tuple[str, int], list[str]] = defaultdict(list)
    for one in held.order_by("pk"):
        release, revision = carried[one.release_id]
        if revision.number < current.number or release.is_withdrawn:
            names[(f"{one.destination.label}: {one.address}", one.release_id)].append(one.name)
    for (where, release_id), held_names in names.items():
        release, revision = carried[release_id]
        yield _row(release, revision, f"{where} ({', '.join(held_names)})")


def _row(release: Release, revision: Revision, where: str) -> HostedRevision:
    state = "yanked" if release.yanked_at else "rolled back" if release.rolled_back_at else ""
    return HostedRevision(
        pack=release.pack.title,
        version=release.version,
        url=release.get_absolute_url(),
        where=where,
        revision=revision.number,
        revision_url=revision.get_absolute_url(),
        state=state,
    )
