"""What the demo shows of this room: a rule on T1490, half-way: five behaviours picked, the rest still to come."""

from __future__ import annotations

from collections.abc import Mapping

from studio.accounts.models import Team, User
from studio.authoring import edits, services
from studio.authoring.models import Draft
from studio.behaviours import queries as behaviours

TITLE = "Disable recovery features"
PICKED = (
    "t1490-rm-recursive-force",
    "t1490-chattr-immutable",
    "t1490-disable-apport",
    "t1490-disable-rescue",
    "t1490-remount-readonly",
)


def load(team: Team, people: Mapping[str, User]) -> None:
    """Add the draft, by the demo's author, unless the team has drafts already."""
    if Draft.objects.filter(team=team).exists():
        return
    author = people["author"]
    draft = services.create(team, author, ("T1490",), TITLE)
    for one in PICKED:
        found = behaviours.get(one)
        change = edits.choose_behaviour(found.id, found.title, {}, found.clause({}))
        draft = services.edit(draft.pk, services.Seen(author, team, draft.version), change)
