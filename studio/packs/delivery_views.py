"""Pages of destinations and deliveries: where releases go, and how that went."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.packs import delivering
from studio.packs.delivery_forms import FORMS
from studio.packs.models import Destination, Pack, Release


@team_required("maintainer")
@require_GET
def destinations(request: TeamRequest, name: str) -> HttpResponse:
    """Where releases of the pack go."""
    pack = _pack(request, name)
    found = (
        pack.destinations.filter(removed_at=None)
        .select_related("made_by")
        .prefetch_related("deliveries__release__pack", "placements__release__pack")
    )
    rows = [
        {
            "one": one,
            "last": max(one.deliveries.all(), key=lambda each: each.asked_at, default=None),
            "held": [each for each in one.placements.all() if each.is_moving],
        }
        for one in found
    ]
    context = {"pack": pack, "rows": rows, "allowed": bool(settings.DELIVERY_PLACES)}
    return render(request, "packs/destinations.html", context)


@team_required("maintainer")
def add(request: TeamRequest, name: str, kind: str) -> HttpResponse:
    """A new destination of a kind: git or registry."""
    if kind not in FORMS:
        raise Http404("There is no such kind of destination.")
    pack = _pack(request, name)
    form = FORMS[kind](request.POST if request.method == "POST" else None, pack=pack)
    if form.is_valid():
        try:
            made = delivering.add(pack, request.user, kind=kind, **form.cleaned_data)
            messages.success(request, f"Releases go to {made.label} from now on.")
            return redirect("packs:destinations", pack.name)
        except delivering.CannotDeliverError as error:
            form.add_error(None, str(error))
    return _form(request, pack, kind, form)


@team_required("maintainer")
def change(request: TeamRequest, name: str, pk: int) -> HttpResponse:
    """What is said of a destination."""
    found = _destination(request, name, pk)
    form = FORMS[found.kind](request.POST if request.method == "POST" else None, pack=found.pack, instance=found)
    if form.is_valid():
        delivering.change(_destination(request, name, pk), request.user, **form.cleaned_data)
        return redirect("packs:destinations", name)
    return _form(request, found.pack, found.kind, form)


@team_required("maintainer")
@require_POST
def remove(request: TeamRequest, name: str, pk: int) -> HttpResponse:
    """No release goes there any more."""
    found = _destination(request, name, pk)
    delivering.remove(found, request.user)
    messages.success(request, f"Nothing goes to {found.label} any more. What lies there stays.")
    return redirect("packs:destinations", name)


@team_required("viewer")
@require_GET
def deliveries(request: TeamRequest, name: str, pk: int) -> HttpResponse:
    """How a release fares on its ways: a part of its page."""
    release = _release(request, name, pk)
    if not request.htmx:
        return redirect(release)
    return render(request, "packs/_deliveries.html", {"release": release, **told(request, release)})


@team_required("maintainer")
@require_POST
def deliver(request: TeamRequest, name: str, pk: int) -> HttpResponse:
    """Send a release to a destination, or try again."""
    release = _release(request, name, pk)
    text = request.POST.get("destination", "")
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    destination = Destination.objects.filter(pk=wanted, pack=release.pack).first()
    try:
        if destination is None:
            raise delivering.CannotDeliverError("The pack has no such destination any more.")
        delivering.deliver(release, destination, request.user)
    except delivering.CannotDeliverError as error:
        messages.error(request, str(error))
    return redirect(release)


def told(request: TeamRequest, release: Release) -> dict[str, Any]:
    """For a release's page: its deliveries, and the destinations that it did not go to."""
    found = list(release.deliveries.select_related("destination", "asked_by"))
    for one in found:
        one.release = release
    gone = {one.destination_id for one in found}
    others = release.pack.destinations.filter(removed_at=None).exclude(pk__in=gone)
    return {
        "deliveries": found,
        "destinations": list(others),
        "moving": any(not one.is_over for one in found),
        "may_release": allows(request.user, request.team, "maintainer"),
    }


def _pack(request: TeamRequest, name: str) -> Pack:
    return get_object_or_404(Pack.objects.select_related("team"), team=request.team, name=name)


def _release(request: TeamRequest, name: str, pk: int) -> Release:
    found = Release.objects.select_related("pack__team", "made_by")
    return get_object_or_404(found, pk=pk, pack__team=request.team, pack__name=name)


def _destination(request: TeamRequest, name: str, pk: int) -> Destination:
    found = Destination.objects.select_related("pack__team")
    return get_object_or_404(found, pk=pk, removed_at=None, pack__team=request.team, pack__name=name)


def _form(request: TeamRequest, pack: Pack, kind: str, form: Any) -> HttpResponse:
    context = {"pack": pack, "kind": kind, "form": form, "allowed": bool(settings.DELIVERY_PLACES)}
    return render(request, "packs/destination_form.html", context, status=422 if form.is_bound else 200)
