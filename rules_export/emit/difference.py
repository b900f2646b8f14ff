"""What changed between two states of a rule, in what it means: clauses, exceptions, tags; not blanks and line ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules_export.emit.closure import tree_of
from rules_export.language.ast import And, Compare, Node, Or, ValueList
from rules_export.language.printer import to_text
from rules_export.ruleset.model import PRIORITIES, Entry, List, Macro, Rule, RuleException


class Effect(StrEnum):
    """What a change does to the events that the rule matches."""

    MORE = "more"
    FEWER = "fewer"
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. place: the part of the rule, as in findings. before, after: "" for what was not or is not there."""

    place: str
    before: str
    after: str
    effect: Effect
    says: str


def meaning_diff(old: Rule, new: Rule) -> tuple[Change, ...]:
    """All changes from `old` to `new`, part by part. Equal meaning gives none, however it is written."""
    return (
        *_condition(old.condition, new.condition),
        *_brought(old.brings, new.brings),
        *_exceptions(old.exceptions, new.exceptions),
        *_texts(old, new),
        *_priority(old.priority, new.priority),
        *_tags(old.tags, new.tags),
        *_switches(old, new),
    )


def _condition(old: str, new: str) -> Iterator[Change]:
    before, after = tree_of(old), tree_of(new)
    if before is None or after is None:
        if old != new:
            yield Change("condition", old, new, Effect.OTHER, "The condition changed.")
    elif before != after:
        found = list(_members(before, after, Or, "alternative", Effect.MORE, Effect.FEWER))
        if isinstance(before, Or) or isinstance(after, Or):
            yield from found
        else:
            yield from _members(before, after, And, "clause", Effect.FEWER, Effect.MORE)


def _members(
    before: Node, after: Node, chain: type[And] | type[Or], what: str, adding: Effect, removing: Effect
) -> Iterator[Change]:
    """The members of two chains that only one of them has; a list that grew or shrank counts as one change."""
    olds = list(before.args if isinstance(before, chain) else (before,))
    news = list(after.args if isinstance(after, chain) else (after,))
    gone = [one for one in olds if one not in news]
    come = [one for one in news if one not in olds]
    for one in list(gone):
        twins = [(other, change) for other in come if (change := _list_change(one, other)) is not None]
        if twins:
            gone.remove(one)
            come.remove(twins[0][0])
            yield twins[0][1]
    for one in gone:
        yield Change("condition", to_text(one), "", removing, f"The {what} `{to_text(one)}` is gone.")
    for one in come:
        yield Change("condition", "", to_text(one), adding, f"The {what} `{to_text(one)}` is new.")
    if not gone and not come and [one for one in olds if one in news] != [one for one in news if one in olds]:
        yield Change("condition", to_text(before), to_text(after), Effect.SAME, f"The order of the {what}s changed.")


def _listed(node: Node) -> tuple[str, tuple[str, ...]] | None:
    """The left side and the items of `left in (…)`."""
    if isinstance(node, Compare) and node.op == "in" and isinstance(node.right, ValueList):
        return to_text(node.left), node.right.items
    return None


def _list_change(one: Node, other: Node) -> Change | None:
    """The change where both are lists of values for one field; None otherwise."""
    before, after = _listed(one), _listed(other)
    if before is None or after is None or before[0] != after[0]:
        return None
    added = [item for item in after[1] if item not in before[1]]
    removed = [item for item in before[1] if item not in after[1]]
    told = [f"{', '.join(added)} is new"] if added else []
    told += [f"{', '.join(removed)} is gone"] if removed else []
    effect = Effect.OTHER if added and removed else Effect.MORE if added else Effect.FEWER if removed else Effect.SAME
    says = f"In `{before[0]} in (…)` {' and '.join(told) or 'the order changed'}."
    return Change("condition", to_text(one), to_text(other), effect, says)


def _brought(old: tuple[Macro | List, ...], new: tuple[Macro | List, ...]) -> Iterator[Change]:
    """Macros and lists of the team's own that both states bring, in different texts."""
    before = {(type(one), one.name): one for one in old}
    for one in new:
        known = before.get((type(one), one.name))
        if isinstance(one, Macro) and isinstance(known, Macro) and not same_condition(known.condition, one.condition):
            says = f"The macro {one.name} says something else."
            yield Change("condition", known.condition, one.condition, Effect.OTHER, says)
        elif isinstance(one, List) and isinstance(known, List) and known.items != one.items:
            yield _brought_list(known, one)


def _brought_list(old: List, new: List) -> Change:
    added = [item for item in new.items if item not in old.items]
    removed = [item for item in old.items if item not in new.items]
    told = [f"{_few(added)} {'is' if len(added) == 1 else 'are'} new"] if added else []
    told += [f"{_few(removed)} {'is' if len(removed) == 1 else 'are'} gone"] if removed else []
    effect = Effect.OTHER if added or removed else Effect.SAME
    says = f"In the list {new.name} {' and '.join(told) or 'the order changed'}."
    return Change("condition", ", ".join(old.items), ", ".join(new.items), effect, says)


