"""The parts of a rule as reviewers see them; changes and comments hang on one of them."""

from __future__ import annotations

from collections.abc import Mapping

#: Slug → its title, and the places of the engine's changes that belong to it.
PARTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "condition": ("Condition", frozenset({"condition", "source"})),
    "exceptions": ("Exceptions", frozenset({"exceptions"})),
    "output": ("Output", frozenset({"output"})),
    "details": ("Details", frozenset({"name", "desc", "priority", "tags", "enabled"})),
}


def part_of(place: str) -> str:
    """The part that a change's place belongs to."""
    return next((slug for slug, (_, places) in PARTS.items() if place in places), "details")


#: Where a thread may hang: (slug, words).
PLACES = (("whole", "The whole rule"), *((slug, title) for slug, (title, _) in PARTS.items()), ("line", "A line"),
          ("clause", "A clause"), ("row", "A row of an exception"))  # fmt: skip

#: Part → the field of the content that a suggestion replaces, and its words.
SUGGESTS: Mapping[str, tuple[str, str]] = {
    "condition": ("condition", "condition"),
    "output": ("output", "output"),
    "details": ("desc", "description"),
}
