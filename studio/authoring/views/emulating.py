"""Files that put a draft's rule to the test on a host."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.authoring import emulating, samples
from studio.authoring.views.guards import draft_or_404


@team_required("viewer")
@require_safe
def script(request: TeamRequest, pk: int) -> HttpResponse:
    """The shell script; back to the behaviours where there is nothing to play."""
    draft = draft_or_404(request, pk)
    content = draft.rule_content()
    if not (text := emulating.emulation(content)):
        messages.info(request, "There is nothing to play yet: pick a behaviour first.")
        return redirect("authoring:step", draft.pk, "behaviours")
    return file(text, f"{emulating.file_name(content)}-emulate.sh", "text/x-shellscript")


@team_required("viewer")
@require_safe
def suite(request: TeamRequest, pk: int) -> HttpResponse:
    """The suite for Falco's event-generator."""
    draft = draft_or_404(request, pk)
    content = draft.rule_content()
    text = emulating.event_generator(content, samples.kept(content, draft.samples_id))
    return file(text, f"{emulating.file_name(content)}-event-generator.yaml", "application/yaml")


def file(text: str, name: str, kind: str) -> HttpResponse:
    """A text to download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)
