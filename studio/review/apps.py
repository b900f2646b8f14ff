"""The review room as a Django app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

from studio.ui.nav import NavItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from studio.accounts.models import Team
    from studio.audit.guards import Guard
    from studio.audit.ledger import Ledger
    from studio.definitions.uses import Use


class ReviewConfig(AppConfig):
    """Revisions and their states."""

    name = "studio.review"
    default_auto_field = "django.db.models.BigAutoField"
    nav = [NavItem("Reviews", "review:list", "git-pull-request", 40, key="r")]

    def definition_uses(self, team: Team, names: frozenset[str]) -> Iterator[Use]:
        """What was handed in and keeps one of these macros and lists."""
        from studio.review import using

        return using.uses(team, names)

    def audit_guards(self) -> Iterable[Guard]:
        """Triggers that keep revisions and decisions."""
        from studio.review import guards

        return guards.GUARDS

    def audit_faults(self, ledger: Ledger) -> Iterator[str]:
        """Revisions and decisions that the audit log tells otherwise."""
        from studio.review import auditing

        return auditing.faults(ledger)
