"""The list of approved rules, and the page of one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rules_export.ruleset.model import PRIORITIES
from studio.accounts.permissions import allows, team_required
from studio.accounts.requests import TeamRequest
from studio.attack.models import Tactic
from studio.library import queries
from studio.library.asking import Asked
from studio.review.meaning import in_words, output_fields
from studio.review.models import Revision
from studio.review.permissions import NEEDS
from studio.review.services import content_hash

#: Rules on one page of the list.
PER_PAGE = 25


@team_required("viewer")
@require_GET
def index(request: TeamRequest) -> HttpResponse:
    """The team's approved rules, searched and filtered."""
    asked = Asked.of(request.GET)
    context = {
        "asked": asked,
        "page": Paginator(asked.rows(request.team), PER_PAGE).get_page(request.GET.get("page")),
        "any": asked.filtered or queries.rules(request.team).exists(),
        "tactics": Tactic.objects.order_by("position"),
        "priorities": PRIORITIES,
        "authors": queries.authors(request.team),
    }
    return render(request, "library/list.html", context)


@team_required("viewer")
@require_GET
def rule(request: TeamRequest, draft: int) -> HttpResponse:
    """One approved rule: in words, as YAML, its numbers, and every revision of it that was approved."""
    try:
        found = queries.rule(request.team, draft)
    except (Revision.DoesNotExist, OverflowError) as error:
        raise Http404("There is no approved rule of this number in this team.") from error
    content = found.rule_content()
    context = {
        "revision": found,
        "content": content,
        "in_words": in_words(content),
        "output_fields": output_fields(content),
        "history": queries.history(found),
        "draft_differs": content_hash(found.draft.content) != found.content_hash,
        "can_write": allows(request.user, request.team, NEEDS["begin a draft"]),
    }
    return render(request, "library/rule.html", context)
