"""Pages of the behaviour room. Everybody who is signed in may read them: the built-in library belongs to no team."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_safe

from studio.accounts.permissions import allows
from studio.accounts.roles import Role
from studio.attack import queries as attack
from studio.behaviours import describe, queries
from studio.behaviours.filters import Filters
from studio.behaviours.forms import PREFIX, DescribeForm, ParameterForm
from studio.behaviours.models import PREFIX as OWN
from studio.behaviours.own import queries as own
from studio.behaviours.records import Behaviour

PER_PAGE = 24


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The library with search and filters."""
    filters = Filters.of(request.GET)
    team = getattr(request, "team", None)
    ours = filters.chosen(own.usable(team, request.user))
    page = Paginator([*ours, *filters.found()], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "total": len(queries.all()),
        "techniques": len(queries.techniques()),
        "team": team,
    }
    return render(request, "behaviours/index.html", context)


@require_safe
def detail(request: HttpRequest, behaviour_id: str) -> HttpResponse:
    """Everything about one behaviour; the clause with the parameters in the address."""
    if own.is_reference(behaviour_id):
        return redirect("behaviours:own", int(behaviour_id[len(OWN) :]))
    behaviour = _behaviour(behaviour_id)
    entered = any(name.startswith(f"{PREFIX}-") for name in request.GET)
    form = ParameterForm(behaviour, request.GET if entered else None)
    context = {
        "behaviour": behaviour,
        "form": form,
        "clause": form.clause(),
        "variants": [(variant, behaviour.clause(variant=variant.id)) for variant in behaviour.variants],
        "techniques": attack.techniques(behaviour.techniques),
        "start_url": start_url(request),
        "may_write": allows(request.user, getattr(request, "team", None), Role.AUTHOR),
        "related": [other for other in queries.for_techniques(behaviour.techniques[:1]) if other != behaviour][:6],
    }
    return render(request, "behaviours/detail.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def describe_own(request: HttpRequest) -> HttpResponse:
    """Clauses proposed from pasted text. Nothing is kept; the text travels in the body, so that it may be long."""
    form = DescribeForm(request.POST or None)
    described = describe.read(form.cleaned_data["text"]) if form.is_bound and form.is_valid() else None
    template = "behaviours/_proposals.html" if request.headers.get("HX-Request") else "behaviours/describe.html"
    context = {
        "form": form,
        "described": described,
        "may_write": allows(request.user, getattr(request, "team", None), Role.AUTHOR),
        "technique": request.GET.get("technique", "")[:12],
        "try_url": _address("lab:index"),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def start_url(request: HttpRequest) -> str:
    """Where a rule is begun; empty for those who may not, and while the wizard is not there."""
    if not allows(request.user, getattr(request, "team", None), Role.AUTHOR):
        return ""
    return _address("authoring:create")


def _address(name: str) -> str:
    """Where a page of a room below stands; empty where that room is not there."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _behaviour(behaviour_id: str) -> Behaviour:
    try:
        return queries.get(behaviour_id)
    except KeyError:
        raise Http404(f"There is no behaviour called {behaviour_id[:60]}.") from None
