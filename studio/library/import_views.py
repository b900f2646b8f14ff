"""Import rules files: give them, look at what they would bring, carry it out, see what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.authoring.reading import UnreadableError
from studio.library import import_services, importing
from studio.library.forms import RulesFileForm
from studio.library.models import RulesFile

#: Choice → words, by what the item is to the team.
WORDS = {"add": "Add", "replace": "Replace the team's", "skip": "Skip"}
STANDINGS = {
    "new": "New", "kept": "Kept in the rule set", "inlined": "Inlined", "same": "The same", "differs": "Differs", "known": "In the library", "taken": "Name in use",
}  # fmt: skip


@team_required("author")
@require_http_methods(["GET", "POST"])
def start(request: TeamRequest) -> HttpResponse:
    """Paste or choose a rules file."""
    form = RulesFileForm(request.POST, request.FILES) if request.method == "POST" else RulesFileForm()
    if request.method == "POST" and form.is_valid():
        files = form.cleaned_data["files"]
        upload = form.cleaned_data.get("file")
        try:
            name = upload.name if upload else "pasted.yaml"
            return redirect(import_services.keep(request.team, request.user, name, files))
        except UnreadableError as error:
            for reason in error.reasons[:20]:
                form.add_error(None, str(reason))
    recent = RulesFile.objects.filter(team=request.team).select_related("by")[:10]
    return render(request, "library/import.html", {"form": form, "recent": recent}, status=422 if form.errors else 200)


@team_required("author")
@require_http_methods(["GET", "POST"])
def preview(request: TeamRequest, pk: int) -> HttpResponse:
    """What the files would bring, item by item; a post carries it out."""
    try:
        kept = RulesFile.objects.select_related("by").get(pk=pk, team=request.team)
        if request.method == "POST":
            asked = {key: str(value) for key, value in request.POST.items() if ":" in key}
            kept = import_services.carry_out(kept.pk, request.team, request.user, asked)
            messages.success(request, f"Imported {kept.name}.")
            return redirect(kept)
    except (RulesFile.DoesNotExist, OverflowError) as error:
        raise Http404("There is no such rules file in this team.") from error
    except import_services.AlreadyImportedError as error:
        messages.info(request, str(error))
        return redirect("library:import_file", pk)
    if kept.done_at:
        return render(request, "library/imported.html", {"file": kept, "outcomes": import_services.outcomes(kept)})
    plan = importing.plan(request.team, [(name, text) for name, text in kept.files])
    rows = [(one, STANDINGS[one.standing], [(choice, WORDS[choice]) for choice in one.choices]) for one in plan.items]
    counted = {words: sum(1 for one in plan.items if one.standing == name) for name, words in STANDINGS.items()}
    context = {"file": kept, "plan": plan, "rows": rows, "counted": counted}
    return render(request, "library/import_preview.html", context)
