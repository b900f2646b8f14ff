"""The verbs on a release: make it, carry it out, hand its files over, yank it."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from rules_export.archives.packing import write_tar_gz, write_zip
from rules_export.compare.semver import order
from rules_export.errors import EmitError
from studio import carrying, quotas
from studio.accounts.models import User
from studio.accounts.permissions import require
from studio.attack import queries as attack
from studio.audit.services import record
from studio.lints import queries as lints
from studio.notices.models import Event
from studio.notices.webhooks import announce
from studio.packs import approving, delivering, recovery, signing, store, telling
from studio.packs.approving import named
from studio.packs.auditing import digest
from studio.packs.materials import whole
from studio.packs.models import Pack, Release, ReleasedRule
from studio.packs.newest import highest_version, latest
from studio.packs.packing import Packed, packed
from studio.packs.previewing import known, propose
from studio.packs.proposing import LEVELS, Proposal, is_below
from studio.packs.snapshot import origin_of, snapshot
from studio.verdicts import falco
from studio.verdicts.falco import RulesFile
from studio.verdicts.services import asked

#: What the worker writes of a release.
MADE = (
    "state", "stage", "percent", "finished_at", "files", "summary", "findings", "trouble", "falco_check",
)  # fmt: skip
OPEN = (Release.State.WAITING, Release.State.RUNNING)


class CannotReleaseError(Exception):
    """The pack cannot be released like this; `reasons` are sentences for a person."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def start(
    pack: Pack, by: User, seen: int, version: str, changelog: str = "", exception: str = "", send: bool = True,
    version_reason: str = "",
) -> Release:  # fmt: skip
    """Release the pack as it is now; the worker makes the files, unless the caller carries it out (send: False).

    seen: the pack's version that the person had before them. exception: why rules that nobody approved go out.
    version_reason: why the version is below the proposed one.
    Raises CannotReleaseError, and RoleNeeded for anybody below maintainer.
    """
    require(by, pack.team, "maintainer")
    pack = Pack.objects.select_related("team").get(pk=pack.pk)
    proposal = known(pack) if send else propose(pack)  # before the transaction: it may take seconds, and may ask
    if proposal is None:
        raise CannotReleaseError("The worker looks at the rules as they are now. Release them when it is through.")
    if refusal := approving.refusal(pack.team, by, proposal.unapproved):
        raise CannotReleaseError(refusal)
    if proposal.unapproved and not exception.strip():
        names = named(proposal.unapproved)
        raise CannotReleaseError(f"Nobody approved {names}. Say why they go out all the same, or leave them out.")
    with transaction.atomic():
        now = Pack.objects.select_for_update().get(pk=pack.pk)
        same = now.version == pack.version == seen
        _refuse(pack, same, version, bool(proposal.members), [one.message for one in proposal.blockers])
        waiting = Release.objects.filter(pack__team=pack.team, state__in=OPEN)
        quotas.require_place(pack.team, waiting, "releases", "releases")
        why_below = _reason_below(proposal, version, version_reason.strip())
        release = _created(pack, by, proposal, version, changelog.strip(), exception.strip(), why_below)
        if send:
            transaction.on_commit(lambda: _send(release))
    return release


def _created(
    pack: Pack, by: User, proposal: Proposal, version: str, changelog: str, exception: str, why_below: str
) -> Release:
    catalogue = attack.catalogue()
    try:
        with transaction.atomic():
            release = Release.objects.create(
                pack=pack,
                version=version,
                title=pack.title,
                description=pack.description,
                mode=pack.mode,
                published_at=pack.published_at,
                origin=origin_of(pack, by),
                members=snapshot(whole(pack.team, proposal.members), lints.off(pack.team_id), exception),
                changelog=changelog,
                earlier=proposal.previous.history if proposal.previous else "",
                attack_version=catalogue.version if catalogue else "",
                reasons=[{**asdict(one), "level": LEVELS[one.level]} for one in proposal.reasons],
                exception=exception if proposal.unapproved else "",
                version_reason=why_below,
                made_by=by,
            )
    except IntegrityError:
        raise CannotReleaseError(f"Version {version} exists already.") from None
    went = {one.revision_id for one in proposal.members if one.revision_id}
    rows = [ReleasedRule(release=release, revision_id=pk) for pk in sorted(went)]
    ReleasedRule.objects.bulk_create(rows, batch_size=1000)
    details = {"version": version, "rules": len(release.members), "exception": release.exception}
    details["members"] = digest(release.members)
    if why_below:
        details |= {"proposed": proposal.version, "version_reason": why_below}
    record(by, pack.team, "release.started", release, **details)
    return release


