"""The verbs that write a team's own behaviours: save, hand in, withdraw, decide, import. Each asks who may."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from studio.accounts.mailboxes import with_other_accounts
from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record as journal
from studio.behaviours import proof
from studio.behaviours import queries as library
from studio.behaviours.loader import Complaint
from studio.behaviours.models import OPEN, OwnBehaviour, OwnVersion, State
from studio.behaviours.own import queries, telling
from studio.behaviours.own.permissions import NEEDS

#: Behaviours of one team, and characters of one.
MOST = 2000
LONGEST = 200_000


class RefusedError(Exception):
    """A deed that cannot be done; the message says why and what to do."""


class StaleError(RefusedError):
    """Somebody saved in the meantime. `theirs`: the version as it stands now."""

    def __init__(self, theirs: OwnVersion) -> None:
        super().__init__(f"{theirs.changed_by} saved {theirs} while you were writing. Nothing of yours was saved.")
        self.theirs = theirs


def id_complaint(team: Team, slug: str) -> Complaint | None:
    """Why a new behaviour of the team can't have this id."""
    if slug in {one.id for one in library.all()}:
        return Complaint("id", 0, f"{slug} is built in; give yours an id of its own")
    if slug.startswith("own-"):
        return Complaint("id", 0, "can't begin with own-")
    if len(slug) > 80:
        return Complaint("id", 0, "is longer than 80 characters")
    if slug in queries.slugs(team):
        return Complaint("id", 0, f"your team has a behaviour called {slug} already")
    return None


@transaction.atomic
def create(team: Team, by: User, record: Mapping[str, Any]) -> OwnVersion:
    """A new behaviour as a draft. Raises RefusedError, for an id that is taken or unusable, say."""
    require(by, team, NEEDS["write"])
    slug = _slug(record)
    if complaint := id_complaint(team, slug):
        raise RefusedError(f"The id {complaint.message}.")
    if OwnBehaviour.objects.filter(team=team).count() >= MOST:
        raise RefusedError(f"A team keeps at most {MOST} behaviours.")
    made = OwnBehaviour.objects.create(team=team, slug=slug, created_by=by)
    version = _write(OwnVersion(behaviour=made), by, record)
    journal(by, team, "behaviour.created", version, id=slug)
    return version


@transaction.atomic
def save(pk: int, team: Team, by: User, edition: int, record: Mapping[str, Any]) -> OwnVersion:
    """Write a draft; for a version that is decided, a new one after it. Raises StaleError and RefusedError."""
    require(by, team, NEEDS["write"])
    one = _locked(pk, team)
    if one.edition != edition:
        raise StaleError(one)
    if _slug(record) != one.behaviour.slug:
        raise RefusedError(f"The id {one.behaviour.slug} never changes: files name the behaviour by it.")
    if one.digest == digest(record):
        return one
    if one.state == State.IN_REVIEW:
        raise RefusedError(f"{one} is in review. Withdraw it first, then change it.")
    if one.state == State.DRAFT:
        version = _write(one, by, record)
        journal(by, team, "behaviour.edited", version, edition=version.edition)
        return version
    version = _next(one.behaviour, by, record)
    journal(by, team, "behaviour.edited", version, after=one.number)
    return version


@transaction.atomic
def hand_in(pk: int, team: Team, by: User, edition: int) -> OwnVersion:
    """Ask for a review. Raises RefusedError while the checks have something to say."""
    require(by, team, NEEDS["hand in"])
    one = _locked(pk, team)
    _expect(one, edition, State.DRAFT)
    if found := proof.of_record(one.record)[1]:
        raise RefusedError(f"The checks have {len(found)} thing{'s' * (len(found) > 1)} to say. Settle them first.")
    one.state, one.handed_in_by, one.handed_in_at, one.sound = State.IN_REVIEW, by, timezone.now(), True
    one.decision = ""
    one.save()
    one.editors.add(by)
    telling.handed_in(one, by)
    journal(by, team, "behaviour.handed_in", one, digest=one.digest)
    return one


@transaction.atomic
def withdraw(pk: int, team: Team, by: User) -> OwnVersion:
    """Back out of review into a draft; a draft is given up, an approved one is offered no more."""
    one = _locked(pk, team)
    require(by, team, NEEDS["retire" if one.state == State.APPROVED else "withdraw"])
    if one.state not in (*OPEN, State.APPROVED):
        raise RefusedError(f"{one} is {one.get_state_display().lower()} already.")
    before = one.state
    one.state = State.DRAFT if before == State.IN_REVIEW else State.WITHDRAWN
    one.save()
    journal(by, team, "behaviour.withdrawn", one, was=before)
    return one


@transaction.atomic
def approve(pk: int, team: Team, by: User, seen: str, note: str = "") -> OwnVersion:
    """Approve what the page showed (`seen`, its digest); the version approved before is superseded."""
    require(by, team, NEEDS["decide"])
    one = _locked(pk, team)
    _expect(one, one.edition, State.IN_REVIEW)
    if seen != one.digest:
        raise RefusedError("It was changed since this page was opened. Look at it again.")
    if by.pk in with_other_accounts(team, queries.contributors(one)):
        raise RefusedError(
            "You contributed to this behaviour since its last approval, so someone else must approve it."
        )
    if proof.of_record(one.record)[1]:
        raise RefusedError("The checks have something to say since a newer Mews is at work. Send it back.")
    _approved(one, by, note)
    return one


