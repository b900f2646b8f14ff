"""Pages that change macros and lists: make, edit with a preview, delete, bring back; and the check as one types."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.permissions import team_required
from studio.accounts.requests import TeamRequest
from studio.definitions import impact, items, queries, services, showing
from studio.definitions.checking import LONGEST_NAME, MOST_ITEMS, check, duplicates, errors
from studio.definitions.forms import TermForm, filled
from studio.definitions.models import Definition
from studio.definitions.services import InUseError, RefusedError, Seen, StaleDefinitionError
from studio.definitions.values import LIST, MACRO, Term, to_json
from studio.definitions.views.reading import built_in_term, definition_or_404

#: What a button of the list editor makes of the values.
TIDY = {"sort": items.in_order, "once": items.once}


@team_required("author")
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: TeamRequest, kind: str = MACRO) -> HttpResponse:
    """A new macro or list: empty, with a name that a rule uses already, or a copy of another one."""
    if request.method == "POST":
        return _posted(request, None)
    name = request.GET.get("name", "").replace("\x00", "")[:LONGEST_NAME]
    term = _copied(request, request.GET.get("copy", "")) or Term(kind, name)
    return _page(request, None, filled(term), term)


@team_required("author")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: TeamRequest, pk: int) -> HttpResponse:
    """Change one, or go back to what an earlier version said."""
    found = definition_or_404(request, pk)
    if request.method == "POST":
        return _posted(request, found)
    then = queries.history(found).filter(number=_number(request.GET.get("version"))).first()
    term = then.term if then else found.term
    label = f"Went back to version {then.number}" if then else ""
    return _page(request, found, filled(term, found.version, label=label), term, back=then)


@team_required("author")
@require_POST
def checked(request: TeamRequest) -> HttpResponse:
    """What is to be said of what stands in the form. Nothing is kept."""
    form = TermForm(request.POST)
    found = _of(request, request.POST.get("definition"))
    if not form.is_valid():
        complaints = [str(error) for each in form.errors.values() for error in each]
        return render(request, "definitions/_check.html", {"complaints": complaints}, status=422)
    return render(request, "definitions/_check.html", _said(request, form.term(), found))


@team_required("author")
@require_POST
def delete(request: TeamRequest, pk: int) -> HttpResponse:
    """Put one away; the list offers the way back."""
    found = definition_or_404(request, pk)
    try:
        services.delete(pk, request.team, request.user)
    except InUseError as error:
        messages.error(request, str(error))
        return redirect(found)
    request.session["undo_definition"] = pk
    return redirect("definitions:list")


@team_required("author")
@require_POST
def bring_back(request: TeamRequest, pk: int) -> HttpResponse:
    """Undo a delete."""
    try:
        found = services.bring_back(pk, request.team, request.user)
    except (Definition.DoesNotExist, OverflowError) as error:
        raise Http404("There is no deleted macro or list of this number in this team.") from error
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("definitions:list")
    messages.success(request, f"{found.name} is back.")
    return redirect(found)


def _posted(request: TeamRequest, found: Definition | None) -> HttpResponse:
    """One post of the form: tidied, refused with reasons, shown with what it changes, or saved."""
    form = TermForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, None, status=422)
    term = form.term()
    if found is not None and term.kind != found.kind:
        raise Http404("A macro never becomes a list, nor a list a macro.")
    if tidy := TIDY.get(request.POST.get("do", "")):
        term = Term(LIST, term.name, "", tidy(term.items), term.description)
        return _page(request, found, filled(term, form.cleaned_data["version"]), term)
    own = queries.own(request.team.pk)
    before = found.name if found else ""
    if errors(check(term, own, before)):
        return _page(request, found, form, term, status=422)
    changes = impact.of(request.team, {term.name, before} - {""}, own.changed(term, without=before))
    digest = _digest(term)
    if (changes.rules or changes.frozen) and form.cleaned_data["seen"] != digest:
        shown = filled(term, form.cleaned_data["version"], digest, form.cleaned_data["label"])
        return _page(request, found, shown, term, impact=changes)
    return _saved(request, found, form, term)


def _saved(request: TeamRequest, found: Definition | None, form: TermForm, term: Term) -> HttpResponse:
    try:
        if found is None:
            made = services.create(request.team, request.user, term)
        else:
            seen = Seen(request.user, request.team, form.cleaned_data["version"] or 0)
            made = services.change(found.pk, seen, term, form.cleaned_data["label"] or "Changed")
    except StaleDefinitionError as stale:
        shown = filled(term, stale.theirs.version)
        changes = showing.changes(stale.theirs.term, term)
        return _page(request, stale.theirs, shown, term, status=409, stale=stale.theirs, changes=changes)
    except InUseError as error:
        form.add_error("name", f"{error} Or copy it under the new name.")
        return _page(request, found, form, term, status=422)
    except RefusedError as error:
        form.add_error(None, str(error))
        return _page(request, found, form, term, status=422)
    messages.success(request, f"{made.name} is saved.")
    return redirect(made)


def _page(
    request: TeamRequest, found: Definition | None, form: TermForm, term: Term | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    kind = term.kind if term else found.kind if found else str(form.data.get("kind", MACRO))
    context = {"definition": found, "form": form, "kind": kind, "most": MOST_ITEMS, **more}
    if term is not None:
        context |= _said(request, term, found)
    return render(request, "definitions/form.html", context, status=status)


def _said(request: TeamRequest, term: Term, found: Definition | None) -> dict[str, Any]:
    """term, findings (none for what is still empty), words, duplicates, whether an empty form is meant."""
    own = queries.own(request.team.pk)
    findings = check(term, own, found.name if found else "")
    fresh = not (term.condition or term.items) and found is None and request.method != "POST"
    return {
        "term": term,
        "kind": term.kind,
        "findings": [] if fresh else findings,
        "words": showing.in_words(term, own),
        "twice": len(term.items) - len(set(term.items)),
        "duplicates": duplicates(term.items)[:20],
        "fresh": fresh,
    }


def _copied(request: TeamRequest, name: str) -> Term | None:
    """A built-in one, or one of the team's, under a name that is still free."""
    own = queries.own(request.team.pk).terms
    term = own.get(name) or built_in_term(name)
    if term is None:
        return None
    free = next(one for one in (f"{name}_own", *(f"{name}_own_{n}" for n in range(2, 3000))) if one not in own)
    return Term(term.kind, free, term.condition, term.items, term.description)


def _of(request: TeamRequest, key: str | None) -> Definition | None:
    return queries.definitions(request.team).filter(pk=_number(key)).first() if key else None


def _digest(term: Term) -> str:
    return hashlib.sha256(json.dumps(to_json([term])).encode("utf-8", "surrogatepass")).hexdigest()


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
