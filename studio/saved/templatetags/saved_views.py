"""{% saved_views "library:list" %}: the views kept of a list, and the way to keep one more."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import RequestContext

from studio.accounts.permissions import allows
from studio.saved import queries, services

register = template.Library()


@register.inclusion_tag("saved/_views.html", takes_context=True)
def saved_views(context: RequestContext, place: str) -> dict[str, Any]:
    """What the partial takes: views with whether each is the one that is shown, the present query, rights."""
    request: Any = context["request"]
    now = services.plain(request.GET.urlencode())
    found = queries.seen_by(request.user, request.team, place)
    return {
        "place": place,
        "query": now,
        "views": [(one, one.query == now) for one in found],
        "kept": any(one.query == now for one in found),
        "may_share": allows(request.user, request.team, "author"),
        "may_administer": allows(request.user, request.team, "administrator"),
        "person": request.user,
        "csrf_token": context.get("csrf_token"),
    }
