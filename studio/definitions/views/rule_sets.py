"""Pages of imported rule sets: all of the team's, one with its macros, lists, rules and files, and changes to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.definitions import queries, rule_sets, uses
from studio.definitions.forms import RuleSetTermForm, RuleSetTitleForm
from studio.definitions.models import RuleSet
from studio.definitions.rule_sets import RuleSetRefusedError
from studio.definitions.services import InUseError

#: Rules of a rule set that its page lists.
MAX_RULES = 200


@team_required("viewer")
@require_safe
def index(request: TeamRequest) -> HttpResponse:
    """The team's rule sets."""
    own = queries.own(request.team.pk).rule_sets
    rows = [
        {
            "rule_set": rule_set,
            "definitions": len(own[rule_set.slug].terms),
            "rules": len(uses.of_rule_set(request.team, rule_set.slug)),
        }
        for rule_set in queries.rule_sets(request.team)
    ]
    context = {"rows": rows, "can_edit": allows(request.user, request.team, "author")}
    return render(request, "definitions/rule_sets.html", context)


@team_required("viewer")
@require_safe
def rule_set(request: TeamRequest, slug: str) -> HttpResponse:
    """One rule set: its macros and lists, its drafts, the files it came from, its history."""
    found = rule_set_or_404(request, slug)
    text = request.GET.get("q", "").strip().lower()[:200]
    terms = queries.own(request.team.pk).rule_sets[slug].terms.values()
    rules = uses.of_rule_set(request.team, slug)
    shown = [term for term in terms if text in term.name.lower() or text in term.says.lower()]
    context = {
        "rule_set": found,
        "text": text,
        "terms": shown,
        "count": len(terms),
        "rules": rules[:MAX_RULES],
        "rule_count": len(rules),
        "files": [(number, name) for number, (name, _) in enumerate(queries.rule_set_files(found))],
        "history": found.versions.select_related("by").defer("files", "terms", "words"),
        "title_form": RuleSetTitleForm(initial={"title": found.title}),
        "can_edit": allows(request.user, request.team, "author"),
    }
    return render(request, "definitions/rule_set.html", context)


@team_required("viewer")
@require_safe
def source_file(request: TeamRequest, slug: str, number: int) -> HttpResponse:
    """A file of the rule set as it was imported."""
    files = queries.rule_set_files(rule_set_or_404(request, slug))
    if number >= len(files):
        raise Http404("The rule set has no such file.")
    name, text = files[number]
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, name.rpartition("/")[2] or "rules.yaml")
    return answer


@team_required("author")
@require_http_methods(["GET", "POST"])
def edit(request: TeamRequest, slug: str, name: str) -> HttpResponse:
    """Change one macro or list of the rule set."""
    found = rule_set_or_404(request, slug)
    term = queries.own(request.team.pk).rule_sets[slug].terms.get(name)
    if term is None:
        raise Http404("The rule set has no such macro or list.")
    form = RuleSetTermForm(request.POST or None, term=term, version=found.version)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            rule_sets.change_term(request.team, request.user, slug, version, form.changed_term())
            messages.success(request, f"Saved {name}.")
            return redirect(found)
        except RuleSetRefusedError as error:
            form.add_error(None, str(error))
    affected = [use for use in uses.of_rule_set(request.team, slug) if name in use.names]
    context = {"rule_set": found, "term": term, "form": form, "affected": affected}
    return render(request, "definitions/rule_set_term.html", context, status=422 if form.errors else 200)


@team_required("author")
@require_POST
def rename(request: TeamRequest, slug: str) -> HttpResponse:
    """Give the rule set another title."""
    found, form = rule_set_or_404(request, slug), RuleSetTitleForm(request.POST)
    if form.is_valid():
        rule_sets.rename(request.team, request.user, slug, form.cleaned_data["title"])
        messages.success(request, "Renamed the rule set.")
    else:
        messages.error(request, "Enter a title of 1 to 200 characters.")
    return redirect(found)


@team_required("author")
@require_POST
def delete(request: TeamRequest, slug: str) -> HttpResponse:
    """Delete the rule set, unless drafts belong to it."""
    found = rule_set_or_404(request, slug)
    try:
        rule_sets.delete(request.team, request.user, slug)
    except InUseError as error:
        messages.error(request, str(error))
        return redirect(found)
    messages.success(request, f"Deleted the rule set {found.title}.")
    return redirect("definitions:rule_sets")


def rule_set_or_404(request: TeamRequest, slug: str) -> RuleSet:
    """The team's rule set; another team's does not exist."""
    try:
        return queries.rule_set(request.team, slug)
    except RuleSet.DoesNotExist as error:
        raise Http404("There is no such rule set in this team.") from error
