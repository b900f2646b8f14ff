"""The page that moves tags from ATT&CK 18 to 19: every rule with what would change, chosen one by one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.attack import queries as attack
from studio.coverage import migrating


@team_required("author")
def migrate(request: TeamRequest) -> HttpResponse:
    """What ATT&CK 19 means for each rule; a POST changes the chosen drafts."""
    if request.method == "POST":
        return _carry_out(request)
    found = migrating.proposals(request.team)
    context = {"proposals": found[: migrating.SHOWN], "total": len(found), "catalogue": attack.catalogue()}
    return render(request, "coverage/migrate.html", context)


def _carry_out(request: TeamRequest) -> HttpResponse:
    chosen = {}
    for text in request.POST.getlist("draft")[: migrating.SHOWN]:
        pk, version = _number(text), _number(request.POST.get(f"version-{text[:12]}", ""))
        chosen[pk] = (version, request.POST.get(f"choice-{text[:12]}", "keep"))
    count, stale = migrating.carry_out(request.team, request.user, chosen)
    if count:
        messages.success(
            request, f"{count} draft{'s' if count != 1 else ''} changed. Hand them in for review as usual."
        )
    elif not stale:
        messages.info(request, "No rule was chosen.")
    if stale:
        messages.error(request, f"Changed by somebody else meanwhile, so left alone: {', '.join(stale[:5])}.")
    return redirect("coverage:migrate")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
