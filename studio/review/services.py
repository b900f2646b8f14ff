"""Hand a draft in for review, and take it back."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.authoring import services as authoring
from studio.authoring.examination import Examination, examine
from studio.authoring.models import Draft
from studio.review.models import TRANSITIONS, Revision, State


class NotReadyError(Exception):
    """The draft cannot be handed in; `reasons` are sentences for its author."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class WrongStateError(Exception):
    """The revision is no longer where this step begins."""


@transaction.atomic
def hand_in(draft_id: int, team: Team, by: User, version: int, note: str = "") -> Revision:
    """The draft as an immutable revision in review; an earlier one of the same draft is superseded by it.

    Raises NotReadyError where something is missing, wrong or changed since `version`; Draft.DoesNotExist for another
    team's draft.
    """
    require(by, team, "author")
    draft = Draft.objects.select_for_update(of=("self",)).get(pk=draft_id, team=team, deleted_at=None)
    exam = examine(draft.rule_content(), draft.samples_id)
    _refuse_unless_ready(draft, exam, version)
    for earlier in _of(draft).select_for_update(of=("self",)).filter(state=State.IN_REVIEW):
        _move(earlier, State.SUPERSEDED, by)
    revision = Revision.objects.create(
        team=team,
        draft=draft,
        number=(_of(draft).aggregate(last=Max("number"))["last"] or 0) + 1,
        name=draft.display_title,
        content=draft.content,
        content_hash=content_hash(draft.content),
        yaml=exam.yaml,
        summary=_summary(exam),
        note=note.strip(),
        handed_in_by=by,
    )
    authoring.note_review(draft, draft.version)
    record(by, team, "revision.handed_in", revision, hash=revision.content_hash, draft=draft.pk, version=draft.version)
    return revision


@transaction.atomic
def withdraw(revision_id: int, team: Team, by: User) -> Revision:
    """Take a revision out of review. Raises WrongStateError, and Revision.DoesNotExist for another team's."""
    require(by, team, "author")
    revision = Revision.objects.select_for_update(of=("self",)).select_related("draft").get(pk=revision_id, team=team)
    _move(revision, State.WITHDRAWN, by)
    authoring.note_review(revision.draft, None)
    return revision


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON (sorted keys, no blanks), in hexadecimal."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _of(draft: Draft) -> QuerySet[Revision]:
    return Revision.objects.filter(draft=draft)


def _move(revision: Revision, state: State, by: User) -> None:
    if state not in TRANSITIONS[revision.state]:
        raise WrongStateError(f"{revision} is {revision.get_state_display().lower()} already.")
    revision.state, revision.closed_by, revision.closed_at = state, by, timezone.now()
    revision.save()
    record(by, revision.team, f"revision.{state}", revision, hash=revision.content_hash)


def _refuse_unless_ready(draft: Draft, exam: Examination, version: int) -> None:
    if draft.version != version:
        raise NotReadyError(["The draft was changed since this page was opened. Look at it again, then hand it in."])
    if draft.handed_in == draft.version:
        raise NotReadyError(["This version is in review already."])
    if not exam.ready:
        raise NotReadyError([*exam.lacks] or ["Falco would not load it without a complaint."])


def _summary(exam: Examination) -> dict[str, Any]:
    return {
        "falco": exam.falco,
        "findings": [
            {"code": item.code, "severity": str(item.severity), "message": item.message, "place": item.place}
            for item in exam.findings
        ],
        "attacks": len(exam.lab.attacks),
        "fired": exam.lab.fired,
        "benign": len(exam.lab.benign),
        "noise": exam.lab.noise,
        "ordinary": len(exam.lab.ordinary),
        "ordinary_count": exam.lab.ordinary_count,
    }
