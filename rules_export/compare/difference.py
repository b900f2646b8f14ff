"""What changed between two states of a rule, in what it means: clauses, exceptions, tags; not blanks and line ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules_export.compare.change import Change, Effect
from rules_export.compare.clauses import Brought, breadth, condition_changes
from rules_export.compare.entailing import put_in
from rules_export.definitions.closure import same_condition, texts_of, tree_of
from rules_export.ruleset.model import PRIORITIES, Entry, List, Macro, Rule, RuleException

__all__ = ["Change", "Effect", "meaning_diff", "shown"]


def meaning_diff(old: Rule, new: Rule) -> tuple[Change, ...]:
    """All changes from `old` to `new`, part by part. Equal meaning gives none, however it is written."""
    return (
        *condition_changes(old.condition, new.condition, (old.brings, new.brings)),
        *_brought(old, new),
        *_exceptions(old.exceptions, new.exceptions),
        *_texts(old, new),
        *_priority(old.priority, new.priority),
        *_tags(old.tags, new.tags),
        *_switches(old, new),
    )


def _brought(old: Rule, new: Rule) -> Iterator[Change]:
    """Macros and lists of the team's own that say something else, or that a name means now and did not before."""
    before = {(type(one), one.name): one for one in old.brings}
    after = {(type(one), one.name): one for one in new.brings}
    for key, one in after.items():
        known = before.get(key)
        if isinstance(one, Macro) and isinstance(known, Macro) and not same_condition(known.condition, one.condition):
            says = f"The macro {one.name} says something else."
            yield Change("condition", known.condition, one.condition, _swapped(new, known, one), says)
        elif isinstance(one, List) and isinstance(known, List) and known.items != one.items:
            yield _brought_list(new, known, one)
        elif known is None and _names(old, one.name):
            says = f"By {one.name} the rule means a {type(one).__name__.lower()} of the team's own now."
            yield Change("condition", one.name, _text(one), Effect.OTHER, says)
    for key, one in before.items():
        if key not in after and _names(new, one.name):
            says = f"By {one.name} the rule no longer means a {type(one).__name__.lower()} of the team's own."
            yield Change("condition", _text(one), one.name, Effect.OTHER, says)


def _names(rule: Rule, name: str) -> bool:
    """Whether the word stands in the rule, or in what it brings."""
    texts = [*texts_of(rule), *(_text(one) for one in rule.brings)]
    return any(re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", text) for text in texts)


def _text(one: Macro | List) -> str:
    return one.condition if isinstance(one, Macro) else ", ".join(one.items)


def _swapped(rule: Rule, before: Macro | List, after: Macro | List) -> Effect:
    """What the rule matches by the one text of a macro or list more than by the other."""
    tree = tree_of(rule.condition)
    if tree is None or any(_names(Rule("", text, "", "", ""), after.name) for text in texts_of(rule)[1:]):
        return Effect.OTHER
    brought: Brought = tuple(before if one is after else one for one in rule.brings)
    return breadth(put_in(tree, brought), put_in(tree, rule.brings))


def _brought_list(rule: Rule, old: List, new: List) -> Change:
    added = [item for item in new.items if item not in old.items]
    removed = [item for item in old.items if item not in new.items]
    told = [f"{_few(added)} {'is' if len(added) == 1 else 'are'} new"] if added else []
    told += [f"{_few(removed)} {'is' if len(removed) == 1 else 'are'} gone"] if removed else []
    effect = _swapped(rule, old, new) if added or removed else Effect.SAME
    says = f"In the list {new.name} {' and '.join(told) or 'the order changed'}."
    return Change("condition", ", ".join(old.items), ", ".join(new.items), effect, says)


def _few(items: Sequence[str]) -> str:
    return ", ".join(items) if len(items) <= 6 else f"{', '.join(items[:6])} and {len(items) - 6} more"


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
