"""What was handed in and keeps a team's own macros and lists, for the room that keeps those."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import Q

from studio.accounts.models import Team
from studio.authoring.content import to_rule
from studio.authoring.using import MOST_ASKED, tried_on
from studio.definitions.uses import Use
from studio.review.lifecycle import State
from studio.review.models import Revision

#: Where a revision stands while its frozen text counts.
COUNTS = {State.APPROVED: "Approved", State.IN_REVIEW: "In review"}


def uses(team: Team, names: frozenset[str]) -> Iterator[Use]:
    """Approved rules and those in review that keep one of these names."""
    found = Revision.objects.filter(team=team, state__in=COUNTS, content__has_key="definitions").order_by("name", "pk")
    if len(names) <= MOST_ASKED:
        asked = Q()
        for name in names:
            asked |= Q(content__definitions__icontains=f'"{name}"')
        found = found.filter(asked)
    for revision in found.select_related("draft"):
        content = revision.rule_content()
        kept = frozenset(one.name for one in content.definitions)
        if kept & names:
            trial = partial(tried_on, content, revision.draft.samples_id)
            kind = COUNTS[State(revision.state)]
            yield Use(kind, str(revision), revision.get_absolute_url(), to_rule(content), True, kept, trial)
