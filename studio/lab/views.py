"""The lab's own page: any condition on any events, kept nowhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from rules_export.ruleset.model import Rule
from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.lab.forms import TryForm
from studio.lab.results import LabResult, sample
from studio.lab.services import run


@team_required("viewer")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: TeamRequest) -> HttpResponse:
    """Try a condition: a POST, because events are long; nothing is written."""
    form = TryForm(request.POST if request.method == "POST" else None)
    result = _tried(form) if form.is_bound and form.is_valid() else None
    context = {"form": form, "result": result, "bad": form.paste.bad if result else ()}
    return render(request, "lab/index.html", context, status=422 if form.is_bound and not form.is_valid() else 200)


def _tried(form: TryForm) -> LabResult:
    data = form.cleaned_data
    rule = Rule("Lab", data["condition"], data["output"] or "%evt.type %proc.cmdline", "", "NOTICE")
    samples = [sample(str(number), item.name, item.fields) for number, item in enumerate(form.paste.events, start=1)]
    return run(rule, samples)
