"""All lints with their switches, and the page of each."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from rules_export.lints.explanations import Explained
from rules_export.lints.registry import FAMILIES, lints
from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.lints import catalogue, queries, services
from studio.lints.forms import ReasonForm


@team_required("viewer")
@require_safe
def index(request: TeamRequest) -> HttpResponse:
    """Every lint by family, searched with `q` and filtered with `kind`."""
    text, kind = request.GET.get("q", "").strip()[:200], request.GET.get("kind", "")
    off = queries.off(request.team.pk)
    found = catalogue.families(text, kind if kind in catalogue.KINDS else "", off)
    context = {
        "families": found,
        "shown": sum(len(family.lints) for family in found),
        "total": len(lints()),
        "text": text,
        "kind": kind,
        "kinds": catalogue.KINDS,
        "off": off,
        "may_switch": allows(request.user, request.team, "maintainer"),
    }
    return render(request, "lints/list.html", context)


@team_required("viewer")
@require_safe
def page(request: TeamRequest, code: str) -> HttpResponse:
    """What a lint looks for, with a bad and a good example and what its fix does."""
    return _page(request, code)


@team_required("maintainer")
@require_POST
def switch(request: TeamRequest, code: str) -> HttpResponse:
    """Switch a lint off with a reason, or on again."""
    one = _or_404(code)
    if request.POST.get("to") == "on":
        services.switch_on(request.team, request.user, code)
        messages.success(request, f"{code} is on again.")
    else:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return _page(request, code, form, status=422)
        services.switch_off(request.team, request.user, code, form.cleaned_data["reason"])
        messages.success(request, f"{code} is switched off for {request.team}.")
    if request.htmx:
        off = queries.off(request.team.pk)
        return render(request, "lints/_row.html", {"one": one, "off": off, "may_switch": True})
    return redirect("lints:page", code)


def _page(request: TeamRequest, code: str, form: ReasonForm | None = None, status: int = 200) -> HttpResponse:
    one = _or_404(code)
    context = {
        "one": one,
        "family": FAMILIES[one.lint.family],
        "row": queries.off(request.team.pk).get(code),
        "form": form or ReasonForm(),
        "may_switch": allows(request.user, request.team, "maintainer"),
    }
    template = "lints/_row.html" if request.htmx and form else "lints/lint.html"
    if request.htmx and form:
        context |= {"off": queries.off(request.team.pk), "complaints": form.errors.get("reason", [])}
    return render(request, template, context, status=status)


def _or_404(code: str) -> Explained:
    one = catalogue.get(code)
    if one is None:
        raise Http404(f"No lint has the code {code[:80]}. Falco's own codes are explained in its documentation.")
    return one
