"""The list of approved rules, and the page of one."""

from __future__ import annotations

from typing import cast

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rules_export.catalog.tags import MATURITIES
from rules_export.ruleset.model import PRIORITIES
from studio.accounts.permissions import allows, team_required
from studio.accounts.queries import members
from studio.accounts.requests import TeamRequest
from studio.attack.models import Tactic
from studio.authoring import expiry
from studio.library import queries
from studio.library.asking import STATES, Asked
from studio.library.forms import DEEDS
from studio.review import expiring, facts, freezing
from studio.review.meaning import in_words, output_fields
from studio.review.models import Revision
from studio.review.permissions import NEEDS

#: Rules on one page of the list.
PER_PAGE = 25


@team_required("viewer")
@require_GET
def index(request: TeamRequest) -> HttpResponse:
    """The team's approved rules, searched and filtered."""
    asked = Asked.of(request.GET)
    context = {
        "asked": asked,
        "page": _page(request, asked),
        "any": asked.filtered or queries.shelf(request.team).exists(),
        "tactics": Tactic.objects.order_by("position"),
        "priorities": PRIORITIES,
        "maturities": MATURITIES,
        "states": STATES,
        "people": [one.user for one in members(request.team)],
        "fields_named": queries.fields_named(request.team),
        "deeds": _deeds(request),
        "may_import": allows(request.user, request.team, "author"),
        "due": expiring.due(request.team),
    }
    return render(request, "library/list.html", context)


@team_required("viewer")
@require_GET
def rule(request: TeamRequest, draft: int) -> HttpResponse:
    """One approved rule: in words, as YAML, its numbers, and every revision of it that was approved."""
    try:
        found = queries.rule(request.team, draft)
    except (Revision.DoesNotExist, OverflowError) as error:
        raise Http404("There is no rule of this number in this team's library.") from error
    content = found.rule_content()
    context = {
        "revision": found,
        "content": content,
        "in_words": in_words(content),
        "output_fields": output_fields(content),
        "history": queries.history(found),
        "exceptions": [expiry.of(table) for table in content.exceptions],
        "due": expiry.due(content.exceptions),
        "draft_differs": not freezing.same_text(found.draft, found),
        "changed_definitions": freezing.changed(found),
        "own_behaviours": freezing.shown_behaviours(found),
        "can_write": allows(request.user, request.team, NEEDS["begin a draft"]),
        "released": facts.of([found.pk]).get(found.pk, []),
        "hosted": facts.hosted(found),
        "deeds": allows(request.user, request.team, NEEDS["organise"]),
    }
    return render(request, "library/rule.html", context)


@team_required("viewer")
@require_GET
def exceptions(request: TeamRequest) -> HttpResponse:
    """The exceptions of all approved rules with owner, reason and last day; those to look at first."""
    found = expiring.held(request.team)
    view = request.GET.get("view", "")
    view = view if view in expiring.VIEWS else "due"
    chips = [
        {"view": name, "words": words, "count": sum(one.is_in(name) for one in found), "current": name == view}
        for name, words in expiring.VIEWS.items()
    ]
    shown = [one for one in found if one.is_in(view)]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "library/exceptions.html", {"page": page, "chips": chips, "view": view, "any": bool(found)})


def _deeds(request: TeamRequest) -> dict[str, str]:
    """What this person may do with several rules: name → words of the button."""
    if not allows(request.user, request.team, NEEDS["organise"]):
        return {}
    return {name: deed.button for name, deed in DEEDS.items()}


def _page(request: TeamRequest, asked: Asked) -> Page[Revision]:
    """One page of what is asked for; the search runs once, for the keys alone."""
    keys = list(asked.rows(request.team).values_list("pk", flat=True))
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.shelf(request.team).in_bulk(page.object_list)
    return cast("Page[Revision]", _with(page, [rows[key] for key in page.object_list if key in rows]))


def _with(page: Page[int], rows: list[Revision]) -> object:
    """The page with rows in place of their keys."""
    page.object_list = rows  # type: ignore[assignment]
    return page
