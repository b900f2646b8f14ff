"""Who contributed to a draft: nobody approves what they wrote, nor anything they edited.

None of this reads the audit log, whose old entries can be archived.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from studio.accounts.mailboxes import mailbox, with_other_accounts
from studio.accounts.models import Team, User
from studio.accounts.roles import Role
from studio.authoring.content import RuleContent
from studio.authoring.models import Draft
from studio.behaviours.own import queries as behaviours
from studio.definitions import queries as definitions
from studio.review.models import Comment, Revision
from studio.review.permissions import NEEDS

__all__ = ["able_to_approve", "contributed", "contributors", "holding", "mailbox", "reviewers"]

#: A filter that lets everything through.
ALWAYS = Q()


def contributors(draft: Draft, handing_in: User, content: RuleContent) -> QuerySet[User]:
    """Who handed `content` in, and who wrote any of it since the draft's last approved revision: in the draft, in a
    macro or list that it needs, in an unapproved behaviour of the team, by a suggestion that was applied, or in what
    the draft was copied from."""
    people = {handing_in.pk, *contributed(draft, content)}
    return User.objects.filter(pk__in=with_other_accounts(draft.team, people))


def contributed(draft: Draft, content: RuleContent) -> set[int]:
    """The keys of those who wrote any of `content` since the draft's last approved revision."""
    base = _last_approved(draft)
    return {
        *_of_draft(draft, base),
        *_of_definitions(draft.team_id, content, base),
        *_of_rule_set(draft.team_id, content, base),
        *_of_behaviours(content),
    }


def _of_draft(draft: Draft, base: Revision | None) -> set[int]:
    """Who wrote in the draft since `base`; without one, in what it was copied from too. Undo and redo bring older words
    back, whose writers count again."""
    if base is not None and not draft.writers.filter(went_back_at__gte=base.handed_in_at).exists():
        return _wrote(draft, Q(last_at__gte=base.handed_in_at), Q(applied_at__gte=base.handed_in_at))
    found = {draft.author_id, *_wrote(draft)}
    while draft.copied_from:
        draft, copied = draft.copied_from, draft.created
        found |= _wrote(draft, Q(first_at__lte=copied), Q(applied_at__lte=copied))
    return found


def _wrote(draft: Draft, then: Q = ALWAYS, applied: Q = ALWAYS) -> set[int]:
    """Who wrote in the draft then, by hand or with a suggestion that was applied."""
    suggested = Comment.objects.filter(applied, thread__revision__draft=draft, applied_at__isnull=False)
    return {
        *draft.writers.filter(then).values_list("user_id", flat=True),
        *suggested.values_list("author_id", flat=True),
    }


def _of_behaviours(content: RuleContent) -> set[int]:
    """Who edited a behaviour of the team that the content uses, in any version since its last approved one."""
    used = behaviours.rows(one.id for one in content.behaviours)
    return {pk for one in used if not behaviours.is_approved(one) for pk in behaviours.contributors(one)}


def _of_definitions(team_id: int, content: RuleContent, base: Revision | None) -> set[int]:
    """Who wrote in the definitions since `base`, and who ever wrote in those that it does not hold like this."""
    new = _changed(content, base)
    old = [one.name for one in content.definitions if one.name not in new]
    found = definitions.writers(team_id, new) if new else set()
    return found | (definitions.writers(team_id, old, base.handed_in_at) if old and base else set())


def _of_rule_set(team_id: int, content: RuleContent, base: Revision | None) -> set[int]:
    """Who imported or changed the rule set that the rule belongs to, unless the rule means by its names what it meant
    in `base`."""
    if not content.rule_set:
        return set()
    if base is None or base.rule_content().rule_set != content.rule_set:
        return definitions.rule_set_writers(team_id, content.rule_set)
    if not _changed(content, base):
        return set()
    return definitions.rule_set_writers(team_id, content.rule_set, base.handed_in_at)


def _changed(content: RuleContent, base: Revision | None) -> list[str]:
    """The names of the definitions that `base` does not hold like this."""
    known = {one.name: one for one in base.rule_content().definitions} if base else {}
    return [one.name for one in content.definitions if one.name not in known or not one.same(known[one.name])]


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
