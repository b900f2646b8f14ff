"""The list of notices, and the ways to be done with them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts import letters
from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.notices import mailing, queries, services
from studio.notices.forms import MailForm
from studio.notices.models import Notice, Way

#: Notices on one page.
PER_PAGE = 30


@team_required("viewer")
@require_GET
def index(request: TeamRequest) -> HttpResponse:
    """The person's notices in this team; `show=unread` for new ones alone."""
    new = queries.unread(request.user, request.team)
    only_new = request.GET.get("show") == "unread"
    found = new if only_new else queries.of(request.user, request.team)
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "only_new": only_new,
        "new": new.count(),
        "all": queries.of(request.user, request.team).count(),
    }
    return render(request, "notices/list.html", context)


@team_required("viewer")
@require_GET
def open_notice(request: TeamRequest, pk: int) -> HttpResponse:
    """Go to what the notice is about; it counts as read then."""
    try:
        found = queries.of(request.user, request.team).get(pk=pk)
    except (Notice.DoesNotExist, OverflowError) as error:
        raise Http404("You have no such notice in this team.") from error
    services.mark_read(request.user, request.team, found.pk)
    return redirect(found.url)


@team_required("viewer")
@require_POST
def read_all(request: TeamRequest) -> HttpResponse:
    """Mark all of them read."""
    services.mark_read(request.user, request.team)
    return redirect("notices:list")


@team_required("viewer")
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: TeamRequest) -> HttpResponse:
    """How the person wants each kind of notice mailed."""
    form = MailForm(request.POST or None, ways=mailing.ways(request.user))
    if form.is_valid():
        mailing.choose(request.user, form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("notices:mail")
    context = {"form": form, "ways": Way.choices, "possible": letters.possible(), "hour": settings.DIGEST_HOUR}
    return render(request, "notices/mail.html", context, status=422 if form.errors else 200)
