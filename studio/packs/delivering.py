"""The verbs on destinations and deliveries: name a place, send or take back a release, carry it out."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from studio import quotas
from studio.accounts.models import User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.carrying import send
from studio.packs import git_push, places, registry_push, store, telling, writing
from studio.packs.models import Delivery, Destination, Pack, Placement, Release
from studio.packs.newest import newer_at
from studio.stored import FileGoneError

#: Destinations that a pack may have at a time, and tries before a person has to ask again.
MOST_DESTINATIONS, MOST_TRIES = 10, 3
#: Seconds until the next try, doubled each time.
PAUSE = 30
#: Seconds until the next try where another worker writes to the same destination.
BUSY_PAUSE = 5
State, Kind = Delivery.State, Delivery.Kind
OPEN = (State.WAITING, State.RUNNING)
PROGRESS = ("state", "stage", "tries", "outcome", "trouble", "finished_at")


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
    """No release goes there any more; what was on its way is cancelled. Removing again changes nothing."""
    require(by, destination.pack.team, "maintainer")
    if Destination.objects.filter(pk=destination.pk, removed_at=None).update(removed_at=timezone.now()):
        record(by, destination.pack.team, "destination.removed", destination)
        for delivery in destination.deliveries.filter(state__in=OPEN).select_related("release__pack__team"):
            _cancel(delivery, by, "The destination was removed.")


def begin(release: Release, by: User) -> None:
    """A release is ready, or valid again: send it to every destination that takes it by itself. Called in the
    transaction of that."""
    for one in release.pack.destinations.filter(removed_at=None):
        if one.takes(release):
            _ask(release, one, by)


@transaction.atomic
def deliver(release: Release, destination: Destination, by: User) -> Delivery:
    """Send a release to a destination, again where it was sent before; one that was withdrawn is taken back again.

    Raises CannotDeliverError.
    """
    require(by, release.pack.team, "maintainer")
    _lock(release.pack)
    release.refresh_from_db(fields=["state", "yanked_at", "rolled_back_at"])
    if destination.removed_at or destination.pack_id != release.pack_id:
        raise CannotDeliverError("The pack has no such destination any more.")
    kind = Kind.RETRACT if release.is_withdrawn else Kind.PUSH
    failed = release.deliveries.filter(destination=destination, kind=Kind.RETRACT, state=State.FAILED).exists()
    if kind == Kind.RETRACT and not failed and not _holds(destination, release):
        raise CannotDeliverError("Only a release that is ready, not yanked and not rolled back can be delivered.")
    if release.state != Release.State.DONE:
        raise CannotDeliverError("Only a release that is ready can be delivered.")
    if release.deliveries.filter(destination=destination, kind=kind, state__in=OPEN).exists():
        raise CannotDeliverError("It is on its way already.")
    waiting = Delivery.objects.filter(release__pack__team=release.pack.team, state__in=OPEN)
    quotas.require_place(release.pack.team, waiting, "deliveries", "deliveries")
    newer = newer_at(destination, release) if destination.is_git and kind == Kind.PUSH else None
    if newer:
        raise CannotDeliverError(
            f"{newer.version} is newer and belongs to {destination.label}. To go back to {release.version}, roll back."
        )
    return _ask(release, destination, by, kind)


def withdraw(release: Release, by: User) -> list[Delivery]:
    """The release was yanked or rolled back: cancel what is on its way, and take it back from every destination that
    holds it or may hold it in a moment. Gives the retractions. Called in the transaction of that, with the pack locked.
    """
    word = "yanked" if release.yanked_at else "rolled back"
    # a delivery that failed may have got there all the same: the retraction looks
    unsure = set(release.deliveries.filter(kind=Kind.PUSH, state=State.FAILED).values_list("destination", flat=True))
    for delivery in release.deliveries.filter(kind=Kind.PUSH, state__in=OPEN).select_related("destination"):
        if delivery.state == State.RUNNING:
            unsure.add(delivery.destination_id)
        _cancel(delivery, by, f"{release.version} was {word} before it was delivered.")
    places = release.pack.destinations.filter(removed_at=None)
    return [_ask(release, one, by, Kind.RETRACT) for one in places if one.pk in unsure or _holds(one, release)]


def cancel_retractions(release: Release, by: User) -> None:
    """The release is valid again: it stays where it is."""
    for delivery in release.deliveries.filter(kind=Kind.RETRACT, state__in=OPEN).select_related("destination"):
        _cancel(delivery, by, f"{release.version} is valid again.")


def carry_out(delivery: Delivery) -> Delivery:
    """Push, or take back. Safe to call again: what is over stays, and what lies there already is found there.

    One worker at a time writes to a destination.
    """
    with store.claimed(f"destination-{delivery.destination_id}") as ours:
        if ours:
            return _carried(delivery)
    if Delivery.objects.filter(pk=delivery.pk, state__in=OPEN).exists():
        _send(delivery, BUSY_PAUSE)
    return delivery


def _carried(delivery: Delivery) -> Delivery:
    begun = {"state": State.RUNNING, "stage": "Beginning"}
    if not Delivery.objects.filter(pk=delivery.pk, state__in=OPEN).update(**begun):
        delivery.refresh_from_db()
        return delivery
    wanted = Delivery.objects.select_related("release__pack__team", "release__made_by", "destination__pack__team")
    delivery = wanted.select_related("destination__made_by", "asked_by").get(pk=delivery.pk)
    write = writing.retract if delivery.kind == Kind.RETRACT else writing.push
    try:
        written = write(delivery, lambda stage: _tell(delivery, stage))
    except writing.OvertakenError as error:
        return _finish(delivery, error.state, outcome=str(error))
    except (places.PlaceError, git_push.GitError, registry_push.RegistryError, FileGoneError) as error:
        return _failed(delivery, str(error), final=isinstance(error, (places.PlaceError, FileGoneError)))
    return _written(delivery, written)


@transaction.atomic
def _written(delivery: Delivery, written: writing.Written) -> Delivery:
    """Note what the destination holds now. What was withdrawn while it was on its way is taken back."""
    release, destination = delivery.release, delivery.destination
    _lock(release.pack)
    for one in written.placed:
        place: dict[str, Any] = {
            "destination": destination,
            "address": destination.address,
            "folder": destination.folder,
        }
        if one.release is None:
            Placement.objects.filter(**place, name=one.name).delete()
            continue
        holds = {"release": one.release, "reference": one.reference, "is_moving": one.is_moving, "at": timezone.now()}
        Placement.objects.update_or_create(**place, name=one.name, defaults=holds)
    release.refresh_from_db(fields=["yanked_at", "rolled_back_at"])
    if delivery.kind == Kind.PUSH and release.is_withdrawn:
        retracted = release.deliveries.filter(destination=destination, kind=Kind.RETRACT, state__in=OPEN)
        if not retracted.exists() and _holds(destination, release):
            _ask(release, destination, delivery.asked_by, Kind.RETRACT)
    if written.left:
        return _finish(delivery, State.FAILED, outcome=written.words, trouble=written.left)
    return _finish(delivery, State.DONE, outcome=written.words)


def fail(delivery: Delivery, trouble: str) -> Delivery:
    """Note that something of ours broke."""
    return _failed(delivery, trouble, final=True)


def stranded() -> list[Delivery]:
    """Deliveries that a lost message or a killed worker left behind."""
    return list(Delivery.objects.filter(state__in=OPEN))


def _holds(destination: Destination, release: Release) -> bool:
    """Whether the destination holds the release under a name that it has to give up."""
    moving = Placement.objects.filter(destination=destination, release=release).select_related("destination")
    return any(one.is_reachable and (one.is_moving or destination.is_git) for one in moving)


def _lock(pack: Pack) -> None:
    """From here to the end of the transaction nobody else releases, yanks or rolls back."""
    Pack.objects.select_for_update().get(pk=pack.pk)


def _cancel(delivery: Delivery, by: User, why: str) -> None:
    ended = {"state": State.CANCELLED, "stage": "", "outcome": why, "finished_at": timezone.now()}
    if Delivery.objects.filter(pk=delivery.pk, state__in=OPEN).update(**ended):
        details = {"address": delivery.destination.address, "outcome": why}
        record(by, delivery.release.pack.team, "delivery.cancelled", delivery, **details)


def _ask(release: Release, destination: Destination, by: User, kind: Delivery.Kind = Kind.PUSH) -> Delivery:
    now = {"state": State.WAITING, "stage": "", "tries": 0, "trouble": "", "outcome": "", "asked_by": by}
    delivery, _ = Delivery.objects.update_or_create(
        release=release,
        destination=destination,
        kind=kind,
        defaults={**now, "asked_at": timezone.now(), "finished_at": None},
    )
    verb = "delivery.asked" if kind == Kind.PUSH else "delivery.retraction_asked"
    record(by, release.pack.team, verb, delivery, address=destination.address)
    transaction.on_commit(lambda: _send(delivery))
    return delivery


def _failed(delivery: Delivery, trouble: str, final: bool) -> Delivery:
    """Note what went wrong; the worker tries again by itself unless nothing would change."""
    delivery.tries += 1
    if final or delivery.tries >= MOST_TRIES:
        return _finish(delivery, State.FAILED, trouble=trouble)
    waiting = {"state": State.WAITING, "tries": delivery.tries, "trouble": trouble[:2000]}
    stays = Delivery.objects.filter(pk=delivery.pk, state__in=OPEN)
    if stays.update(**waiting, stage="Waiting to try again"):
        pause = PAUSE * 2 ** (delivery.tries - 1)
        transaction.on_commit(lambda: _send(delivery, pause))
    delivery.refresh_from_db(fields=PROGRESS)
    return delivery


def _tell(delivery: Delivery, stage: str) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(stage=stage[:200])


@transaction.atomic
def _finish(delivery: Delivery, state: Delivery.State, outcome: str = "", trouble: str = "") -> Delivery:
    """The delivery is over, unless it was cancelled meanwhile: then it stays so."""
    over = {"state": state, "stage": "", "tries": delivery.tries, "finished_at": timezone.now()}
    words = {"outcome": outcome[:1000], "trouble": trouble[:2000]}
    ended = Delivery.objects.filter(pk=delivery.pk, state__in=OPEN).update(**over, **words)
    delivery.refresh_from_db(fields=PROGRESS)
    if not ended:
        return delivery
    details = {"address": delivery.destination.address, "outcome": outcome or trouble}
    verb = f"delivery.{state}" if delivery.kind == Kind.PUSH else f"delivery.retraction_{state}"
    record(delivery.asked_by, delivery.release.pack.team, verb, delivery, **details)
    if state == State.FAILED:
        telling.failed(delivery)
    return delivery


def _send(delivery: Delivery, pause: int = 0) -> None:
    from studio.packs.tasks import deliver as task

    send(task, delivery, pause)
