"""The request of somebody who is signed in and works in a team."""

from __future__ import annotations

from studio.accounts.models import Membership, Team, User
from studio.ui.requests import HtmxRequest


class TeamRequest(HtmxRequest):
    """What views behind `team_required` receive: the person, the team, and the person's membership in it."""

    user: User
    team: Team
    membership: Membership