def _few(items: Sequence[str]) -> str:
    return ", ".join(items) if len(items) <= 6 else f"{', '.join(items[:6])} and {len(items) - 6} more"


def same_condition(one: str, other: str) -> bool:
    """Whether two texts are one condition, however they are laid out."""
    if one == other:
        return True
    trees = tree_of(one), tree_of(other)
    return trees[0] is not None and trees[0] == trees[1]


def _exceptions(old: tuple[RuleException, ...], new: tuple[RuleException, ...]) -> Iterator[Change]:
    before, after = {one.name: one for one in old}, {one.name: one for one in new}
    for name, one in before.items():
        if name not in after:
            yield Change("exceptions", name, "", _if(one, Effect.MORE), f"The exception {name} is gone.")
    for name, one in after.items():
        if name not in before:
            yield Change("exceptions", "", name, _if(one, Effect.FEWER), f"The exception {name} is new.")
        elif (before[name].fields, before[name].comps) != (one.fields, one.comps):
            yield Change("exceptions", name, name, Effect.OTHER, f"The exception {name} looks at other fields.")
        else:
            yield from _values(before[name], one)


def _if(exception: RuleException, effect: Effect) -> Effect:
    return effect if exception.values else Effect.SAME


def _values(old: RuleException, new: RuleException) -> Iterator[Change]:
    gone = ", ".join(shown(value) for value in old.values if value not in new.values)
    come = ", ".join(shown(value) for value in new.values if value not in old.values)
    if come:
        yield Change("exceptions", "", come, Effect.FEWER, f"The exception {new.name} now also excludes {come}.")
    if gone:
        yield Change("exceptions", gone, "", Effect.MORE, f"The exception {new.name} no longer excludes {gone}.")


def shown(entry: Entry) -> str:
    """A value of an exception as text for people."""
    return f"({', '.join(map(shown, entry))})" if isinstance(entry, tuple) else str(entry)


def _texts(old: Rule, new: Rule) -> Iterator[Change]:
    for place in ("name", "desc", "output"):
        before, after = getattr(old, place), getattr(new, place)
        if before.split() != after.split():
            title = {"desc": "description"}.get(place, place)
            yield Change(place, before, after, Effect.SAME, f"The {title} changed.")


def _priority(old: str, new: str) -> Iterator[Change]:
    before, after = ("INFORMATIONAL" if one.upper() == "INFO" else one.upper() for one in (old, new))
    if before != after:
        ranks = [PRIORITIES.index(one) if one in PRIORITIES else -1 for one in (before, after)]
        how = "" if -1 in ranks else " It is more urgent." if ranks[1] < ranks[0] else " It is less urgent."
        yield Change("priority", before, after, Effect.SAME, f"The priority is {after}, it was {before}.{how}")


def _tags(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Change]:
    gone = ", ".join(tag for tag in old if tag not in new)
    come = ", ".join(tag for tag in new if tag not in old)
    if come:
        yield Change("tags", "", come, Effect.SAME, f"New tags: {come}.")
    if gone:
        yield Change("tags", gone, "", Effect.SAME, f"Tags gone: {gone}.")


def _switches(old: Rule, new: Rule) -> Iterator[Change]:
    if old.enabled != new.enabled:
        effect = Effect.MORE if new.enabled else Effect.FEWER
        says = "The rule is enabled." if new.enabled else "The rule is disabled."
        yield Change("enabled", str(old.enabled).lower(), str(new.enabled).lower(), effect, says)
    if old.source != new.source:
        says = f"The source is {new.source}, it was {old.source}."
        yield Change("source", old.source, new.source, Effect.OTHER, says)
    if old.warn_evttypes != new.warn_evttypes:
        says = "Falco warns" if new.warn_evttypes else "Falco no longer warns"
        yield _switch(
            "warn_evttypes", old, new, Effect.SAME, f"{says} where the condition fits nearly every event type."
        )
    if old.skip_if_unknown_filter != new.skip_if_unknown_filter:
        says = "leaves the rule out" if new.skip_if_unknown_filter else "refuses the file"
        says = f"A Falco that does not know one of its fields {says}."
        yield _switch("skip_if_unknown_filter", old, new, Effect.OTHER, says)
    yield from _capture(old, new)


def _capture(old: Rule, new: Rule) -> Iterator[Change]:
    """What Falco records beside an alert; it decides about no event."""
    if old.capture != new.capture:
        says = "An alert starts a capture." if new.capture else "An alert no longer starts a capture."
        yield _switch("capture", old, new, Effect.SAME, says)
    if old.capture_duration != new.capture_duration:
        lasts = [
            f"{one.capture_duration:,} ms" if one.capture_duration else "as long as Falco's settings say"
            for one in (old, new)
        ]
        says = f"A capture lasts {lasts[1]}, it was {lasts[0]}."
        yield _switch("capture_duration", old, new, Effect.SAME, says)


def _switch(key: str, old: Rule, new: Rule, effect: Effect, says: str) -> Change:
    before, after = (str(getattr(one, key)).lower() for one in (old, new))
    return Change(key, before, after, effect, says)
