"""The journal's page, and its export."""

from __future__ import annotations

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from studio.accounts.limits import limited
from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.accounts.roles import Role
from studio.audit import exporting, queries
from studio.audit.forms import JournalFilter

PER_PAGE = 50


@team_required(Role.MAINTAINER)
@require_safe
def journal(request: TeamRequest) -> HttpResponse:
    """The team's entries, newest first: who, what, when, to which object."""
    form = JournalFilter(request.GET, team=request.team)
    wanted = form.wanted()
    pages = Paginator(queries.of_team(request.team, wanted), PER_PAGE)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "groups": queries.verb_groups(request.team),
        "form": form,
        "wanted": wanted,
        "archive": queries.newest_archive(),
        "may_export": Role(request.membership.role).includes(Role.ADMINISTRATOR),
    }
    return render(request, "audit/journal.html", context)


@team_required(Role.ADMINISTRATOR)
@require_POST
@limited("costly")
def export(request: TeamRequest) -> HttpResponse:
    """The entries that fit as JSON Lines, oldest first, each with its hash; the journal says who took them."""
    wanted = JournalFilter(request.POST, team=request.team).wanted()
    content = exporting.export(request.user, request.team, wanted)
    answer = StreamingHttpResponse(content, content_type=exporting.KIND)
    name = f"journal-{request.team.slug}-{timezone.now():%Y-%m-%d}.jsonl"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast("HttpResponse", answer)  # Django answers with it as with any other
