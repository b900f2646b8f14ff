"""The page of the matrix and its two downloads. The address says what is shown, and the downloads hold just that."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.accounts.roles import Role
from studio.attack import queries as attack
from studio.coverage import board, exports
from studio.coverage.asked import Asked


@team_required("viewer")
@require_safe
def matrix(request: TeamRequest) -> HttpResponse:
    """Tactics as columns, techniques as cells, coloured by the furthest rule."""
    asked = Asked.of(request.GET)
    built = board.build(request.team, asked)
    context: dict[str, Any] = {
        "asked": asked,
        "board": built,
        "gaps": built.gaps[: board.SHOWN_GAPS],
        "catalogue": attack.catalogue(),
        "totals": board.totals(built),
        "may_write": allows(request.user, request.team, Role.AUTHOR),
    }
    return render(request, "coverage/matrix.html", context)


@team_required("viewer")
@require_safe
def layer(request: TeamRequest) -> HttpResponse:
    """What the page shows, as a layer of the ATT&CK Navigator."""
    asked = Asked.of(request.GET)
    built = board.build(request.team, asked)
    catalogue = attack.catalogue()
    version = catalogue.version if catalogue else "18"
    title = f"{request.team}: coverage" + (f" against {asked.actor.name}" if asked.actor else "")
    data = exports.navigator_layer(built, title, version, asked.filters.wanted_platforms)
    return _file(data, "application/json", "coverage-layer.json")


@team_required("viewer")
@require_safe
def table(request: TeamRequest) -> HttpResponse:
    """What the page shows, as CSV."""
    built = board.build(request.team, Asked.of(request.GET))
    return _file(exports.rows(built), "text/csv; charset=utf-8", "coverage.csv")


def _file(data: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
