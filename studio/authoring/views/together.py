"""Several people in one draft: who is here, and the merge that somebody chose."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.authoring import presence, services
from studio.authoring.edits import RefusedEditError
from studio.authoring.forms import bound
from studio.authoring.forms.base import ChangeForm
from studio.authoring.services import Seen, StaleDraftError
from studio.authoring.steps import BY_SLUG, STEPS
from studio.authoring.views import draw
from studio.authoring.views.guards import draft_or_404
from studio.definitions.services import RefusedError

#: What the names of a merge's choices begin with.
CHOICE = "merge-part-"


@team_required("viewer")
@require_POST
def here(request: TeamRequest, pk: int) -> HttpResponse:
    """A sign of an open page: who else is here, and the version that the draft has now."""
    draft, step = draft_or_404(request, pk), request.POST.get("step", "")
    presence.note(draft, request.user, step if step in BY_SLUG else "")
    last = draft.snapshots.filter(number=draft.position).select_related("author").first()
    context = {"others": presence.others(draft, request.user), "draft": draft}
    answer = render(request, "authoring/_present.html", context)
    answer["X-Draft-Version"] = str(draft.version)
    answer["X-Draft-Author"] = str(last.author.pk == request.user.pk if last else False).lower()
    return answer


@team_required("author")
@require_POST
def merge(request: TeamRequest, pk: int) -> HttpResponse:
    """The refused change again, with what was chosen part by part. Another write meanwhile shows the page anew."""
    draft = draft_or_404(request, pk)
    step = BY_SLUG.get(request.POST.get("merge-step", ""), STEPS[0])
    form, seen = bound(step.slug, request.POST), _number(request.POST.get("merge-seen", ""))
    form.asker, form.rule_set = (request.team, request.user), draft.rule_set
    if not form.is_valid() or seen is None:
        return draw.refused(request, draft, step, form if not form.is_valid() else ChangeForm({}))
    chosen = {key[len(CHOICE) :]: str(value) for key, value in request.POST.items() if key.startswith(CHOICE)}
    now = Seen(request.user, request.team, form.cleaned_data["version"])
    try:
        with transaction.atomic():
            form.prepare()
            draft = services.merge(pk, now, seen, form.edit(), chosen)
    except StaleDraftError as stale:
        return draw.conflict(request, step, stale)
    except (RefusedEditError, RefusedError) as refused:
        form.add_error(None, str(refused))
        return draw.refused(request, draft, step, form)
    form.follow(draft, request.user)
    messages.success(request, "Both changes are saved.")
    return redirect("authoring:step", draft.pk, step.slug)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 9 else None
