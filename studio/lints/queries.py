"""Named reads of what a team has switched off."""

from __future__ import annotations

from collections.abc import Mapping

from studio.lints.models import SwitchedOff


def off(team_id: int | None) -> Mapping[str, SwitchedOff]:
    """The lints that are off for the team, by code. One query."""
    if team_id is None:
        return {}
    return {row.code: row for row in SwitchedOff.objects.filter(team=team_id).select_related("by")}
