"""Talk about a revision: comments in threads, resolve and reopen, suggestions that are applied to the draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.authoring import edits
from studio.authoring import services as authoring
from studio.authoring.content import RuleContent
from studio.authoring.edits import Edit
from studio.authoring.models import Draft
from studio.authoring.services import Seen, StaleDraftError
from studio.review import spots, telling
from studio.review.mentions import mentioned
from studio.review.models import Comment, Revision, Thread
from studio.review.parts import SUGGESTS
from studio.review.permissions import NEEDS

#: Field of the content → its words.
SUGGEST_WORDS = dict(SUGGESTS.values())

#: Comments that one revision may have.
MOST_COMMENTS = 1000


class CannotTalkError(Exception):
    """It cannot be said or done so; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thread begins: a slug of parts.PLACES, the line of the YAML for "line", the key of a spot for others."""

    slug: str
    line: int | None = None
    spot: str = ""


@transaction.atomic
def begin(revision_id: int, team: Team, by: User, place: Place, text: str, suggestion: str | None = None) -> Comment:
    """A new thread with its first comment; a suggestion that changes nothing is none.

    Raises CannotTalkError, and Revision.DoesNotExist for another team's.
    """
    require(by, team, NEEDS["comment"])
    revision = Revision.objects.select_for_update(of=("self",)).get(pk=revision_id, team=team)
    if place.slug == "line" and not (place.line and place.line <= len(revision.yaml.splitlines())):
        raise CannotTalkError("The YAML has no such line.")
    if suggestion is not None and place.slug not in SUGGESTS:
        raise CannotTalkError("A text can be suggested for the condition, the output and the description.")
    if suggestion is not None and suggestion.strip() == _present(revision, place.slug).strip():
        suggestion = None
    _refuse_a_crowd(revision)
    thread = Thread.objects.create(revision=revision, place=place.slug, **_exactly(place, revision))
    return _say(thread, by, text, suggestion)


@transaction.atomic
def reply(thread_id: int, team: Team, by: User, text: str) -> Comment:
    """Another comment in a thread. Raises Thread.DoesNotExist for another team's."""
    require(by, team, NEEDS["comment"])
    thread = _locked(thread_id, team)
    _refuse_a_crowd(thread.revision)
    return _say(thread, by, text, None)


@transaction.atomic
def resolve(thread_id: int, team: Team, by: User, *, resolved: bool) -> Thread:
    """Close a thread, or open it again."""
    require(by, team, NEEDS["resolve"])
    thread = _locked(thread_id, team)
    if (thread.resolved_at is not None) is not resolved:
        _settle(thread, by, resolved)
    return thread


@transaction.atomic
def apply(comment_id: int, team: Team, by: User, version: int) -> Draft:
    """Put a suggested text into the draft, at the `version` that was seen; its thread is resolved by that.

    Raises CannotTalkError where it was applied already or the draft no longer says what the comment was about.
    """
    require(by, team, NEEDS["apply"])
    found = Comment.objects.select_for_update(of=("self",)).select_related("thread__revision__draft")
    comment = found.get(pk=comment_id, thread__revision__team=team)
    thread, revision = comment.thread, comment.thread.revision
    if comment.suggestion is None or comment.applied_at:
        raise CannotTalkError("There is nothing to apply here any more.")
    if revision.draft.deleted_at:
        raise CannotTalkError("The draft was deleted. Restore it first.")
    field, words = SUGGESTS[thread.place]
    if getattr(revision.draft.rule_content(), field) != getattr(revision.rule_content(), field):
        raise CannotTalkError(f"The {words} of the draft has changed since. Open the draft and put the text in there.")
    try:
        draft = authoring.edit(revision.draft_id, Seen(by, team, version), _edit(field, comment.suggestion, revision))
    except StaleDraftError as stale:
        raise CannotTalkError("The draft was changed since this page was opened. Look again, then apply.") from stale
    comment.applied_by, comment.applied_at = by, timezone.now()
    comment.save(update_fields=["applied_by", "applied_at"])
    record(by, team, "suggestion.applied", comment, place=thread.where, suggested_by=str(comment.author))
    if thread.resolved_at is None:
        _settle(thread, by, True)
    return draft


def _exactly(place: Place, revision: Revision) -> dict[str, Any]:
    """The line or the spot, as a thread keeps it. Raises CannotTalkError where the rule has no such spot."""
    if place.slug == "line":
        return {"line": place.line}
    if place.slug not in (spots.CLAUSE, spots.ROW):
        return {}
    found = spots.find(revision.rule_content(), place.slug, place.spot)
    if found is None:
        raise CannotTalkError("The rule has no such place.")
    return {"spot": found.key, "about": found.words[:200]}


def _present(revision: Revision, part: str) -> str:
    return str(getattr(revision.rule_content(), SUGGESTS[part][0]))


def _edit(field: str, text: str, revision: Revision) -> Edit:
    """The suggestion as a step in the draft's history, with a label of its own, so that it never merges."""
    whole = {"condition": edits.set_condition, "output": edits.set_output}
    change = whole[field](text).apply if field in whole else _describe(text)
    return Edit(f"Apply a suggestion for the {SUGGEST_WORDS[field]} (revision {revision.number})", change)


def _describe(text: str) -> Callable[[RuleContent], RuleContent]:
    def change(content: RuleContent) -> RuleContent:
        details = edits.set_details(content.name, text, content.priority, content.enabled, content.tags)
        return details.apply(content)

    return change


def _say(thread: Thread, by: User, text: str, suggestion: str | None) -> Comment:
    if not text.strip() and suggestion is None:
        raise CannotTalkError("Write something first.")
    comment = Comment.objects.create(thread=thread, author=by, text=text.strip(), suggestion=suggestion)
    people = mentioned(comment.text, User.objects.filter(teams=thread.revision.team, is_active=True))
    comment.mentions.set(people)
    telling.commented(comment, people)
    record(by, thread.revision.team, "comment.made", thread.revision, place=thread.where, comment=comment.pk)
    return comment


def _settle(thread: Thread, by: User, resolved: bool) -> None:
    thread.resolved_by, thread.resolved_at = (by, timezone.now()) if resolved else (None, None)
    thread.save(update_fields=["resolved_by", "resolved_at"])
    verb = "thread.resolved" if resolved else "thread.reopened"
    record(by, thread.revision.team, verb, thread.revision, place=thread.where)


def _locked(thread_id: int, team: Team) -> Thread:
    found = Thread.objects.select_for_update(of=("self",)).select_related("revision__team")
    return found.get(pk=thread_id, revision__team=team)


def _refuse_a_crowd(revision: Revision) -> None:
    if Comment.objects.filter(thread__revision=revision).count() >= MOST_COMMENTS:
        raise CannotTalkError(f"A revision has at most {MOST_COMMENTS} comments. Go on in the next revision.")
