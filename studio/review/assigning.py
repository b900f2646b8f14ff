"""Ask somebody to review as soon as a rule is handed in: the owners of its tactics, or the next in turn."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.attack.models import Technique
from studio.audit.services import record
from studio.review.authorship import able_to_approve
from studio.review.models import Assigning, AssignmentPolicy, Revision, TacticOwner
from studio.review.permissions import NEEDS


def policy(team: Team) -> Assigning:
    """How the team asks."""
    found = AssignmentPolicy.objects.filter(team=team).first()
    return Assigning(found.how) if found else Assigning.NOBODY


def owners(team: Team) -> dict[str, list[User]]:
    """Tactic's short name → its owners."""
    found: dict[str, list[User]] = {}
    for row in TacticOwner.objects.filter(team=team).select_related("person"):
        found.setdefault(row.tactic, []).append(row.person)
    return found


@transaction.atomic
def settle(team: Team, by: User, how: Assigning, chosen: Mapping[str, User | None]) -> None:
    """Keep how the team asks, and each tactic's owner."""
    require(by, team, NEEDS["organise"])
    AssignmentPolicy.objects.update_or_create(team=team, defaults={"how": how})
    TacticOwner.objects.filter(team=team).delete()
    named = {tactic: person for tactic, person in chosen.items() if person}
    TacticOwner.objects.bulk_create([TacticOwner(team=team, tactic=key, person=one) for key, one in named.items()])
    record(by, team, "review.assignment", team, how=how, owners={key: one.name for key, one in named.items()})


def choose(revision: Revision) -> list[User]:
    """Whom the team's policy asks about this revision: as many as it needs approvals, of those who may approve."""
    how, able = policy(revision.team), list(able_to_approve(revision))
    if how == Assigning.NOBODY or not able:
        return []
    first = _owners_of(revision) if how == Assigning.OWNERS else set()
    asked_last = _last_asked(revision.team)
    order = sorted(able, key=lambda one: (one.pk not in first, asked_last.get(one.pk, 0), one.pk))
    return order[: revision.required]


def _owners_of(revision: Revision) -> set[int]:
    ids = revision.rule_content().techniques
    tactics = Technique.objects.filter(attack_id__in=ids).values_list("tactics__slug", flat=True)
    rows = TacticOwner.objects.filter(team=revision.team, tactic__in=[one for one in tactics if one])
    return set(rows.values_list("person", flat=True))


def _last_asked(team: Team) -> dict[int, int]:
    """Person → the newest revision that they were asked about, so that the one who waited longest comes next."""
    rows = Revision.reviewers.through.objects.filter(revision__team=team).values_list("user")
    return dict(rows.annotate(last=Max("revision")))
