"""The room's registration with Django, its entries in the rail, and what others find in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse

from studio.stored import StoredFile
from studio.ui.nav import Hit, NavItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.db.models import Model, QuerySet

    from rules_export.falco_checks.requirements import Requirement
    from studio.accounts.models import Team
    from studio.accounts.requests import TeamRequest
    from studio.audit.guards import Guard
    from studio.audit.ledger import Ledger
    from studio.authoring.targets import LeftBehind
    from studio.review.facts import Fact, HostedRevision
    from studio.review.models import Revision

#: Packs that one search over everything shows, and releases.
HITS = 6


class PacksConfig(AppConfig):
    """Packs, their releases, exports of single files."""

    name = "studio.packs"
    default_auto_field = "django.db.models.BigAutoField"
    nav = [
        NavItem("Packs", "packs:packs", "packages", 50, key="p", also=("packs:keys", "packs:index")),
        NavItem("Exports", "packs:list", "package-export", 55),
    ]

    stored_folders = ["releases", "exports", "signing"]

    def stored_files(self, using: str) -> Iterator[StoredFile]:
        """Files of releases and exports, and the keys that releases are signed with."""
        from studio.packs import recovery

        return recovery.stored_files(using)

    def search(self, request: HttpRequest, text: str) -> list[Hit]:
        """The team's packs whose name, title or description says the text, and releases of that version."""
        from studio.packs import queries

        team = cast("TeamRequest", request).team
        if team is None:
            return []
        packs = [
            Hit("Pack", one.title, one.description[:120] or one.name, one.get_absolute_url(), "packages")
            for one in queries.packs_saying(team, text)[:HITS]
        ]
        releases = [
            Hit("Release", f"{one.title} {one.version}", one.pack.name, one.get_absolute_url(), "package-export")
            for one in queries.releases_saying(team, text)[:HITS]
        ]
        return [*packs, *releases]

    def left_behind(self, team_id: int, needs: Sequence[Requirement]) -> Iterator[LeftBehind]:
        """The team's packs for a Falco that lacks something of this."""
        from studio.authoring.targets import LeftBehind
        from studio.packs.models import Pack
        from studio.packs.targets import checked

        for pack in Pack.objects.filter(team=team_id).order_by("title"):
            short = next((one for one in checked(needs, pack.target) if not one.fits), None)
            if short:
                yield LeftBehind(pack.title, pack.get_absolute_url(), short.falco, short.lacks)

    def revision_facts(self, revisions: list[int]) -> dict[int, list[Fact]]:
        """Where each of these revisions went out."""
        from studio.packs import queries
        from studio.review.facts import Fact

        found = queries.releases_of(revisions)
        return {
            pk: [Fact(f"{one.pack.title} {one.version}", one.get_absolute_url()) for one in releases]
            for pk, releases in found.items()
        }

    def hosted_revisions(self, current: Revision) -> list[HostedRevision]:
        """Where hosts run an earlier revision than this one."""
        from studio.packs import outdated

        return outdated.hosted(current)

    def released_revisions(self, team: Team) -> QuerySet[Model, int]:
        """Keys of the revisions that went out."""
        from studio.packs import queries

        return queries.released(team)

    def coverage(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Parts of the library whose coverage can be looked at by itself: the packs."""
        team = cast("TeamRequest", request).team
        if team is None:
            return []
        rows = team.packs.order_by("title").values_list("title", "name")
        return [(title, reverse("packs:coverage", args=[name])) for title, name in rows]

    def audit_guards(self) -> Iterable[Guard]:
        """Triggers that keep releases."""
        from studio.packs import guards

        return guards.GUARDS

    def audit_faults(self, ledger: Ledger) -> Iterator[str]:
        """Releases that the audit log tells otherwise."""
        from studio.packs import auditing

        return auditing.faults(ledger)
