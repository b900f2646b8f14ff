"""Hand a draft in for review, take it back, and move a revision along the table of its life."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from rules_export.findings import Finding, Severity
from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.authoring import services as authoring
from studio.authoring.content import from_json
from studio.authoring.examination import Examination, examine
from studio.authoring.models import Draft
from studio.lints import queries as lints
from studio.review import assigning, authorship, behaviours, freezing, telling, terms
from studio.review.behaviours import NotReadyError
from studio.review.lifecycle import APPROVE, DEPRECATE, OPEN, SUPERSEDE, WITHDRAW, State, Verb, WrongStateError, check
from studio.review.models import Revision, RuleTerms
from studio.review.permissions import NEEDS

__all__ = [
    "CannotAssignError", "NotReadyError", "WrongStateError", "assign", "content_hash", "hand_in", "move", "withdraw",
]  # fmt: skip


class CannotAssignError(Exception):
    """Somebody was asked who may not review this."""


@transaction.atomic
def hand_in(draft_id: int, team: Team, by: User, version: int, note: str = "") -> Revision:
    """The draft as an immutable revision in review; an earlier one of the same draft is superseded by it.

    Raises NotReadyError where something is missing, wrong or changed since `version`; Draft.DoesNotExist for another
    team's draft.
    """
    require(by, team, NEEDS["hand in"])
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft_id, team=team, deleted_at=None)
    content, parts = freezing.frozen(draft), freezing.frozen_parts(draft)
    rule, hashed = from_json({**content, **parts}), content_hash(freezing.hashed(content, parts))
    unapproved = behaviours.unapproved(team, rule)
    exam = examine(rule, draft.samples_id, lints.off(team.pk))
    _refuse_unless_ready(draft, exam, version, hashed)
    if team.samples_required and exam.unproven:
        raise NotReadyError([*exam.unproven, "The team asks for this proof before a review."])
    asked: list[User] = []
    for earlier in _of(draft).select_for_update(of=("self",)).filter(state__in=OPEN):
        asked.extend(earlier.reviewers.all())
        move(earlier, SUPERSEDE, by)
    revision = Revision.objects.create(
        team=team,
        draft=draft,
        number=(_of(draft).aggregate(last=Max("number"))["last"] or 0) + 1,
        name=draft.display_title,
        content=content,
        frozen=parts,
        content_hash=hashed,
        yaml=exam.yaml,
        summary={**_summary(exam), **({"unapproved_behaviours": unapproved} if unapproved else {})},
        note=note.strip(),
        required=team.required_approvals,
        handed_in_by=by,
        first_expiry=terms.first_expiry(rule),
    )
    RuleTerms.objects.create(revision=revision, text=terms.of(rule))
    revision.contributors.set(authorship.contributors(draft, by, rule))
    authoring.note_review(draft, draft.version)
    names = _ask(revision, by, asked)
    details = {"draft": draft.pk, "version": draft.version, **({"reviewers": names} if names else {})}
    details |= {"unapproved_behaviours": unapproved} if unapproved else {}
    record(by, team, "revision.handed_in", revision, hash=revision.content_hash, **details)
    return revision


@transaction.atomic
def withdraw(revision_id: int, team: Team, by: User) -> Revision:
    """Take a revision out of review. Raises WrongStateError, and Revision.DoesNotExist for another team's."""
    require(by, team, NEEDS["withdraw"])
    revision = Revision.objects.select_for_update(of=("self",)).select_related("draft").get(pk=revision_id, team=team)
    move(revision, WITHDRAW, by)
    authoring.note_review(revision.draft, None)
    return revision


