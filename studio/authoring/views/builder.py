"""What the builder and the text editor ask for without changing anything."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from rules_export.language.editing import EditError
from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.authoring.builder import view
from studio.authoring.content import needing, to_rule
from studio.authoring.forms.build import BuildForm
from studio.authoring.forms.condition import LONGEST
from studio.authoring.judging import catalogue_digest, judge
from studio.authoring.steps import BY_SLUG
from studio.authoring.templatetags.rule_text import placed
from studio.authoring.views import draw
from studio.authoring.views.guards import draft_or_404
from studio.authoring.waivers import counted
from studio.definitions import queries as definitions
from studio.lints import queries as lints


@team_required("author")
@require_POST
def blank(request: TeamRequest, pk: int) -> HttpResponse:
    """The blank form again, with operators and inputs that fit the field that was typed. Nothing is written."""
    draft = draft_or_404(request, pk)
    purpose, _, key = request.POST.get("about", "").partition(":")
    form = BuildForm(request.POST)
    form.asker, form.rule_set = (request.team, request.user), draft.rule_set
    try:
        editor = view.typed(purpose, key, form.typed(), form.names)
    except EditError as error:
        if request.htmx:
            return render(request, "authoring/_refused.html", {"complaints": [str(error)]}, status=422)
        return draw.page(request, draft, BY_SLUG["condition"], status=422, complaints=[str(error)])
    if request.htmx:
        return render(request, "authoring/builder/_editor.html", {"editor": editor, "draft": draft, "can_edit": True})
    return draw.page(request, draft, BY_SLUG["condition"], open_editor=editor)


@team_required("viewer")
@require_POST
def findings(request: TeamRequest, pk: int) -> JsonResponse:
    """What is to be said of a condition while it is typed, with places in it. Nothing is kept."""
    draft, text = draft_or_404(request, pk), request.POST.get("condition", "").replace("\r\n", "\n")
    if len(text) > LONGEST:
        return JsonResponse({"findings": []}, status=422)
    content = needing(replace(draft.rule_content(), condition=text), definitions.own(draft.team_id))
    counting = counted(judge(to_rule(content), catalogue_digest()), content, lints.off(draft.team_id))
    return JsonResponse({"findings": placed([item for item in counting if item.place == "condition"])})
