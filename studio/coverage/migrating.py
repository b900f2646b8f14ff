"""The team's rules on their way to ATT&CK 19: proposed rule by rule, carried out as edits of drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.authoring import services as authoring
from studio.authoring.content import RuleContent
from studio.authoring.edits import Edit, touch
from studio.authoring.models import Draft
from studio.coverage import crosswalk
from studio.coverage.crosswalk import CHOICES, Move
from studio.review.models import Revision

#: Rules that one page shows; the rest comes when these are done.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would change about one draft. `standing`: approved, in_review or draft."""

    draft: Draft
    content: RuleContent
    move: Move
    standing: str

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Values and words for the tag of Defense Evasion, and the tags that each gives."""
        return [(value, words) for value, (words, _) in CHOICES.items()]

    @property
    def after(self) -> tuple[list[str], list[str]]:
        """Techniques and tags as they would be with the choice that the techniques speak for."""
        return crosswalk.moved(self.move, self.content.techniques, self.content.tags, self.move.default)


def proposals(team: Team) -> list[Proposal]:
    """Every rule of the team that ATT&CK 19 changes, by name."""
    standings = dict(
        Revision.objects.filter(team=team, state__in=("in_review", "approved"))
        .order_by("-state")  # approved last, so that it wins
        .values_list("draft_id", "state")
    )
    found = []
    for draft in Draft.objects.filter(team=team, deleted_at=None).order_by("title", "pk"):
        content = draft.rule_content()
        move = crosswalk.move(content.techniques, content.tags)
        if not move.is_empty:
            found.append(Proposal(draft, content, move, standings.get(draft.pk, "draft")))
    return found


def change(choice: str) -> Edit:
    """The edit of one draft."""

    def apply(content: RuleContent) -> RuleContent:
        move = crosswalk.move(content.techniques, content.tags)
        techniques, tags = crosswalk.moved(move, content.techniques, content.tags, choice)
        ids = {one.technique: one.now for one in move.replaced}
        primary = ids.get(content.primary, content.primary)
        after = replace(content, techniques=tuple(techniques), primary=primary, tags=tuple(tags))
        return touch(after, "tags", after.tags)

    return Edit("Move to ATT&CK 19", apply)


def carry_out(team: Team, by: User, chosen: Mapping[int, tuple[int, str]]) -> tuple[int, list[str]]:
    """Change the drafts: draft → (version seen, choice). Gives how many, and the names of those changed meanwhile."""
    require(by, team, "author")
    stale, count = [], 0
    names = dict(Draft.objects.filter(team=team, deleted_at=None, pk__in=chosen).values_list("pk", "title"))
    for pk, (version, choice) in chosen.items():
        if pk not in names or choice not in CHOICES:
            continue
        try:
            with transaction.atomic():
                authoring.edit(pk, authoring.Seen(by, team, version), change(choice))
            count += 1
        except (authoring.StaleDraftError, Draft.DoesNotExist):
            stale.append(names[pk] or "Untitled rule")
    if count:
        record(by, team, "attack.moved", "ATT&CK 19", drafts=count)
    return count, stale
