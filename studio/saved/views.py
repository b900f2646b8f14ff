"""The posts that keep and forget a view; both lead back to the list."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.saved import services
from studio.saved.models import Place, SavedView


@team_required("viewer")
@require_POST
def keep(request: TeamRequest) -> HttpResponse:
    """Keep the view that the list shows."""
    place, query = request.POST.get("place", ""), request.POST.get("query", "")
    if place not in Place.values:
        raise Http404("There is no such list.")
    name, shared = request.POST.get("name", "").replace("\x00", ""), "shared" in request.POST
    try:
        view = services.keep(request.team, request.user, place, name, query.replace("\x00", ""), shared=shared)
    except services.CannotKeepError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse(place)}?{services.plain(query)}")
    messages.success(request, f"Kept the view {view.name}.")
    return redirect(view)


@team_required("viewer")
@require_POST
def forget(request: TeamRequest, pk: int) -> HttpResponse:
    """Delete a view."""
    try:
        view = services.forget(pk, request.team, request.user)
    except (SavedView.DoesNotExist, OverflowError) as error:
        raise Http404("You have no such view in this team.") from error
    messages.success(request, f"Deleted the view {view.name}.")
    return redirect(view.place)