@transaction.atomic
def assign(revision_id: int, team: Team, by: User, reviewers: Collection[int]) -> Revision:
    """Ask these people, by key, to review; an empty choice asks nobody in particular.

    Raises WrongStateError for a revision that nobody decides about any more, CannotAssignError for people who may not.
    """
    require(by, team, NEEDS["assign"])
    revision = Revision.objects.select_for_update(of=("self",)).get(pk=revision_id, team=team)
    if revision.state not in OPEN:
        raise WrongStateError(f"{revision} is {revision.get_state_display().lower()} already.")
    able = {one.pk: one for one in authorship.able_to_approve(revision)}
    if strange := set(reviewers) - set(able):
        raise CannotAssignError(f"{len(strange)} of these people cannot review this revision.")
    before = set(revision.reviewers.values_list("pk", flat=True))
    if before != set(reviewers):
        revision.reviewers.set(reviewers)
        telling.asked(revision, [able[pk] for pk in reviewers if pk not in before], by)
        record(by, team, "revision.assigned", revision, reviewers=[able[pk].name for pk in sorted(reviewers)])
    return revision


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON (sorted keys, no blanks), in hexadecimal."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _ask(revision: Revision, by: User, before: list[User]) -> list[str]:
    """Ask who was asked about the revision that this one supersedes, else whom the team's policy names; their names.

    Where nobody is asked, everybody who may approve it is told.
    """
    able = {one.pk for one in authorship.able_to_approve(revision)}
    people = [one for one in before if one.pk in able] or assigning.choose(revision)
    revision.reviewers.set(people)
    if people:
        telling.asked(revision, people, by)
    else:
        telling.handed_in(revision, by)
    return [one.name for one in people]


def _of(draft: Draft) -> QuerySet[Revision]:
    return Revision.objects.filter(draft=draft)


def move(revision: Revision, verb: Verb, by: User, **details: Any) -> None:
    """Take a step of the table, against the state that the database holds now; part of a deed that has asked who may.

    Raises WrongStateError where the step does not begin there, or somebody else was quicker.
    """
    check(verb, revision.state, str(revision))
    before, now = revision.state, timezone.now()
    revision.state, revision.closed_by, revision.closed_at = verb.end, by, now
    if verb is APPROVE:
        revision.approved_at = now
    revision.deprecated_because = details.get("reason", "") if verb is DEPRECATE else ""
    moved = Revision.objects.filter(pk=revision.pk, state=before).update(
        state=revision.state,
        closed_by=by,
        closed_at=now,
        approved_at=revision.approved_at,
        deprecated_because=revision.deprecated_because,
    )
    if moved != 1:
        raise WrongStateError(f"Somebody else was quicker with {revision}.")
    record(by, revision.team, f"revision.{verb.name}", revision, hash=revision.content_hash, **details)


def _refuse_unless_ready(draft: Draft, exam: Examination, version: int, hashed: str) -> None:
    if draft.version != version:
        raise NotReadyError(["The draft was changed since this page was opened. Look at it again, then hand it in."])
    if draft.handed_in == draft.version and _of(draft).filter(state__in=OPEN, content_hash=hashed).exists():
        raise NotReadyError(["This version is in review already."])
    if _of(draft).filter(state=State.APPROVED, content_hash=hashed).exists():
        raise NotReadyError(["Exactly this is approved already. Change the draft first."])
    if not exam.ready:
        raise NotReadyError([*exam.lacks] or [_why(item) for item in exam.stopping])


def _why(finding: Finding) -> str:
    """A finding that stops the rule, as a sentence for its author."""
    does = "would refuse" if finding.severity is Severity.ERROR else "would warn about"
    return f"Falco {does} the {finding.place}: {finding.message.rstrip('.')}."


def _summary(exam: Examination) -> dict[str, Any]:
    return {
        "falco": exam.falco,
        "findings": [
            {"code": item.code, "severity": str(item.severity), "message": item.message, "place": item.place}
            for item in exam.findings
        ],
        "waived": [
            {"code": one.code, "title": one.title, "reason": one.reason, "by": one.by, "of_team": one.of_team}
            for one in exam.waived
        ],
        "attacks": len(exam.lab.attacks),
        "fired": exam.lab.fired,
        "benign": len(exam.lab.benign),
        "noise": exam.lab.noise,
        "ordinary": len(exam.lab.ordinary),
        "ordinary_count": exam.lab.ordinary_count,
    }