def carry_out(release: Release) -> Release:
    """Make and keep the files. Safe to call again: what is over stays, what was half done is done again."""
    with store.claimed(f"release-{release.pk}") as ours:
        if not ours or not _begin(release):
            return release
        if release.attempts > store.MOST_ATTEMPTS:
            return fail(release, store.GIVEN_UP)
        return _made(release)


def _begin(release: Release) -> bool:
    """Take the release, unless it is over already."""
    begun = {"state": Release.State.RUNNING, "percent": 5, "stage": "Writing the rules", "attempts": F("attempts") + 1}
    taken = Release.objects.filter(pk=release.pk, state__in=OPEN).update(**begun)
    release.refresh_from_db()
    return bool(taken)


def _made(release: Release) -> Release:
    try:
        made = packed(release, signing.sign if signing.has_key() else None, alone=falco.binary() is not None)
    except EmitError as error:
        release.findings = [{"code": one.code, "rule": one.item, "message": one.message} for one in error.findings] or [
            {"code": "MEWS_REFUSED", "rule": "", "message": error.message}
        ]
        return _finish(release, Release.State.REFUSED, "Refused")
    except signing.SigningError as error:
        return fail(release, f"The files could not be signed. {error}")
    files = _kept(release, made)
    release.files, release.summary = files, {**made.summary, "signed_by": _signer()}
    release.falco_check = asked([RulesFile("falco_rules.local.yaml", made.standalone)], loads=True)
    return _finish(release, Release.State.DONE, "Ready")


