"""Who had a hand in a draft: nobody approves what they wrote, nor anything they edited."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from studio.accounts.models import Team, User
from studio.accounts.roles import Role
from studio.audit.models import JournalEntry
from studio.authoring.content import RuleContent
from studio.authoring.models import Draft
from studio.definitions import queries as definitions
from studio.review.models import Comment, Revision
from studio.review.permissions import NEEDS

#: Entries of the journal that change a draft's content.
GOING_BACK = ("draft.undone", "draft.redone")
WRITING = ("draft.created", "draft.duplicated", "draft.edited", *GOING_BACK)

#: A filter that lets everything through.
ALWAYS = Q()


def contributors(draft: Draft, handing_in: User, content: RuleContent) -> QuerySet[User]:
    """Who handed `content` in, and who wrote any of it since the draft's last approved revision: in the draft, in a
    macro or list that it needs, by a suggestion that was applied, or in what the draft was copied from."""
    base = _last_approved(draft)
    people = {handing_in.pk, *_of_draft(draft, base), *_of_definitions(draft.team_id, content, base)}
    boxes = {mailbox(one) for one in User.objects.filter(pk__in=people)}
    people |= {one.pk for one in User.objects.filter(teams=draft.team) if mailbox(one) in boxes}
    return User.objects.filter(pk__in=people)


def mailbox(person: User) -> str:
    """Where the person's mail ends up: accounts with one mailbox (ada@…, ada+admin@…) are one person's."""
    name, _, host = person.email.lower().rpartition("@")
    return f"{name.split('+')[0]}@{host}"


def _of_draft(draft: Draft, base: Revision | None) -> set[int]:
    """Who wrote in the draft since `base`; without one, in what it was copied from too. Undo and redo bring older words
    back, whose writers count again."""
    if base is not None and not _journal(draft).filter(at__gte=base.handed_in_at, verb__in=GOING_BACK).exists():
        return _wrote(draft, Q(at__gte=base.handed_in_at), Q(applied_at__gte=base.handed_in_at))
    found = {draft.author_id, *_wrote(draft)}
    while draft.copied_from:
        draft, copied = draft.copied_from, draft.created
        found |= _wrote(draft, Q(at__lte=copied), Q(applied_at__lte=copied))
    return found


def _wrote(draft: Draft, then: Q = ALWAYS, applied: Q = ALWAYS) -> set[int]:
    """Who wrote in the draft then, by hand or with a suggestion that was applied.

    The journal is asked beside the snapshots: undo forgets snapshots, and only the last hundred are kept.
    """
    suggested = Comment.objects.filter(applied, thread__revision__draft=draft, applied_at__isnull=False)
    found = {
        *draft.snapshots.filter(then).values_list("author_id", flat=True),
        *_journal(draft).filter(then).values_list("actor_id", flat=True),
        *suggested.values_list("author_id", flat=True),
    }
    return {pk for pk in found if pk}


def _journal(draft: Draft) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(target_type="authoring.draft", target_id=str(draft.pk), verb__in=WRITING)


def _of_definitions(team_id: int, content: RuleContent, base: Revision | None) -> set[int]:
    """Who wrote in the definitions since `base`, and who ever wrote in those that it does not hold like this."""
    known = {one.name: one for one in base.rule_content().definitions} if base else {}
    new = [one.name for one in content.definitions if one.name not in known or not one.same(known[one.name])]
    old = [one.name for one in content.definitions if one.name not in new]
    found = definitions.writers(team_id, new) if new else set()
    return found | (definitions.writers(team_id, old, base.handed_in_at) if old and base else set())


def reviewers(team: Team) -> QuerySet[User]:
    """Members whose role lets them decide, by name."""
    return holding(team, NEEDS["decide"])


def holding(team: Team, least: Role) -> QuerySet[User]:
    """Active members with this role or a higher one, by name."""
    roles = [role for role in Role if role.includes(least)]
    found = User.objects.filter(is_active=True, memberships__team=team, memberships__role__in=roles)
    return found.order_by("name", "pk")


def able_to_approve(revision: Revision) -> QuerySet[User]:
    """Those of them who had no hand in it."""
    return reviewers(revision.team).exclude(pk__in=revision.contributors.values("pk"))


def _last_approved(draft: Draft) -> Revision | None:
    return Revision.objects.filter(draft=draft, approved_at__isnull=False).order_by("-number").first()
