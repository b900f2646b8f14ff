"""Posts that move a version along its life: hand in, withdraw, decide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.behaviours.own import services
from studio.behaviours.own.permissions import NEEDS
from studio.behaviours.own.views.editing import number
from studio.behaviours.own.views.pages import version_or_404


@team_required(NEEDS["hand in"])
@require_POST
def hand_in(request: TeamRequest, pk: int) -> HttpResponse:
    """Ask for a review."""
    one = version_or_404(request, pk)
    with _told(request):
        services.hand_in(one.pk, request.team, request.user, number(request.POST.get("edition", "")))
        messages.success(request, f"{one} is in review.")
    return redirect(one)


@team_required(NEEDS["withdraw"])
@require_POST
def withdraw(request: TeamRequest, pk: int) -> HttpResponse:
    """Out of review, given up, or no longer offered."""
    one = version_or_404(request, pk)
    with _told(request):
        now = services.withdraw(one.pk, request.team, request.user)
        messages.success(request, f"{one} is {now.get_state_display().lower()} now.")
    return redirect(one)


@team_required(NEEDS["decide"])
@require_POST
def decide(request: TeamRequest, pk: int) -> HttpResponse:
    """Approve it, or send it back with a note."""
    one, note = version_or_404(request, pk), request.POST.get("note", "")[:2000].replace("\x00", "")
    with _told(request):
        if request.POST.get("verdict") == "approve":
            services.approve(one.pk, request.team, request.user, request.POST.get("seen", ""), note)
            messages.success(request, f"{one} is approved. Everybody in the team can use it now.")
        else:
            services.send_back(one.pk, request.team, request.user, note)
            messages.success(request, f"{one} goes back to its author with your note.")
    return redirect(one)


@contextmanager
def _told(request: TeamRequest) -> Iterator[None]:
    """A refusal becomes a message."""
    try:
        yield
    except services.RefusedError as refusal:
        messages.error(request, str(refusal))
