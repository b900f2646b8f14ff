"""The page of the matrix and its downloads. The address says what is shown, and the downloads hold just that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.accounts.roles import Role
from studio.attack import queries as attack
from studio.coverage import board, exports, picture, scope, spreadsheet
from studio.coverage.asked import Asked
from studio.coverage.board import Board
from studio.coverage.scope import Scope


@team_required("viewer")
@require_safe
def matrix(request: TeamRequest) -> HttpResponse:
    """Tactics as columns, techniques as cells, coloured by the furthest rule of the team."""
    return page(request, scope.library(request))


@team_required("viewer")
@require_safe
def download(request: TeamRequest, name: str) -> HttpResponse:
    """What the page shows, as a file."""
    return file(request, scope.library(request), name)


def page(request: TeamRequest, shown: Scope) -> HttpResponse:
    """The page of a scope."""
    asked = Asked.of(request.GET)
    built = board.build(request.team, shown.rules, asked)
    context: dict[str, Any] = {
        "asked": asked,
        "board": built,
        "scope": shown,
        "scopes": scope.chips(request, shown, asked.query),
        "gaps": built.gaps[: board.SHOWN_GAPS],
        "catalogue": attack.catalogue(),
        "totals": board.totals(built),
        "may_write": allows(request.user, request.team, Role.AUTHOR),
    }
    return render(request, "coverage/matrix.html", context)


def file(request: TeamRequest, shown: Scope, name: str) -> HttpResponse:
    """One of FILES of a scope."""
    if name not in FILES:
        raise Http404("There is no such file.")
    asked = Asked.of(request.GET)
    built = board.build(request.team, shown.rules, asked)
    title = f"{shown.name or request.team}: coverage" + (f" against {asked.actor.name}" if asked.actor else "")
    kind, write = FILES[name]
    response = HttpResponse(write(built, title, asked), content_type=kind)
    response["Content-Disposition"] = (
        f'attachment; filename="coverage{"-layer" * (name == "layer.json")}.{name.rpartition(".")[2]}"'
    )
    return response


def _layer(built: Board, title: str, asked: Asked) -> bytes:
    catalogue = attack.catalogue()
    version = catalogue.version if catalogue else "18"
    return exports.navigator_layer(built, title, version, asked.filters.wanted_platforms)


#: File → its type, and what writes it.
FILES: dict[str, tuple[str, Callable[[Board, str, Asked], bytes]]] = {
    "layer.json": ("application/json", _layer),
    "table.csv": ("text/csv; charset=utf-8", lambda built, title, asked: exports.rows(built)),
    "table.xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda built, title, asked: spreadsheet.workbook(built, title),
    ),
    "matrix.svg": ("image/svg+xml", lambda built, title, asked: picture.svg(built, title)),
}
