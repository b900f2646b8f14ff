"""The team's behaviours in a submission: which of them are reviewed with the rule, and approved with it."""

from __future__ import annotations

from studio.accounts.models import Team, User
from studio.authoring.content import RuleContent
from studio.behaviours.models import PREFIX
from studio.behaviours.own import queries, services
from studio.review.models import Revision, Verdict


class NotReadyError(Exception):
    """The draft cannot be submitted; `reasons` are sentences for its author."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def unapproved(team: Team, content: RuleContent) -> list[str]:
    """References of the team's behaviours in the content that nobody has approved, in the order of the rule.

    Raises NotReadyError for a behaviour that fails its checks, belongs to another team, or no longer exists.
    """
    wanted = [one.id for one in content.behaviours if queries.is_reference(one.id)]
    rows = queries.rows(wanted)
    reasons = [f"The behaviour {one} does not exist. Remove it from the rule." for one in wanted
               if one not in {row.reference for row in rows}]  # fmt: skip
    for row in rows:
        if row.behaviour.team_id != team.pk:
            reasons.append(f"The behaviour {row.title} belongs to another team. Remove it from the rule.")
        elif not row.sound and not queries.is_approved(row):
            reasons.append(f"The behaviour {row} does not pass its checks. Fix it, then submit the rule.")
    if reasons:
        raise NotReadyError(reasons)
    return [row.reference for row in rows if not queries.is_approved(row)]


def approve_reviewed(revision: Revision, by: User) -> None:
    """Approve the behaviours that were reviewed with the revision, as far as they still say what it froze."""
    reviewed = set(revision.reviewed_behaviours)
    approvers = set(revision.decisions.filter(verdict=Verdict.APPROVE).values_list("by_id", flat=True))
    for one in revision.rule_content().own_behaviours or ():
        if one.reference in reviewed:
            pk = int(one.reference.removeprefix(PREFIX))
            services.approve_with_rule(pk, revision.team, by, one.digest, approvers, str(revision))
