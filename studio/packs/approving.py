"""When rules that nobody approved may be released: the team's setting, and who may release their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q

from studio.accounts.mailboxes import with_other_accounts
from studio.accounts.models import Team, User
from studio.accounts.permissions import allows
from studio.authoring.models import Draft, DraftWriter
from studio.behaviours.own.queries import is_reference
from studio.definitions.models import DefinitionVersion
from studio.packs.materials import Listed
from studio.review import authorship
from studio.review.models import Comment, Revision
from studio.review.permissions import NEEDS

#: Rules that one sentence names.
MAX_NAMED = 5


def refusal(team: Team, by: User, unapproved: Sequence[Listed]) -> str:
    """Why this person can't release these unapproved rules, whatever reason they give; "" where they can."""
    if not unapproved:
        return ""
    if Team.objects.values_list("approved_rules_only", flat=True).get(pk=team.pk):
        return (
            f"Nobody approved {named(unapproved)}. Your team releases approved rules only: submit them for review, or "
            "remove them from the pack."
        )
    if allows(by, team, NEEDS["override"]):
        return ""
    if own := contributed_by(team, by, unapproved):
        return (
            f"You contributed to {named(own)}, and nobody has approved {'it' if len(own) == 1 else 'them'}. Only an "
            "administrator can release their own unapproved rules: have them approved first, or ask someone else to "
            "release the pack."
        )
    return ""


def contributed_by(team: Team, person: User, unapproved: Iterable[Listed]) -> list[Listed]:
    """Those of the unapproved rules that this person contributed to: submitted, edited, or in what they use."""
    accounts = with_other_accounts(team, {person.pk})
    rules = list(unapproved)
    submitted = Revision.contributors.through.objects.filter(
        revision__in=[one.revision_id for one in rules if one.revision_id], user__in=accounts
    )
    revisions = set(submitted.values_list("revision_id", flat=True))
    drafts = _drafts_of(accounts, [one.draft for one in rules if not one.revision_id])
    return [one for one in rules if one.revision_id in revisions or (not one.revision_id and one.draft in drafts)]


def _drafts_of(accounts: Collection[int], keys: Collection[int]) -> set[int]:
    """The drafts that these accounts contributed to. A draft is looked at by itself only where they may have
    contributed by way of something that it uses."""
    if not keys:
        return set()
    rows = Draft.objects.filter(pk__in=keys)
    direct = Q(author__in=accounts) | Q(pk__in=DraftWriter.objects.filter(user__in=accounts).values("draft"))
    found = set(rows.filter(direct).values_list("pk", flat=True))
    suggested = Comment.objects.filter(author__in=accounts, applied_at__isnull=False)
    found |= set(rows.filter(pk__in=suggested.values("thread__revision__draft")).values_list("pk", flat=True))
    defines = DefinitionVersion.objects.filter(by__in=accounts).exists()
    for draft in rows.exclude(pk__in=found).select_related("team").iterator(chunk_size=200):
        content = draft.rule_content()
        indirect = draft.copied_from_id or any(is_reference(one.id) for one in content.behaviours)
        if (indirect or (defines and content.definitions)) and authorship.contributed(draft, content) & set(accounts):
            found.add(draft.pk)
    return found


def named(rules: Sequence[Listed]) -> str:
    """The names of the rules in a sentence; of many the first."""
    shown = ", ".join(one.name for one in rules[:MAX_NAMED])
    return shown if len(rules) <= MAX_NAMED else f"{shown} and {len(rules) - MAX_NAMED} more"
