"""The journal's page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.accounts.roles import Role
from studio.audit import queries

PER_PAGE = 50


@team_required(Role.MAINTAINER)
@require_safe
def journal(request: TeamRequest) -> HttpResponse:
    """The team's entries, newest first, filtered by `q` (person or object) and `about` (a verb or its first word)."""
    text, about = request.GET.get("q", "").strip()[:200], request.GET.get("about", "")[:80]
    pages = Paginator(queries.of_team(request.team, text, about), PER_PAGE)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "groups": queries.verb_groups(request.team),
        "text": text,
        "about": about,
    }
    return render(request, "audit/journal.html", context)
