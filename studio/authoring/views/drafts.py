"""The list of drafts, and what can be done with a draft as a whole."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.accounts.permissions import allows, require, team_required
from studio.accounts.requests import TeamRequest
from studio.attack import queries as attack
from studio.authoring import listing, queries, services
from studio.authoring.forms.behaviours import keep_events
from studio.authoring.forms.creating import CreateForm, FromYamlForm
from studio.authoring.models import Draft
from studio.authoring.views.guards import draft_or_404

#: Drafts on one page of the list.
PER_PAGE = 25
#: Notes about a pasted text that are shown at once.
TOLD = 2


@team_required("viewer")
@require_GET
def index(request: TeamRequest) -> HttpResponse:
    """The team's drafts: search, chips by state, resume."""
    asked = listing.Asked.of(request.GET)
    found = queries.drafts(request.team, asked.text)
    context = {
        "page": Paginator(listing.rows(found, asked, request.user), PER_PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "chips": listing.chips(found, asked, request.user),
        "any": queries.drafts(request.team).exists(),
        "can_edit": allows(request.user, request.team, "author"),
        "undo": _undo(request),
    }
    return render(request, "authoring/list.html", context)


@team_required("viewer")
@require_http_methods(["GET", "POST"])
def create(request: TeamRequest) -> HttpResponse:
    """A new draft, from nothing, a technique or what was pasted; straight on to the first step that is open."""
    require(request.user, request.team, "author")
    form = CreateForm(
        request.POST if request.method == "POST" else None, initial={"technique": request.GET.get("technique", "")}
    )
    form.asker = (request.team, request.user)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "techniques": attack.names()}
        return render(request, "authoring/create.html", context, status=422 if form.is_bound else 200)
    data = form.cleaned_data
    if form.is_rule:
        return _from_yaml(request, FromYamlForm({"text": data["pasted"]}))
    draft = services.create(request.team, request.user, data["technique"], data["title"], form.first())
    keep_events(draft, request.user, data["pasted"], form.own_clauses)
    for line in form.reading.unread[:TOLD]:
        messages.warning(request, line)
    if len(form.reading.unread) > TOLD:
        messages.warning(request, "There is more that was not read. Paste it in this step to see all of it.")
    return redirect("authoring:step", draft.pk, "behaviours" if draft.techniques or form.reading.lines else "technique")


@team_required("viewer")
@require_http_methods(["GET", "POST"])
def from_yaml(request: TeamRequest) -> HttpResponse:
    """A new draft from a pasted rule; a text that cannot be read stays in the field, with the reasons."""
    require(request.user, request.team, "author")
    return _from_yaml(request, FromYamlForm(request.POST if request.method == "POST" else None))


def _from_yaml(request: TeamRequest, form: FromYamlForm) -> HttpResponse:
    if form.is_bound and form.is_valid():
        draft = services.begin_with(request.team, request.user, form.read.content, "Paste the rule as YAML")
        messages.success(request, f"“{draft.display_title}” is a draft now.")
        for note in form.read.notes:
            messages.warning(request, note)
        return redirect("authoring:step", draft.pk, "check")
    return render(request, "authoring/from_yaml.html", {"form": form}, status=422 if form.is_bound else 200)


@team_required("viewer")
@require_GET
def resume(request: TeamRequest, pk: int) -> HttpResponse:
    """Go on where the draft was left."""
    draft = draft_or_404(request, pk)
    return redirect("authoring:step", draft.pk, draft.last_step)


@team_required("author")
@require_POST
def duplicate(request: TeamRequest, pk: int) -> HttpResponse:
    """A copy, opened at its name."""
    copy = services.duplicate(draft_or_404(request, pk), request.team, request.user)
    messages.success(request, f"This is a copy. “{copy.display_title}” has its own history and its own events.")
    return redirect("authoring:step", copy.pk, "details")


@team_required("author")
@require_POST
def delete(request: TeamRequest, pk: int) -> HttpResponse:
    """Put a draft away; the list offers the way back."""
    draft = services.delete(draft_or_404(request, pk).pk, request.team, request.user)
    request.session["undo_delete"] = draft.pk
    return redirect("authoring:list")


@team_required("author")
@require_POST
def restore(request: TeamRequest, pk: int) -> HttpResponse:
    """Undo a delete."""
    try:
        draft = services.restore(pk, request.team, request.user)
    except (Draft.DoesNotExist, OverflowError) as error:
        raise Http404("There is no deleted draft of this number in this team.") from error
    messages.success(request, f"“{draft.display_title}” is back.")
    return redirect("authoring:list")


def _undo(request: TeamRequest) -> Draft | None:
    """The draft that was deleted just now, offered once."""
    pk = request.session.pop("undo_delete", None)
    return queries.deleted_draft(request.team, pk) if pk else None
