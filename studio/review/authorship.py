"""Who had a hand in a draft: nobody approves what they wrote, nor anything they edited."""

from __future__ import annotations

from django.db.models import QuerySet

from studio.accounts.models import Team, User
from studio.accounts.roles import Role
from studio.audit.models import JournalEntry
from studio.authoring.models import Draft
from studio.definitions import queries as definitions
from studio.review.models import Revision
from studio.review.permissions import NEEDS

#: Entries of the journal that change a draft's content.
WRITING = ("draft.created", "draft.duplicated", "draft.edited", "draft.undone", "draft.redone")


def contributors(draft: Draft, handing_in: User) -> QuerySet[User]:
    """Who handed it in, and who wrote in it or in a macro or list that it needs since its last approved revision.

    The journal is asked beside the snapshots: undo forgets snapshots, and only the last hundred are kept.
    """
    since = _last_approved(draft)
    snapshots = draft.snapshots.all()
    entries = JournalEntry.objects.filter(target_type="authoring.draft", target_id=str(draft.pk), verb__in=WRITING)
    if since is not None:
        snapshots = snapshots.filter(at__gte=since.handed_in_at)
        entries = entries.filter(at__gte=since.handed_in_at)
    people = {handing_in.pk, *snapshots.values_list("author_id", flat=True)}
    people |= {pk for pk in entries.values_list("actor_id", flat=True) if pk}
    names = [one.name for one in draft.rule_content().definitions]
    people |= set(definitions.writers(draft.team_id, names, since.handed_in_at if since else None)) if names else set()
    return User.objects.filter(pk__in=people)


def reviewers(team: Team) -> QuerySet[User]:
    """Members whose role lets them decide, by name."""
    roles = [role for role in Role if role.includes(NEEDS["decide"])]
    found = User.objects.filter(is_active=True, memberships__team=team, memberships__role__in=roles)
    return found.order_by("name", "pk")


def able_to_approve(revision: Revision) -> QuerySet[User]:
    """Those of them who had no hand in it."""
    return reviewers(revision.team).exclude(pk__in=revision.contributors.values("pk"))


def _last_approved(draft: Draft) -> Revision | None:
    return Revision.objects.filter(draft=draft, approved_at__isnull=False).order_by("-number").first()
