"""Notifies maintainers and webhooks of failed deliveries, yanked releases and rollbacks."""

from __future__ import annotations

from studio.accounts.models import Membership, Team, User
from studio.accounts.roles import Role
from studio.notices.models import Event, Kind
from studio.notices.services import send
from studio.notices.webhooks import announce
from studio.packs.models import Delivery, Release


def failed(delivery: Delivery) -> None:
    """A delivery or a retraction failed, and nobody tries again by itself."""
    release, destination = delivery.release, delivery.destination
    team, url = release.pack.team, release.get_absolute_url()
    retracts = delivery.kind == Delivery.Kind.RETRACT
    text = f"{release} could not be {'retracted from' if retracts else 'delivered to'} {destination.label}"
    send(team, _maintainers(team), None, Kind.DELIVERY, text, url, delivery.trouble)
    announce(
        team, Event.DELIVERY_FAILED, None, text, url, pack=release.pack.name, version=release.version,
        kind=str(delivery.kind), destination=destination.label, address=destination.address, note=delivery.trouble,
    )  # fmt: skip


def yanked(release: Release, by: User, instead: Release | None) -> None:
    """A release was yanked. instead: the release that takes its place, if any."""
    team, url = release.pack.team, release.get_absolute_url()
    text = f"{by} yanked {release}"
    send(team, _maintainers(team), by, Kind.YANKED, text, url, release.yank_reason)
    announce(
        team, Event.YANKED, by, text, url, pack=release.pack.name, version=release.version,
        instead=instead.version if instead else None, note=release.yank_reason,
    )  # fmt: skip


def rolled_back(to: Release, by: User, reason: str, versions: list[str]) -> None:
    """A pack went back to an earlier release. versions: those that it left."""
    team, url = to.pack.team, to.get_absolute_url()
    text = f"{by} rolled {to.pack.name} back to {to.version}"
    send(team, _maintainers(team), by, Kind.ROLLBACK, text, url, reason)
    announce(
        team, Event.ROLLED_BACK, by, text, url, pack=to.pack.name, version=to.version, left=versions, note=reason
    )  # fmt: skip


def _maintainers(team: Team) -> list[User]:
    able = [role for role in Role if role.includes(Role.MAINTAINER)]
    found = Membership.objects.filter(team=team, role__in=able).select_related("user")
    return [one.user for one in found]
