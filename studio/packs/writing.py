"""Writes a release to a destination, or takes one back; checks again, right before it writes, what belongs there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from rules_export.write.bundle import FILE_NAME
from studio.packs import git_push, places, recovery, registry_push
from studio.packs.models import Delivery, Destination, Placement, Release
from studio.packs.newest import newer_at, successor, tags_at

Tell = Callable[[str], object]
State = Delivery.State


class OvertakenError(Exception):
    """What was to be written does not belong there any more; the message says why, `state` how the delivery ends."""

    def __init__(self, message: str, state: Delivery.State) -> None:
        super().__init__(message)
        self.state = state


class ChangedError(Exception):
    """The release to go back to changed while it was being written: do it again."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A branch or tag, and what it holds now; release: None for one that is gone."""

    name: str
    release: Release | None
    reference: str = ""
    is_moving: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """What a delivery led to. words: for a person; left: what could not be done, and what to do about it."""

    words: str
    placed: tuple[Placed, ...] = ()
    left: str = ""


def push(delivery: Delivery, tell: Tell) -> Written:
    """Write the release there. Raises PlaceError, GitError, RegistryError, OvertakenError."""
    release, destination = delivery.release, delivery.destination
    check_push(delivery)
    if not destination.is_git:
        return _push_image(delivery, tell)
    place = _git_place(destination)
    own = f"mews/{release.pack.name}-{release.version}" if destination.own_branch else ""
    about = f"{release.pack.name} {release.version}"
    job = _job(
        destination, place, release, f"Release {about}", release.changelog, int(release.made_at.timestamp()), own
    )
    pushed = git_push.push(job, tell, lambda: check_push(delivery))
    return Written(pushed.words, (Placed(pushed.branch, release, pushed.commit, not own),))


def retract(delivery: Delivery, tell: Tell) -> Written:
    """Replace the release there by the newest valid one, or remove it. Raises PlaceError, GitError, RegistryError,
    OvertakenError."""
    if Destination.objects.filter(pk=delivery.destination_id).exclude(removed_at=None).exists():
        raise OvertakenError("The destination was removed.", State.CANCELLED)
    if not Release.objects.light().get(pk=delivery.release_id).is_withdrawn:
        raise OvertakenError(f"{delivery.release.version} is valid again.", State.CANCELLED)
    for _ in range(git_push.ROUNDS):
        try:
            return _retract_git(delivery, tell) if delivery.destination.is_git else _retract_image(delivery, tell)
        except ChangedError:
            continue
    raise git_push.GitError("The releases changed while they were written. Try again.")


def check_push(delivery: Delivery) -> None:
    """Whether the release still belongs there. Raises OvertakenError."""
    now = Delivery.objects.select_related("release__pack", "destination__pack").get(pk=delivery.pk)
    release, destination = now.release, now.destination
    if release.yanked_at:
        raise OvertakenError(f"{release.version} was yanked before it was delivered.", State.CANCELLED)
    if release.rolled_back_at:
        raise OvertakenError(f"{release.version} was rolled back before it was delivered.", State.CANCELLED)
    if destination.removed_at:
        raise OvertakenError("The destination was removed.", State.CANCELLED)
    if now.state not in (State.WAITING, State.RUNNING):
        raise OvertakenError("The delivery was cancelled.", State.CANCELLED)
    newer = newer_at(destination, release) if destination.is_git else None
    if newer:
        raise OvertakenError(f"Not written: {newer.version} is newer.", State.SUPERSEDED)


def _push_image(delivery: Delivery, tell: Tell) -> Written:
    release, destination = delivery.release, delivery.destination
    place = _registry(destination)

    def wanted(tag: str) -> bool:
        check_push(delivery)
        return tag in tags_at(destination, release)

    pushed = registry_push.push(_image(release), place, places.credentials(place), wanted, tell)
    placed = (Placed(tag, release, pushed.digest, tag != release.version) for tag in pushed.tags)
    return Written(pushed.words, tuple(placed))


def _retract_git(delivery: Delivery, tell: Tell) -> Written:
    gone, destination = delivery.release, delivery.destination
    place, back = _git_place(destination), _whole(successor(destination))
    name, why = gone.pack.name, f"{gone.pack.name} {gone.version} was {reason_of(gone)}"
    title = f"Return to {name} {back.version}" if back else f"Remove {name} {gone.version}"
    moment = gone.yanked_at or gone.rolled_back_at or gone.made_at
    own = f"mews/{name}-{back.version if back else 'none'}-after-{gone.version}" if destination.own_branch else ""
    job = replace(
        _job(destination, place, back, title, why, int(moment.timestamp()), own),
        only_over=_as_it_was(delivery), removed=frozenset(_files(destination, gone)),
    )  # fmt: skip

    def check() -> None:
        now = successor(destination)
        if (now and now.pk) != (back and back.pk):
            raise ChangedError

    if own:
        return _retract_proposal(delivery, job, back, tell, check)
    known = _placed(destination, gone).exists()
    pushed = git_push.push(job, tell, check)
    return Written(pushed.words, (Placed(pushed.branch, back, pushed.commit),) if known or pushed.commit else ())


