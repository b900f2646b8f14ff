"""What changed in the team's behaviours and the sample events that two revisions froze."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studio.authoring.content import RuleContent
from studio.authoring.frozen_parts import FrozenSample

#: Sample events that one sentence names.
MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A change as the page shows it: what kind, what it does to the events that match, before and after."""

    kind: str
    says: str
    effect: str
    before: str = ""
    after: str = ""


def changes(old: RuleContent, new: RuleContent) -> Iterator[Told]:
    """The changes, behaviours first. An event that is there before and after under one name has changed."""
    yield from _behaviours(old, new)
    yield from _samples(old, new)


def _behaviours(old: RuleContent, new: RuleContent) -> Iterator[Told]:
    """Behaviours whose text changed. That a rule chose another behaviour is told elsewhere."""
    chosen = {one.id for one in old.behaviours} ^ {one.id for one in new.behaviours}
    before, after = ({one.reference: one for one in each.own_behaviours or ()} for each in (old, new))
    for reference, one in after.items():
        was = before.get(reference)
        if was is not None and was.digest != one.digest:
            yield Told("change", f"The behaviour {one.title} was edited.", "", was.digest[:16], one.digest[:16])
        elif was is None and reference not in chosen:
            yield Told("add", f"The text of the behaviour {one.title} is part of the revision.", "")
    for reference, one in before.items():
        if reference not in after and reference not in chosen:
            yield Told("remove", f"The text of the behaviour {one.title} is no longer part of the revision.", "")


def _samples(old: RuleContent, new: RuleContent) -> Iterator[Told]:
    before, after = ({one.key: one for one in each.samples or ()} for each in (old, new))
    come = [one for key, one in after.items() if key not in before]
    gone = [one for key, one in before.items() if key not in after]
    both = {one.name for one in come} & {one.name for one in gone}
    groups = (
        ("add", [one for one in come if one.name not in both], "added"),
        ("remove", [one for one in gone if one.name not in both], "removed"),
        ("change", [one for one in come if one.name in both], "changed"),
    )
    for kind, events, verb in groups:
        if events:
            plural = "A sample event was" if len(events) == 1 else f"{len(events)} sample events were"
            yield Told(kind, f"{plural} {verb}: {_named(events)}.", "")


def _named(events: list[FrozenSample]) -> str:
    shown = ", ".join(one.name for one in events[:MAX_NAMED])
    return shown if len(events) <= MAX_NAMED else f"{shown} and {len(events) - MAX_NAMED} more"
