"""Several rules at once: the page that asks for the details of a deed, carries it out, and says how it went."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.library import queries
from studio.library.asking import Asked
from studio.library.forms import DEEDS
from studio.library.services import MOST_AT_ONCE
from studio.review.models import Revision
from studio.review.permissions import NEEDS


@team_required(NEEDS["organise"])
@require_http_methods(["GET", "POST"])
def bulk(request: TeamRequest) -> HttpResponse:
    """One deed for the chosen rules, or for all that the list was asked for."""
    given = request.POST if request.method == "POST" else request.GET
    deed = DEEDS.get(given.get("do", ""))
    if deed is None:
        raise Http404("There is no such deed for several rules.")
    rules = _chosen(request, given)
    if not rules:
        messages.error(request, "Choose at least one rule first.")
        return redirect("library:list")
    form = deed(request.POST if request.method == "POST" else None, team=request.team)
    done = form.carry_out(request.user, rules) if request.method == "POST" and form.is_valid() else []
    if done and all(one.ok for one in done):
        said = " ".join(sorted({one.said for one in done}))
        told = f"{done[0].rule.name if len(done) == 1 else f'{len(done)} rules'}: {said}"
        messages.success(request, told[:500])
        return redirect("library:list")
    context = {"form": form, "do": given["do"], "rules": rules, "done": done, "most": MOST_AT_ONCE}
    return render(request, "library/bulk.html", context, status=422 if form.errors else 200)


def _chosen(request: TeamRequest, given: QueryDict) -> list[Revision]:
    """The rules with the given numbers; with `all` those that the list's address finds."""
    if "all" in given:
        return list(Asked.of(QueryDict(given.get("all", "")[:2000])).rows(request.team)[:MOST_AT_ONCE])
    numbers = {
        int(one) for one in given.getlist("rule")[:MOST_AT_ONCE] if one.isascii() and one.isdigit() and len(one) < 18
    }
    return list(queries.shelf(request.team).filter(draft__in=numbers).order_by("name", "pk"))