def _retract_proposal(
    delivery: Delivery, job: git_push.Job, back: Release | None, tell: Tell, check: Callable[[], None]
) -> Written:
    """Of a destination that takes merge requests: delete the branch that proposed the release; where it was merged,
    propose the way back."""
    gone, destination = delivery.release, delivery.destination
    placed, left = list[Placed](), ""
    for one in _placed(destination, gone).filter(is_moving=False):
        left = git_push.drop(job, one.name, one.reference, check)
        if not left:
            placed.append(Placed(one.name, None))
    pushed = git_push.push(job, tell, check)
    words = [f"The branch {one.name} was deleted." for one in placed]
    if pushed.commit:
        words += [pushed.words, f"Merge it: {job.branch} still holds {gone.version}."]
        placed += [Placed(pushed.branch, back, pushed.commit, is_moving=False)] if back else []
    return Written(" ".join(words) or pushed.words, tuple(placed), left)


def _retract_image(delivery: Delivery, tell: Tell) -> Written:
    gone, destination = delivery.release, delivery.destination
    place = _registry(destination)
    known, image = places.credentials(place), _image(gone)
    digest, placed, left = registry_push.digest_of(image), list[Placed](), list[str]()
    for tag in registry_push.tags_of(image):
        if tag == gone.version:
            continue
        tell(f"Looking at {tag}")
        if registry_push.named_by(place, known, tag) != digest:
            _forget(destination, gone, tag)
            continue
        if back := _whole(successor(destination, tag)):
            wanted = _still(destination, tag, back)
            pushed = registry_push.push(_image(back), place, known, wanted, tell)
            placed.append(Placed(tag, back, pushed.digest))
        elif registry_push.delete_tag(place, known, tag):
            placed.append(Placed(tag, None))
        else:
            left.append(tag)
    return Written(_moves(placed), tuple(placed), _left(left, gone))


def _still(destination: Destination, tag: str, back: Release) -> Callable[[str], bool]:
    def wanted(name: str) -> bool:
        now = successor(destination, tag)
        if now is None or now.pk != back.pk:
            raise ChangedError
        return name == tag

    return wanted


def _moves(placed: list[Placed]) -> str:
    if not placed:
        return "Nothing to change: no moving tag names it."
    return " ".join(
        f"{one.name} names {one.release.version} again." if one.release else f"{one.name} was deleted."
        for one in placed
    )


def _left(tags: list[str], gone: Release) -> str:
    if not tags:
        return ""
    names = ", ".join(tags)
    return (
        f"The registry does not delete tags, and no valid release could take over {names}, which still "
        f"{'names' if len(tags) == 1 else 'name'} {gone.version}. Delete {'it' if len(tags) == 1 else 'them'} in the "
        "registry, or publish a release of that line."
    )


def _as_it_was(delivery: Delivery) -> dict[str, bytes] | None:
    """The rules file of the release to give up, at its path; None where Mews knows that the branch holds it."""
    gone, destination = delivery.release, delivery.destination
    if not destination.own_branch and _placed(destination, gone).filter(name=destination.branch).exists():
        return None
    return {path: data for path, (data, _) in _files(destination, gone, rules_only=True).items()}


def _placed(destination: Destination, release: Release) -> Any:
    about = {"address": destination.address, "folder": destination.folder, "release": release}
    return Placement.objects.filter(destination=destination, **about)


def _forget(destination: Destination, release: Release, tag: str) -> None:
    """The tag names something else: somebody changed it in the registry."""
    _placed(destination, release).filter(name=tag).delete()


def reason_of(release: Release) -> str:
    """Why the release was withdrawn: "yanked: …" or "rolled back: …"."""
    if release.yanked_at:
        return f"yanked: {release.yank_reason}"
    return f"rolled back: {release.rollback_reason}"


def _job(
    destination: Destination, place: places.Place, release: Release | None, title: str, words: str, moment: int,
    own_branch: str,
) -> git_push.Job:  # fmt: skip
    name, _, mail = destination.signed_off_by.rstrip(">").rpartition(" <")
    maker = release.made_by if release else destination.made_by
    return git_push.Job(
        address=destination.address,
        scheme=place.scheme,
        branch=destination.branch,
        files=_files(destination, release) if release else {},
        title=title,
        words=words,
        person=(name, mail) if name else (maker.name, maker.email),
        moment=moment,
        own_branch=own_branch,
        asks_merge=destination.asks_merge,
        gone_with=destination.folder if destination.holds == Destination.Holds.ALL else None,
        credentials=places.credentials(place),
    )


def _files(destination: Destination, release: Release, rules_only: bool = False) -> dict[str, tuple[bytes, bool]]:
    """Path in the repository → content, and whether it may be run."""
    folder = f"{destination.folder}/" if destination.folder else ""
    if destination.holds == Destination.Holds.RULES:
        chosen = {f"{folder}{release.pack.name}.yaml": FILE_NAME}
    elif rules_only:
        chosen = {f"{folder}{FILE_NAME}": FILE_NAME}
    else:
        chosen = {f"{folder}{path}": path for path in release.files if path not in release.bundles}
    return {path: (recovery.release_file(release, source), path.endswith(".sh")) for path, source in chosen.items()}


def _image(release: Release) -> bytes:
    return recovery.release_file(release, f"oci/{release.pack.name}-{release.version}.tar")


def _whole(release: Release | None) -> Release | None:
    return Release.objects.select_related("pack__team", "made_by").get(pk=release.pk) if release else None


def _git_place(destination: Destination) -> places.Place:
    return places.permitted(places.git_place(destination.address), destination.pack.team.slug)


def _registry(destination: Destination) -> places.Place:
    return places.permitted(places.registry_place(destination.address), destination.pack.team.slug)
