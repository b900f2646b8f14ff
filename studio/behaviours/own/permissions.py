"""Who may do what with a team's own behaviours: the one table that views and services ask."""

from __future__ import annotations

from collections.abc import Mapping

from studio.accounts.roles import Role

NEEDS: Mapping[str, Role] = {
    "read": Role.VIEWER,
    "write": Role.AUTHOR,
    "hand in": Role.AUTHOR,
    "withdraw": Role.AUTHOR,
    "decide": Role.REVIEWER,
    "retire": Role.REVIEWER,
}
