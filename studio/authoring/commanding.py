"""What the palette offers on the pages of a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import NoReverseMatch, reverse

from studio.accounts.permissions import allows
from studio.accounts.requests import TeamRequest
from studio.authoring import queries
from studio.authoring.models import Draft
from studio.authoring.steps import BY_SLUG, STEPS
from studio.ui.commands import HERE, Command

_PAGE = re.compile(r"/drafts/(\d{1,18})/(?:([a-z]+)/)?")


def commands(request: TeamRequest, at: str) -> list[Command]:
    """Those of the draft at this path; none elsewhere, and none for another team's draft."""
    found = _PAGE.match(at)
    if found is None or request.team is None:
        return []
    try:
        draft = queries.draft(request.team, int(found[1]))
    except (Draft.DoesNotExist, OverflowError):
        return []
    here = found[2] if found[2] in BY_SLUG else draft.last_step
    writes = allows(request.user, request.team, "author")
    return [*(_writing(draft, here) if writes else ()), *_reading(draft, here)]


def _reading(draft: Draft, here: str) -> Iterator[Command]:
    for step in STEPS:
        if step.slug != here:
            url = reverse("authoring:step", args=[draft.pk, step.slug])
            yield Command(f"Step {step.number}: {step.title}", url, "arrow-right", also="go to wizard", group=HERE)
    url = reverse("authoring:events", args=[draft.pk])
    yield Command("Sample events", url, "flask", also="lab paste", group=HERE)
    if here == "condition":
        root = reverse("authoring:step", args=[draft.pk, "condition"])
        for view, words in (("visual", "Condition as rows"), ("text", "Condition as text")):
            yield Command(words, f"{root}?view={view}", "code", also="view visual builder editor", group=HERE)


def _writing(draft: Draft, here: str) -> Iterator[Command]:
    version = ("version", str(draft.version))
    walk = reverse("authoring:history", args=[draft.pk])
    for word, able, icon in (
        ("undo", queries.can_undo(draft), "arrow-back-up"),
        ("redo", queries.can_redo(draft), "arrow-forward-up"),
    ):
        if able:
            fields = (("direction", word), version, ("step", here))
            yield Command(word.capitalize(), walk, icon, fields, "last change", presses=word, group=HERE)
    check = reverse("authoring:step", args=[draft.pk, here])
    yield Command("Make all safe fixes", check, "wand", (("action", "fix-safe"), version), "findings lints", group=HERE)
    if hand_in := _address("review:hand_in", draft.pk):
        yield Command(
            "Hand in for review", hand_in, "git-pull-request", (version,), "submit check", presses="hand-in", group=HERE
        )
    copy = reverse("authoring:duplicate", args=[draft.pk])
    yield Command("Duplicate this draft", copy, "copy", (("from", str(draft.pk)),), group=HERE)


def _address(name: str, pk: int) -> str:
    """A page of a room further to the right, where the house has it."""
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""
