"""Pages that yank a release or roll a pack back: each shows what holds the release, and takes a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.packs import holders, release_services, rollback
from studio.packs.models import Release
from studio.packs.newest import Change, latest
from studio.packs.pack_forms import WithdrawForm

CHANNELS = (("stable", "Stable"), ("candidate", "Candidate"))


@team_required("maintainer")
@require_http_methods(["GET", "HEAD", "POST"])
def yank(request: TeamRequest, name: str, pk: int) -> HttpResponse:
    """Yank a release; before that, every place that holds it."""
    found = _release(request, name, pk)
    if found.state != Release.State.DONE or found.yanked_at:
        messages.error(request, "Only a release that is ready, and not yanked yet, can be yanked.")
        return redirect(found)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            release_services.yank(found, request.user, form.cleaned_data["reason"])
            messages.success(request, f"{found.version} is yanked.")
            return redirect(found)
        except release_services.CannotReleaseError as error:
            form.add_error(None, str(error))
    change = Change(frozenset([found.pk]))
    context = {
        "release": found,
        "form": form,
        "holders": holders.of_yank(found),
        "downloads": holders.downloads(found),
        "instead": latest(found.pack, found.channel, change),
    }
    return render(request, "packs/yank.html", context, status=422 if form.is_bound else 200)


@team_required("maintainer")
@require_http_methods(["GET", "HEAD", "POST"])
def roll_back(request: TeamRequest, name: str, pk: int) -> HttpResponse:
    """Return to a release; before that, every place that holds a newer one."""
    found = _release(request, name, pk)
    plan = rollback.plan(found)
    if not plan.possible:
        messages.error(request, f"You cannot roll back to {found.version}: it is yanked, or the newest valid release.")
        return redirect(found)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            rollback.roll_back(found, request.user, form.cleaned_data["reason"])
            messages.success(request, f"Rolled back to {found.version}.")
            return redirect(found)
        except rollback.CannotRollBackError as error:
            form.add_error(None, str(error))
    change = plan.change
    context = {
        "release": found,
        "form": form,
        "plan": plan,
        "holders": holders.holders(plan.leaves, change),
        "channels": [(words, latest(found.pack, channel, change)) for channel, words in CHANNELS],
        "making": found.pack.releases.light().filter(state__in=release_services.OPEN),
    }
    return render(request, "packs/roll_back.html", context, status=422 if form.is_bound else 200)


def _release(request: TeamRequest, name: str, pk: int) -> Release:
    found = Release.objects.light().select_related("pack__team", "made_by")
    return get_object_or_404(found, pk=pk, pack__team=request.team, pack__name=name)