@transaction.atomic
def approve_with_rule(pk: int, team: Team, by: User, digest: str, approvers: Collection[int], rule: str) -> bool:
    """Approve a version that was reviewed with a rule, as part of the approval of `rule`; returns whether it was.

    Nothing happens where the version says something else than the reviewers saw (`digest`), is decided already, or
    where one of the approvers contributed to it.
    """
    one = _locked(pk, team)
    mine = with_other_accounts(team, queries.contributors(one))
    if one.state not in OPEN or one.digest != digest or mine & set(approvers) or proof.of_record(one.record)[1]:
        return False
    one.sound = True
    one.handed_in_by, one.handed_in_at = one.handed_in_by or one.changed_by, one.handed_in_at or timezone.now()
    _approved(one, by, f"Reviewed with {rule}.", rule=rule)
    return True


@transaction.atomic
def send_back(pk: int, team: Team, by: User, note: str) -> OwnVersion:
    """Back to a draft, with a note that says what to change."""
    require(by, team, NEEDS["decide"])
    one = _locked(pk, team)
    _expect(one, one.edition, State.IN_REVIEW)
    if not note.strip():
        raise RefusedError("Say what to change.")
    _decided(one, by, State.DRAFT, note)
    journal(by, team, "behaviour.sent_back", one, note=note)
    return one


@transaction.atomic
def take_in(
    team: Team, by: User, records: Sequence[Mapping[str, Any]], *, for_review: bool = False
) -> list[OwnVersion]:
    """All of these as drafts, or nothing: new behaviours, and new versions of those that the team has.

    for_review: hand them in at once. What is the same as the newest version is passed over. Raises RefusedError,
    naming the behaviour.
    """
    require(by, team, NEEDS["write"])
    made = []
    for record in records:
        slug = _slug(record)
        known = OwnBehaviour.objects.filter(team=team, slug=slug).first()
        try:
            version = _renewed(known, by, record) if known else create(team, by, record)
            if version is not None and for_review:
                version = hand_in(version.pk, team, by, version.edition)
        except RefusedError as refusal:
            raise RefusedError(f"{slug}: {refusal}") from refusal
        if version is not None:
            made.append(version)
    journal(by, team, "behaviour.imported", "", count=len(made), of=len(records))
    return made


def digest(record: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON, in hexadecimal."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _renewed(known: OwnBehaviour, by: User, record: Mapping[str, Any]) -> OwnVersion | None:
    newest = known.versions.select_for_update(of=("self",)).order_by("-number").first()
    if newest and newest.digest == digest(record):
        return None
    if newest and newest.state == State.IN_REVIEW:
        raise RefusedError("it is in review. Have it decided, or withdraw it, first.")
    version = _write(newest, by, record) if newest and newest.state == State.DRAFT else _next(known, by, record)
    journal(by, known.team, "behaviour.edited", version, by="import")
    return version


def _next(behaviour: OwnBehaviour, by: User, record: Mapping[str, Any]) -> OwnVersion:
    """A new draft after the last version."""
    if OwnVersion.objects.filter(behaviour=behaviour, state__in=OPEN).exists():
        raise RefusedError("A newer version of it is being written. Change that one.")
    last = OwnVersion.objects.filter(behaviour=behaviour).aggregate(last=Max("number"))["last"] or 0
    return _write(OwnVersion(behaviour=behaviour, number=last + 1), by, record)


def _write(one: OwnVersion, by: User, record: Mapping[str, Any]) -> OwnVersion:
    if len(json.dumps(record)) > LONGEST:
        raise RefusedError(f"A behaviour holds at most {LONGEST // 1000} thousand characters.")
    one.edition += 1 if one.pk else 0
    one.record, one.digest = dict(record), digest(record)
    one.title = str(record.get("title") or record["id"])[:200]
    techniques = record.get("techniques")
    one.techniques = " ".join(map(str, techniques))[:400] if isinstance(techniques, list) else ""
    one.sound = not proof.of_record(dict(record))[1]
    one.changed_by, one.changed_at = by, timezone.now()
    one.save()
    one.editors.add(by)
    return one


def _approved(one: OwnVersion, by: User, note: str, **details: Any) -> None:
    OwnVersion.objects.filter(behaviour=one.behaviour, state=State.APPROVED).update(state=State.SUPERSEDED)
    _decided(one, by, State.APPROVED, note)
    journal(by, one.behaviour.team, "behaviour.approved", one, digest=one.digest, note=note, **details)


def _decided(one: OwnVersion, by: User, state: State, note: str) -> None:
    one.state, one.decided_by, one.decided_at = state, by, timezone.now()
    one.decision = note.strip()[:2000]
    one.save()
    telling.decided(one, by, state == State.APPROVED)


def _locked(pk: int, team: Team) -> OwnVersion:
    rows = OwnVersion.objects.select_for_update(of=("self",)).select_related("behaviour__team", "changed_by")
    return rows.get(pk=pk, behaviour__team=team)


def _expect(one: OwnVersion, edition: int, state: State) -> None:
    if one.edition != edition:
        raise StaleError(one)
    if one.state != state:
        raise RefusedError(f"{one} is {one.get_state_display().lower()}.")


def _slug(record: Mapping[str, Any]) -> str:
    slug = record.get("id")
    if not isinstance(slug, str) or proof.complaint_of_id(slug):
        raise RefusedError("A behaviour needs an id of small letters, digits and hyphens, such as t1490-our-backups.")
    return slug.strip()