def _kept(release: Release, made: Packed) -> dict[str, dict[str, object]]:
    """Keep all files, and the two archives of them, which are written to the disk piece by piece."""
    files: dict[str, dict[str, object]] = {}
    for number, entry in enumerate(made.entries, 1):
        files[entry.path] = {"sha256": store.put(entry.data), "size": len(entry.data)}
        if number % 5 == 0:
            _tell(release, 50 + 30 * number // len(made.entries), f"Keeping {entry.path}")
    for percent, ending, write in ((80, ".zip", write_zip), (90, ".tar.gz", write_tar_gz)):
        path = f"{release.pack.name}-{release.version}{ending}"
        _tell(release, percent, f"Packing {path}")
        digest, size = store.put_written(partial(write, made.entries))
        files[path] = {"sha256": digest, "size": size}
    return files


def fail(release: Release, trouble: str) -> Release:
    """Note that something of ours broke, in words for a person."""
    release.trouble = trouble
    return _finish(release, Release.State.FAILED, "Failed")


@transaction.atomic
def again(release: Release, by: User) -> Release:
    """Have the worker try a failed release once more. Raises CannotReleaseError for one that is not failed."""
    require(by, release.pack.team, "maintainer")
    Pack.objects.select_for_update().get(pk=release.pack_id)
    release.refresh_from_db(fields=["state"])
    highest = highest_version(release.pack)
    if release.state != Release.State.FAILED or (highest and highest.version == release.version):
        raise CannotReleaseError("Only a failed release can be tried again.")
    if highest and release.sort_key < highest.sort_key:
        raise CannotReleaseError(
            f"{highest.version} was released since then. Make a new release with a version above it."
        )
    Release.objects.filter(pk=release.pk).update(
        state=Release.State.WAITING, trouble="", percent=0, attempts=0, finished_at=None
    )
    release.refresh_from_db()
    record(by, release.pack.team, "release.tried_again", release)
    transaction.on_commit(lambda: _send(release))
    return release


def handed_over(release: Release, path: str, by: User) -> bytes:
    """The bytes of one file, with the record of who took it. Raises KeyError for a path that the release lacks, and
    FileGoneError."""
    digest = release.files[path]["sha256"]
    data = recovery.release_file(release, path)  # before the write: to rebuild a file may take seconds
    record(by, release.pack.team, "release.downloaded", release, file=path, digest=digest)
    return data


@transaction.atomic
def yank(release: Release, by: User, reason: str) -> Release:
    """Mark the release as one that nobody should install any more, and take it back from every destination that holds
    it; its files stay for those who have it. Raises CannotReleaseError."""
    require(by, release.pack.team, "maintainer")
    if not reason.strip():
        raise CannotReleaseError("Enter a reason: whoever has this release will read it.")
    Pack.objects.select_for_update().get(pk=release.pack_id)
    release.refresh_from_db(fields=["state", "yanked_at"])
    if release.state != Release.State.DONE or release.yanked_at:
        raise CannotReleaseError("Only a release that is ready, and not yanked yet, can be yanked.")
    release.yanked_at, release.yanked_by, release.yank_reason = timezone.now(), by, reason.strip()[:1000]
    release.save(update_fields=["yanked_at", "yanked_by", "yank_reason"])
    taken_back = delivering.withdraw(release, by)
    instead = latest(release.pack, release.channel)
    record(
        by, release.pack.team, "release.yanked", release, reason=release.yank_reason,
        instead=instead.version if instead else "", retractions=[one.destination.label for one in taken_back],
    )  # fmt: skip
    telling.yanked(release, by, instead)
    return release


def stranded() -> list[Release]:
    """Releases that a lost message or a killed worker left behind. One that another worker has at hand is among them:
    sending it again does nothing."""
    return list(Release.objects.filter(state__in=OPEN).defer("members"))


def _refuse(pack: Pack, same: bool, version: str, members: bool, blockers: list[str]) -> None:
    if not same:
        raise CannotReleaseError("The pack was changed since this page was opened. Look at it again, then release.")
    if not members:
        raise CannotReleaseError("The pack holds no rule.")
    if blockers:
        raise CannotReleaseError(*blockers[:5])
    try:
        key = order(version)
    except EmitError as error:
        raise CannotReleaseError(error.message) from error
    highest = highest_version(pack)
    if highest and key <= highest.sort_key:
        state = highest.get_state_display().lower() if not highest.is_over else "yanked" if highest.yanked_at else ""
        raise CannotReleaseError(
            f"The version has to be above {highest.version}, the highest one{f' ({state})' if state else ''}."
        )


def _reason_below(proposal: Proposal, version: str, reason: str) -> str:
    """The reason for a version below the proposed one, "" for any other. Raises CannotReleaseError without one."""
    if proposal.previous is None or not is_below(version, proposal.version):
        return ""
    if not reason:
        raise CannotReleaseError(
            f"The changes ask for version {proposal.version} or higher. Enter a reason for {version}, or use "
            f"{proposal.version}."
        )
    return reason[:1000]


def _signer() -> str:
    return next((one.name for one in signing.public_keys() if one.current), "")


def _tell(release: Release, percent: int, stage: str) -> None:
    Release.objects.filter(pk=release.pk).update(percent=percent, stage=stage[:200])
    release.percent, release.stage = percent, stage[:200]


@transaction.atomic
def _finish(release: Release, state: Release.State, stage: str) -> Release:
    release.state, release.stage, release.percent, release.finished_at = state, stage, 100, timezone.now()
    release.save(update_fields=MADE)
    record(release.made_by, release.pack.team, f"release.{state}", release, files=len(release.files),
           digest=digest(release.files))  # fmt: skip
    if state == Release.State.DONE:
        announce(
            release.pack.team, Event.RELEASED, release.made_by, f"{release} was published", release.get_absolute_url(),
            pack=release.pack.name, version=release.version, rules=len(release.members), note=release.changelog,
        )  # fmt: skip
        delivering.begin(release, release.made_by)
    return release


def _send(release: Release) -> None:
    from studio.packs.tasks import make_release

    carrying.send(make_release, release)
