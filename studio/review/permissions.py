"""Who may do what in a review: the one table that views and services ask. docs/review.md tells it in words."""

from __future__ import annotations

from collections.abc import Mapping

from studio.accounts.roles import Role

#: Deed → the least role. Deciding has further conditions (studio.review.decisions).
NEEDS: Mapping[str, Role] = {
    "read": Role.VIEWER,
    "hand in": Role.AUTHOR,
    "withdraw": Role.AUTHOR,
    "comment": Role.AUTHOR,
    "resolve": Role.AUTHOR,
    "apply": Role.AUTHOR,
    "begin a draft": Role.AUTHOR,
    "assign": Role.AUTHOR,
    "decide": Role.REVIEWER,
    "deprecate": Role.MAINTAINER,
    "organise": Role.MAINTAINER,
    "override": Role.ADMINISTRATOR,
}
