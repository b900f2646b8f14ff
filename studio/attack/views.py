"""Pages of the ATT&CK room. Everybody who is signed in may read them: the catalogue belongs to no team."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from studio.accounts.permissions import allows
from studio.accounts.roles import Role
from studio.attack import details, listing, matrix, queries, sections
from studio.attack.filters import Filters
from studio.attack.models import Group, Software
from studio.attack.prose import prose

PER_PAGE = 50
SHOWN_USES = 12


@require_safe
def matrix_page(request: HttpRequest) -> HttpResponse:
    """The matrix: tactics as columns, techniques as cells."""
    filters = Filters.of(request.GET)
    columns = matrix.build(**filters.search)
    context = {"columns": columns, "found": len({attack_id for column in columns for attack_id in column.found})}
    return render(request, "attack/matrix.html", {**_frame(filters), **context})


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Techniques as a list, the best matches first."""
    filters = Filters.of(request.GET)
    page = listing.page(queries.search(**filters.search), request.GET.get("page"), PER_PAGE)
    return render(request, "attack/list.html", {**_frame(filters), "page": page, "found": page.paginator.count})


@require_safe
def technique_page(request: HttpRequest, attack_id: str) -> HttpResponse:
    """Everything about one technique."""
    technique = queries.technique(attack_id)
    if technique is None:
        return _missing(request, attack_id)
    if technique.attack_id != attack_id:
        return redirect(technique)
    context = {
        "technique": technique,
        "prose": prose(technique.description, technique.references),
        "detection": prose(technique.detection).html if technique.detection else "",
        "details": details.of(technique),
        "successor": queries.resolve(attack_id) if technique.successor_id else None,
        "all_uses": request.GET.get("uses") == "all",
        "shown_uses": SHOWN_USES,
        "start_url": _address("authoring:create") if _may_author(request) else "",
        "sections": sections.of(request, technique.attack_id),
    }
    return render(request, "attack/technique.html", {"catalogue": queries.catalogue(), **context})


@require_safe
def group_page(request: HttpRequest, attack_id: str) -> HttpResponse:
    """A group: what it is and which techniques it uses."""
    group = Group.objects.filter(attack_id=queries.normal(attack_id)).select_related("successor").first()
    return _actor_page(request, attack_id, group, "Group")


@require_safe
def software_page(request: HttpRequest, attack_id: str) -> HttpResponse:
    """Software: what it is and which techniques it uses."""
    software = Software.objects.filter(attack_id=queries.normal(attack_id)).select_related("successor").first()
    return _actor_page(request, attack_id, software, software.get_kind_display() if software else "Software")


def _actor_page(request: HttpRequest, attack_id: str, actor: Group | Software | None, kind: str) -> HttpResponse:
    if actor is None:
        return _missing(request, attack_id)
    if actor.attack_id != attack_id:
        return redirect(actor)
    context = {
        "actor": actor,
        "kind": kind,
        "prose": prose(actor.description, actor.references),
        "uses": details.techniques_used(actor),
        "partners": details.partners(actor),
        "partners_title": "Software it uses" if isinstance(actor, Group) else "Groups that use it",
    }
    return render(request, "attack/actor.html", {"catalogue": queries.catalogue(), **context})


def _frame(filters: Filters) -> dict[str, Any]:
    """What matrix and list share; a retired technique that was asked for by identifier is pointed out."""
    retired = queries.technique(filters.text) if queries.is_attack_id(filters.text) else None
    return {
        "catalogue": queries.catalogue(),
        "filters": filters,
        "retired": retired if retired and retired.is_retired else None,
        "successor": queries.resolve(filters.text) if retired and retired.successor_id else None,
    }


def _missing(request: HttpRequest, attack_id: str) -> HttpResponse:
    context = {"attack_id": attack_id[:40], "catalogue": queries.catalogue(), "suggestions": queries.suggest(attack_id)}
    return render(request, "attack/missing.html", context, status=404)


def _may_author(request: HttpRequest) -> bool:
    return allows(request.user, getattr(request, "team", None), Role.AUTHOR)


def _address(name: str) -> str:
    """The address of another room's page, empty while the room is not there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
