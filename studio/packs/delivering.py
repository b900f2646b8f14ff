"""The verbs on destinations and deliveries: name a place, send a release there, carry it out, try again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts.models import User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.packs import git_push, places, recovery, registry_push, store
from studio.packs.channels import floating_tags
from studio.packs.models import Delivery, Destination, Pack, Release
from studio.stored import FileGoneError

#: Destinations that a pack may have at a time, and tries before a person has to ask again.
MOST_DESTINATIONS, MOST_TRIES = 10, 3
#: Seconds until the next try, doubled each time.
PAUSE = 30
OPEN = (Delivery.State.WAITING, Delivery.State.RUNNING)


class CannotDeliverError(Exception):
    """It cannot be delivered like this; the message is for a person."""


@transaction.atomic
def add(pack: Pack, by: User, **fields: Any) -> Destination:
    """Name a place where releases go. Raises CannotDeliverError."""
    require(by, pack.team, "maintainer")
    if pack.destinations.filter(removed_at=None).count() >= MOST_DESTINATIONS:
        raise CannotDeliverError(f"A pack has at most {MOST_DESTINATIONS} destinations. Remove one first.")
    made = Destination.objects.create(pack=pack, made_by=by, **fields)
    about = {name: fields[name] for name in ("kind", "address", "branch") if name in fields}
    record(by, pack.team, "destination.made", made, **about)
    return made


@transaction.atomic
def change(destination: Destination, by: User, **fields: Any) -> Destination:
    """Change what is said of the place."""
    require(by, destination.pack.team, "maintainer")
    changed = {name: value for name, value in fields.items() if getattr(destination, name) != value}
    for name, value in changed.items():
        setattr(destination, name, value)
    destination.save()
    record(by, destination.pack.team, "destination.changed", destination, changes=changed)
    return destination


@transaction.atomic
def remove(destination: Destination, by: User) -> None:
    """No release goes there any more. Removing again changes nothing."""
    require(by, destination.pack.team, "maintainer")
    if Destination.objects.filter(pk=destination.pk, removed_at=None).update(removed_at=timezone.now()):
        record(by, destination.pack.team, "destination.removed", destination)


def begin(release: Release) -> None:
    """A release is ready: send it to every destination that takes it by itself. Called in its transaction."""
    for one in release.pack.destinations.filter(removed_at=None):
        if one.takes(release):
            _ask(release, one, release.made_by)


@transaction.atomic
def deliver(release: Release, destination: Destination, by: User) -> Delivery:
    """Send a release to a destination, again where it was sent before. Raises CannotDeliverError."""
    require(by, release.pack.team, "maintainer")
    if release.state != Release.State.DONE or release.yanked_at:
        raise CannotDeliverError("Only a release that is ready, and not yanked, can be delivered.")
    if destination.removed_at or destination.pack_id != release.pack_id:
        raise CannotDeliverError("The pack has no such destination any more.")
    if release.deliveries.filter(destination=destination, state__in=OPEN).exists():
        raise CannotDeliverError("It is on its way already.")
    return _ask(release, destination, by)


def carry_out(delivery: Delivery) -> Delivery:
    """Push. Safe to call again: what is over stays, and what lies there already is found there."""
    with store.claimed(f"delivery-{delivery.pk}") as ours:
        if not ours or not Delivery.objects.filter(pk=delivery.pk, state__in=OPEN).update(
            state=Delivery.State.RUNNING, stage="Beginning"
        ):
            return delivery
        delivery.refresh_from_db()
        try:
            outcome = _push(delivery)
        except (places.PlaceError, git_push.GitError, registry_push.RegistryError, FileGoneError) as error:
            return _failed(delivery, str(error), final=isinstance(error, (places.PlaceError, FileGoneError)))
        return _finish(delivery, Delivery.State.DONE, outcome=outcome)


def fail(delivery: Delivery, trouble: str) -> Delivery:
    """Note that something of ours broke."""
    return _failed(delivery, trouble, final=True)


def stranded() -> list[Delivery]:
    """Deliveries that a lost message or a killed worker left behind."""
    return list(Delivery.objects.filter(state__in=OPEN))


def _ask(release: Release, destination: Destination, by: User) -> Delivery:
    now = {"state": Delivery.State.WAITING, "tries": 0, "trouble": "", "outcome": "", "asked_by": by}
    delivery, _ = Delivery.objects.update_or_create(
        release=release, destination=destination, defaults={**now, "asked_at": timezone.now(), "finished_at": None}
    )
    record(by, release.pack.team, "delivery.asked", delivery, address=destination.address)
    transaction.on_commit(lambda: _send(delivery))
    return delivery


def _push(delivery: Delivery) -> str:
    release, destination = delivery.release, delivery.destination
    team = release.pack.team.slug
    if destination.is_git:
        place = places.permitted(places.git_place(destination.address), team)
        return git_push.push(_job(delivery, place), lambda stage: _tell(delivery, stage))
    place = places.permitted(places.registry_place(destination.address), team)
    layout = recovery.release_file(release, f"oci/{release.pack.name}-{release.version}.tar")
    tags = floating_tags(release)
    return registry_push.push(layout, place, places.credentials(place), tags, lambda stage: _tell(delivery, stage))


def _job(delivery: Delivery, place: places.Place) -> git_push.Job:
    release, destination = delivery.release, delivery.destination
    folder = f"{destination.folder}/" if destination.folder else ""
    inside = [path for path in release.files if path not in release.bundles]
    if destination.holds == Destination.Holds.RULES:
        kept = {f"{folder}{release.pack.name}.yaml": "falco_rules.local.yaml"}
    else:
        kept = {f"{folder}{path}": path for path in inside}
    files = {path: (recovery.release_file(release, one), one.endswith(".sh")) for path, one in kept.items()}
    name, _, mail = destination.signed_off_by.rstrip(">").rpartition(" <")
    about = f"{release.pack.name} {release.version}"
    return git_push.Job(
        address=destination.address,
        scheme=place.scheme,
        branch=destination.branch,
        files=files,
        title=f"Release {about}",
        words=release.changelog,
        person=(name, mail) if name else (release.made_by.name, release.made_by.email),
        moment=int(release.made_at.timestamp()),
        own_branch=f"mews/{release.pack.name}-{release.version}" if destination.own_branch else "",
        asks_merge=destination.asks_merge,
        gone_with=destination.folder if destination.holds == Destination.Holds.ALL else None,
        credentials=places.credentials(place),
    )


def _failed(delivery: Delivery, trouble: str, final: bool) -> Delivery:
    """Note what went wrong; the worker tries again by itself unless nothing would change."""
    delivery.tries += 1
    if final or delivery.tries >= MOST_TRIES:
        return _finish(delivery, Delivery.State.FAILED, trouble=trouble)
    delivery.state, delivery.trouble, delivery.stage = Delivery.State.WAITING, trouble[:2000], "Waiting to try again"
    delivery.save()
    pause = PAUSE * 2 ** (delivery.tries - 1)
    transaction.on_commit(lambda: _send(delivery, pause))
    return delivery


def _tell(delivery: Delivery, stage: str) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(stage=stage[:200])


@transaction.atomic
def _finish(delivery: Delivery, state: Delivery.State, outcome: str = "", trouble: str = "") -> Delivery:
    delivery.state, delivery.stage, delivery.finished_at = state, "", timezone.now()
    delivery.outcome, delivery.trouble = outcome[:1000], trouble[:2000]
    delivery.save()
    details = {"address": delivery.destination.address, "outcome": outcome or trouble}
    record(delivery.asked_by, delivery.release.pack.team, f"delivery.{state}", delivery, **details)
    return delivery


def _send(delivery: Delivery, pause: int = 0) -> None:
    from studio.packs.tasks import deliver as task

    task.apply_async((delivery.pk,), countdown=pause)
