"""Decide on a revision: approve it or request changes, once for each reviewer, about exactly the content they saw."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from studio.accounts.models import Team, User
from studio.accounts.permissions import allows, require
from studio.audit.services import record
from studio.authoring import services as authoring
from studio.review import authorship, behaviours, queries, telling
from studio.review.lifecycle import APPROVE, REQUEST_CHANGES, SUPERSEDE, State, check
from studio.review.models import Decision, Revision, Verdict
from studio.review.permissions import NEEDS
from studio.review.services import move

ALREADY = "You have approved this revision already."


class CannotDecideError(Exception):
    """This person cannot decide this way; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands to one revision. refusal: why they cannot approve, or nothing.

    may_override: they can all the same, with a reason. approvals: how many it has of the `required`.
    blocked: why nobody can approve it now, or nothing.
    """

    may_decide: bool
    refusal: str
    may_override: bool
    approvals: int
    required: int
    blocked: str = ""

    @property
    def may_approve(self) -> bool:
        """Whether the plain button works."""
        return self.may_decide and not self.refusal and not self.blocked


def standing(revision: Revision, person: User) -> Standing:
    """What the person may do about the revision now, and what is missing."""
    reviewer = allows(person, revision.team, NEEDS["decide"])
    refusal = _refusal(revision, person)
    override = bool(refusal) and refusal != ALREADY and allows(person, revision.team, NEEDS["override"])
    in_review = revision.state == State.IN_REVIEW
    held = blocked(revision)
    may_override = in_review and override and not held
    return Standing(in_review and reviewer, refusal, may_override, approvals(revision), revision.required, held)


def approvals(revision: Revision) -> int:
    """How many approvals count; as long as it is in review, only of those who may still decide."""
    given = revision.decisions.filter(verdict=Verdict.APPROVE)
    return given.exclude(lapsed(revision.team)).count() if revision.state == State.IN_REVIEW else given.count()


def lapsed(team: Team) -> Q:
    """Decisions of people who left the team or lost the role that the decision takes."""
    able = authorship.holding(team, NEEDS["decide"]).values("pk")
    mighty = authorship.holding(team, NEEDS["override"]).values("pk")
    return ~Q(by__in=able) | ~Q(override="") & ~Q(by__in=mighty)


@transaction.atomic
def approve(revision_id: int, team: Team, by: User, seen: str, note: str = "", override: str = "") -> Revision:
    """Approve the content with the hash `seen`; with the last approval that it needs the revision is approved.

    `override`: an administrator's reason to approve what they had a hand in. Raises CannotDecideError, WrongStateError,
    RoleNeeded, and Revision.DoesNotExist for another team's.
    """
    revision = _locked(revision_id, team, by, seen)
    check(APPROVE, revision.state, str(revision))
    if held := blocked(revision):
        raise CannotDecideError(held)
    refusal, reason = _refusal(revision, by), override.strip()
    if refusal and (refusal == ALREADY or not reason):
        raise CannotDecideError(refusal)
    if refusal:
        require(by, team, NEEDS["override"])
    _decide(revision, by, Verdict.APPROVE, note, reason if refusal else "")
    if approvals(revision) >= revision.required:
        for earlier in Revision.objects.select_for_update(of=("self",)).filter(
            draft=revision.draft, state__in=(State.APPROVED, State.DEPRECATED)
        ):
            move(earlier, SUPERSEDE, by)
        move(revision, APPROVE, by, approvals=approvals(revision))
        behaviours.approve_reviewed(revision, by)
        authoring.note_review(revision.draft, None)
    return revision


@transaction.atomic
def request_changes(revision_id: int, team: Team, by: User, seen: str, note: str) -> Revision:
    """Send it back to its author with a note. Raises as `approve` does."""
    revision = _locked(revision_id, team, by, seen)
    check(REQUEST_CHANGES, revision.state, str(revision))
    if not note.strip():
        raise CannotDecideError("Say in the note what is to change.")
    _decide(revision, by, Verdict.CHANGES, note, "")
    move(revision, REQUEST_CHANGES, by)
    authoring.note_review(revision.draft, None)
    return revision


def blocked(revision: Revision) -> str:
    """Why nobody may approve the revision now: open conversations, where the team wants them resolved first."""
    if revision.state != State.IN_REVIEW or not revision.team.open_threads_block:
        return ""
    count = queries.open_threads(revision).count()
    if not count:
        return ""
    are, them = ("conversation is", "it") if count == 1 else ("conversations are", "them")
    return f"{count} {are} open. Resolve {them} before you approve this revision."


def _refusal(revision: Revision, person: User) -> str:
    """Why the person may not approve, whatever their role."""
    if revision.decisions.filter(by=person, verdict=Verdict.APPROVE).exists():
        return ALREADY
    if revision.handed_in_by_id == person.pk:
        return "You submitted this revision, so someone else must approve it."
    if authorship.mailbox(person) in map(authorship.mailbox, revision.contributors.all()):
        return "You contributed to this revision, so someone else must approve it."
    return ""


def _locked(revision_id: int, team: Team, by: User, seen: str) -> Revision:
    found = Revision.objects.select_for_update(of=("self",)).select_related("draft", "team")
    revision = found.get(pk=revision_id, team=team)
    require(by, team, NEEDS["decide"])
    if seen != revision.content_hash:
        raise CannotDecideError("This page showed another content. Look at the revision again, then decide.")
    return revision


def _decide(revision: Revision, by: User, verdict: Verdict, note: str, override: str) -> None:
    Decision.objects.create(
        revision=revision, by=by, verdict=verdict, note=note.strip(), override=override,
        content_hash=revision.content_hash,
    )  # fmt: skip
    telling.decided(revision, by, verdict == Verdict.APPROVE, note)
    details = {"override": override} if override else {}
    verb = "approval" if verdict == Verdict.APPROVE else "objection"
    record(by, revision.team, f"decision.{verb}", revision, hash=revision.content_hash, note=note.strip(), **details)
