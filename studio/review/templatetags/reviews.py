"""What the wizard says of a draft's reviews, for templates of rooms that do not know this one."""

from __future__ import annotations

from typing import Any

from django import template

from studio.authoring.models import Draft
from studio.review.models import Revision
from studio.review.services import content_hash

register = template.Library()


@register.inclusion_tag("review/_of_draft.html")
def review_of(draft: Draft) -> dict[str, Any]:
    """The draft's newest revision, and whether what it says is still what the draft says."""
    newest = Revision.objects.filter(draft=draft).order_by("-number").first()
    same = newest is not None and newest.content_hash == content_hash(draft.content)
    last = newest.decisions.select_related("by").last() if newest else None
    return {"revision": newest, "same": same, "last": last}
