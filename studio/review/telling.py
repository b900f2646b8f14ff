"""Who is told what of a review, in the app's notices."""

from __future__ import annotations

from collections.abc import Iterable

from studio.accounts.models import User
from studio.notices.models import Event, Kind
from studio.notices.services import send
from studio.notices.webhooks import announce
from studio.review import authorship
from studio.review.models import Comment, Revision


def handed_in(revision: Revision, by: User) -> None:
    """Everybody who may approve it."""
    able = authorship.able_to_approve(revision)
    url = revision.get_absolute_url()
    send(revision.team, able, by, Kind.HANDED_IN, f"{by} handed in {revision}", url, revision.note)
    announce(revision.team, Event.HANDED_IN, by, f"{by} handed in {revision}", url, **_facts(revision, revision.note))


def asked(revision: Revision, people: Iterable[User], by: User) -> None:
    """Who was asked just now."""
    text = f"{by} asks you to review {revision}"
    send(revision.team, people, by, Kind.ASKED, text, revision.get_absolute_url(), revision.note)


def decided(revision: Revision, by: User, approved: bool, note: str) -> None:
    """Who handed it in and who wrote in it."""
    kind, words = (Kind.APPROVED, "approved") if approved else (Kind.CHANGES, "requests changes in")
    url = revision.get_absolute_url()
    send(revision.team, revision.contributors.all(), by, kind, f"{by} {words} {revision}", url, note)
    event = Event.APPROVED if approved else Event.CHANGES
    announce(revision.team, event, by, f"{by} {words} {revision}", url, **_facts(revision, note))


def retired(revision: Revision, by: User, verb: str, reason: str) -> None:
    """Who handed it in and who wrote in it."""
    text = f"{by} {verb} {revision}"
    send(revision.team, revision.contributors.all(), by, Kind.DEPRECATED, text, revision.get_absolute_url(), reason)


def commented(comment: Comment, mentions: Iterable[User]) -> None:
    """Who is mentioned; then who handed the revision in and who talks in the thread, unless they were mentioned."""
    thread, by = comment.thread, comment.author
    revision, url, named = thread.revision, thread.get_absolute_url(), list(mentions)
    where = f"{revision} ({thread.where.lower()})"
    text = comment.text or "A suggestion."
    send(revision.team, named, by, Kind.MENTION, f"{by} mentions you in {where}", url, text)
    talking = User.objects.filter(pk__in=thread.comments.values("author"))
    others = [one for one in (revision.handed_in_by, *talking) if one not in named]
    send(revision.team, others, by, Kind.COMMENT, f"{by} commented on {where}", url, text)
    announce(revision.team, Event.COMMENTED, by, f"{by} commented on {where}", url, **_facts(revision, text))


def _facts(revision: Revision, note: str) -> dict[str, str | int]:
    """What webhooks are told of a revision beside the sentence."""
    return {"rule": revision.name, "revision": revision.number, "hash": revision.content_hash, "note": note}
