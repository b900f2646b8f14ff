"""What a pack covers of ATT&CK: the coverage room's page over the pack's rules."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.coverage import views as coverage
from studio.coverage.counting import CoveringRule, Standing
from studio.coverage.scope import Scope
from studio.packs import materials
from studio.packs.models import Pack


@team_required("viewer")
@require_safe
def matrix(request: TeamRequest, name: str) -> HttpResponse:
    """The matrix of the pack."""
    return coverage.page(request, _scope(request, name))


@team_required("viewer")
@require_safe
def download(request: TeamRequest, name: str, file: str) -> HttpResponse:
    """What that page shows, as a file."""
    return coverage.file(request, _scope(request, name), file)


def _scope(request: TeamRequest, name: str) -> Scope:
    pack = get_object_or_404(Pack.objects.select_related("team"), team=request.team, name=name)
    found = materials.members(pack)
    rules = [
        CoveringRule(
            one.name, Standing(one.standing) if one.is_enabled else Standing.DISABLED, frozenset(one.techniques)
        )
        for one in found
    ]
    return Scope(pack.title, reverse("packs:coverage", args=[pack.name]), rules)
