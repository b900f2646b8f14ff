"""Pages that show macros and lists: all, one of the team's, a built-in one; and what the editor completes."""

from __future__ import annotations

import hashlib

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from rules_export.catalog.macros import LISTS, MACROS
from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.definitions import listing, queries, showing
from studio.definitions.models import Definition, DefinitionVersion
from studio.definitions.values import LIST, MACRO, Term
from studio.ui import vocabulary as words

#: Macros and lists on one page of the list.
PER_PAGE = 40


@team_required("viewer")
@require_safe
def index(request: TeamRequest) -> HttpResponse:
    """The team's and the built-in macros and lists."""
    asked = listing.Asked.of(request.GET)
    page = Paginator(listing.rows(request.team, asked), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = listing.counted(request.team, list(page.object_list))
    context = {
        "asked": asked,
        "chips": listing.chips(request.team, asked),
        "page": page,
        "any_own": queries.definitions(request.team).exists(),
        "can_edit": allows(request.user, request.team, "author"),
        "undo": _undo(request),
    }
    return render(request, "definitions/list.html", context)


@team_required("viewer")
@require_safe
def definition(request: TeamRequest, pk: int) -> HttpResponse:
    """One of the team's: what it says, where it is used, its history."""
    found = definition_or_404(request, pk)
    context = {
        "definition": found,
        "history": queries.history(found),
        "can_edit": allows(request.user, request.team, "author"),
        **showing.about(request.team, found.term, request.GET.get("find", "")),
    }
    return render(request, "definitions/definition.html", context)


@team_required("viewer")
@require_safe
def version(request: TeamRequest, pk: int, number: int) -> HttpResponse:
    """What it said in an earlier version, beside what it says now."""
    found = definition_or_404(request, pk)
    try:
        then = queries.history(found).get(number=number)
    except (DefinitionVersion.DoesNotExist, OverflowError) as error:
        raise Http404("There is no such version.") from error
    can_edit = allows(request.user, request.team, "author")
    changes = showing.changes(then.term, found.term)
    return render(
        request, "definitions/version.html",
        {"definition": found, "version": then, "changes": changes, "can_edit": can_edit},
    )  # fmt: skip


@team_required("viewer")
@require_safe
def built_in(request: TeamRequest, name: str) -> HttpResponse:
    """A macro or list of the library, and who uses it."""
    term = built_in_term(name)
    if term is None:
        raise Http404("There is no built-in macro or list of this name.")
    info = MACROS.get(name) or LISTS[name]
    context = {
        "info": info,
        "can_edit": allows(request.user, request.team, "author"),
        **showing.about(request.team, term, request.GET.get("find", "")),
    }
    return render(request, "definitions/built_in.html", context)


@team_required("viewer")
@require_safe
def named(request: TeamRequest, name: str) -> HttpResponse:
    """The page of the macro or list that this name stands for in the team's rules."""
    own = queries.named(request.team, name)
    if own is not None:
        return redirect(own)
    if name in MACROS or name in LISTS:
        return redirect("definitions:built_in", name)
    raise Http404(f"Nobody defines {name}.")


@team_required("viewer")
@require_safe
def vocabulary(request: TeamRequest) -> HttpResponse:
    """What the editor completes in conditions: the studio's names, the team's own and those of the rule set
    that is asked for, with an ETag."""
    own = queries.own(request.team.pk).within(request.GET.get("rule_set", ""))
    text = showing.vocabulary(own, words.document()[0])
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(text, content_type="application/json")
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    return answer


def definition_or_404(request: TeamRequest, pk: int) -> Definition:
    """The team's definition; another team's does not exist."""
    try:
        return queries.definition(request.team, pk)
    except (Definition.DoesNotExist, OverflowError) as error:
        raise Http404("There is no such macro or list in this team.") from error


def built_in_term(name: str) -> Term | None:
    """A macro or list of the library as a value."""
    if name in MACROS:
        return Term(MACRO, name, MACROS[name].condition, (), MACROS[name].description)
    return Term(LIST, name, "", LISTS[name].items, LISTS[name].description) if name in LISTS else None


def _undo(request: TeamRequest) -> Definition | None:
    """What was deleted just now, offered once."""
    pk = request.session.pop("undo_definition", None)
    return queries.deleted(request.team, pk) if pk else None
