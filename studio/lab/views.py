"""The lab's own page: any condition or rules on any events, kept nowhere."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.lab import trials
from studio.lab.bringing import brought
from studio.lab.event_form import MakeEventForm
from studio.lab.examples import EXAMPLES
from studio.lab.forms import TryForm

#: Where the session keeps what stands in the form while somebody makes an event, and how much of it.
KEPT, MOST_KEPT = "lab_form", 200_000
_NAMES = ("condition", "output", "lines", "ordinary")


@team_required("viewer")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: TeamRequest) -> HttpResponse:
    """Try rules: a POST, because events are long; nothing is written. `do=event` goes to the form for an event."""
    if request.method == "POST" and request.POST.get("do") == "event":
        _keep(request)
        return redirect("lab:event")
    form = TryForm(request.POST) if request.method == "POST" else TryForm(initial=_initial(request))
    context = {
        "form": form,
        "examples": [(key, words) for key, (words, _) in EXAMPLES.items()],
        "can_upload": allows(request.user, request.team, "author"),
    }
    if form.is_bound and form.is_valid():
        events, rules = form.paste.events, brought(request.team, form.rules)
        if asked := request.POST.get("why"):
            context["why"] = trials.explained(rules, events, asked)
            if request.htmx:
                return render(request, "lab/_why.html", context)
        context["bad"] = form.paste.bad
        context["tried"] = trials.attempt(rules, events, with_life=form.cleaned_data["ordinary"])
    return render(request, "lab/index.html", context, status=422 if form.is_bound and not form.is_valid() else 200)


@team_required("viewer")
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: TeamRequest) -> HttpResponse:
    """Make an event by form; it joins the events of the lab's form."""
    posted = request.POST if request.method == "POST" else None
    form = MakeEventForm(posted, asked=request.GET, expects=False)
    if form.is_bound and form.is_valid() and form.made:
        kept = request.session.get(KEPT, {})
        line = json.dumps({"name": form.made.name, "fields": dict(form.made.fields)}, ensure_ascii=False)
        lines = [*str(kept.get("lines", "")).splitlines(), line]
        request.session[KEPT] = {**kept, "lines": "\n".join(lines)}
        return redirect("lab:index")
    return render(request, "lab/event.html", {"form": form}, status=422 if form.is_bound else 200)


def _keep(request: TeamRequest) -> None:
    texts = {name: request.POST.get(name, "") for name in _NAMES}
    if sum(map(len, texts.values())) <= MOST_KEPT:
        request.session[KEPT] = texts


def _initial(request: TeamRequest) -> dict[str, str]:
    """An example, or what stood in the form when somebody went to make an event."""
    example = EXAMPLES.get(request.GET.get("example", ""))
    return dict(example[1]) if example else request.session.pop(KEPT, {})
