"""What the wizard says of a draft's reviews, for templates of rooms that do not know this one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from studio.accounts.models import User
from studio.authoring.models import Draft
from studio.review import freezing
from studio.review.lifecycle import State
from studio.review.mentions import found
from studio.review.models import Revision, Thread

register = template.Library()

_CODE = re.compile(r"`([^`\n]+)`")


@register.inclusion_tag("review/_of_draft.html")
def review_of(draft: Draft) -> dict[str, Any]:
    """The draft's newest revision, and whether what it says is still what the draft says."""
    newest = Revision.objects.filter(draft=draft).order_by("-number").first()
    same = newest is not None and freezing.same(draft, newest)
    last = newest.decisions.select_related("by").last() if newest else None
    return {"revision": newest, "same": same, "last": last}


@register.simple_tag
def approved_rule(draft: Draft) -> Revision | None:
    """The draft's approved revision."""
    return Revision.objects.filter(draft=draft, state=State.APPROVED).first()


@register.filter
def at(threads: dict[str, list[Thread]], place: str) -> list[Thread]:
    """The threads that hang on a place."""
    return threads.get(str(place), [])


@register.filter
def at_line(threads: dict[str, list[Thread]], line: int | None) -> list[Thread]:
    """The threads that hang on a line of the YAML."""
    return threads.get(f"line {line}", []) if line else []


@register.filter
def speaks_of(threads: dict[str, list[Thread]], place: str) -> bool:
    """Whether a thread hangs on any spot of this kind."""
    return any(key.startswith(f"{place} ") for key in threads)


@register.filter
def spoken(text: str, members: Iterable[User] = ()) -> SafeString:
    """A text of a person or of the engine: lines kept, `code` marked, members that are mentioned in bold."""
    return mark_safe("".join(_pieces(text, list(members))))  # noqa: S308 (every piece is escaped)


def _pieces(text: str, members: list[User]) -> Iterator[str]:
    for number, piece in enumerate(_CODE.split(text)):
        if number % 2:
            yield f"<code>{escape(piece)}</code>"
            continue
        last = 0
        for match, person in found(piece, members):
            yield _lines(piece[last : match.start()])
            yield f'<b class="mentioned">@{escape(person.name)}</b>'
            last = match.end()
        yield _lines(piece[last:])


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
