"""What changed between two revisions in what the rule means, part by part, and the rule itself in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules_export.compare.difference import Change, Effect, meaning_diff
from rules_export.errors import EngineError, OutputError
from rules_export.language.words import outline
from rules_export.output.template import parse, prepare
from studio.authoring.clauses import parsed
from studio.authoring.content import RuleContent, to_rule
from studio.definitions.lexicon import told
from studio.review import evidence
from studio.review.evidence import Told
from studio.review.parts import PARTS, part_of

#: Lines of the condition in words that are shown at once.
MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class Part:
    """A part with what changed in it."""

    slug: str
    title: str
    changes: tuple[Told, ...]


EFFECTS: Mapping[Effect, str] = {
    Effect.MORE: "matches more",
    Effect.FEWER: "matches fewer",
    Effect.OTHER: "matches others",
    Effect.SAME: "",
}


def parts(old: RuleContent | None, new: RuleContent) -> list[Part]:
    """Every part with its changes since `old`; without `old` no part has any."""
    changes = changes_between(old, new) if old else ()
    more: dict[str, tuple[Told, ...]] = {}
    if old:
        more = {"output": _output_fields(old, new), "exceptions": tuple(_notes(old, new))}
        more["details"] = (
            *_chosen(old, new), *_rule_set(old, new), *evidence.changes(old, new), *_waivers(old, new)
        )  # fmt: skip
    return [
        Part(slug, title, tuple(_told(one) for one in changes if part_of(one.place) == slug) + more.get(slug, ()))
        for slug, (title, _) in PARTS.items()
    ]


def changes_between(old: RuleContent, new: RuleContent) -> tuple[Change, ...]:
    """The engine's changes."""
    return meaning_diff(to_rule(old), to_rule(new))


def in_words(content: RuleContent) -> list[tuple[int, str]]:
    """The condition as lines of a nested list: depth (0 to 8) and text."""
    tree = parsed(content.condition)
    if tree is None:
        return [(0, content.condition)]
    meanings = told(content.definitions)
    lines = [(min(depth, 8), text) for depth, text in outline(tree, meanings)]
    more = len(lines) - MOST_LINES
    return lines if more <= 0 else [*lines[:MOST_LINES], (0, f"and {more} more lines, in the YAML")]


def output_fields(content: RuleContent) -> tuple[str, ...]:
    """The fields that the alert shows, in order."""
    try:
        template = parse(prepare(to_rule(content).output)[0], content.source)
    except (OutputError, EngineError):
        return ()
    return tuple(dict.fromkeys(str(getattr(one, "name", one)) for one in template.fields))


def _told(change: Change) -> Told:
    kind = "add" if not change.before else "remove" if not change.after else "change"
    return Told(kind, change.says, EFFECTS[change.effect], change.before, change.after)


def _output_fields(old: RuleContent, new: RuleContent) -> tuple[Told, ...]:
    before, after = output_fields(old), output_fields(new)
    come = ", ".join(one for one in after if one not in before)
    gone = ", ".join(one for one in before if one not in after)
    told = [Told("add", f"The alert also shows {come}.", "")] if come else []
    return (*told, *([Told("remove", f"The alert no longer shows {gone}.", "")] if gone else []))


def _notes(old: RuleContent, new: RuleContent) -> Iterator[Told]:
    """Owners, reasons and last days of exceptions that stay and say something else now."""
    before = {table.name: table for table in old.exceptions}
    for table in new.exceptions:
        was = before.get(table.name)
        for word, title in (("owner", "owner"), ("reason", "reason"), ("expires", "last day")):
            then, now = getattr(was, word, "") if was else "", getattr(table, word)
            if was and then != now:
                kind = "add" if not then else "remove" if not now else "change"
                says = f"The {title} of the exception {table.name} {f'is {now}' if now else 'is gone'}."
                yield Told(kind, says, "", then, now)


def _chosen(old: RuleContent, new: RuleContent) -> Iterator[Told]:
    """Techniques and behaviours that the rule is for; by them coverage counts it, and sample events come with them."""
    ours = {one.reference: one.title for each in (old, new) for one in each.own_behaviours or ()}
    for title, word in (("technique", "techniques"), ("behaviour", "behaviours")):
        then, now = (tuple(str(getattr(each, "id", each)) for each in getattr(one, word)) for one in (old, new))
        for kind, names, what in (
            ("add", [one for one in now if one not in then], "is for the {}"),
            ("remove", [one for one in then if one not in now], "is no longer for the {}"),
        ):
            if names:
                plural = title if len(names) == 1 else word
                shown = ", ".join(ours.get(one, one) for one in names)
                yield Told(kind, f"The rule {what.format(plural)} {shown}.", "")
    if old.primary != new.primary:
        says = f"The first technique is {new.primary or 'none'}, it was {old.primary or 'none'}."
        yield Told("change", says, "", old.primary, new.primary)
    before, after = ({one.id: one.parameters for one in content.behaviours} for content in (old, new))
    for name in [one for one in after if one in before and before[one] != after[one]]:
        yield Told("change", f"The behaviour {name} has other settings.", "", _set(before[name]), _set(after[name]))


def _rule_set(old: RuleContent, new: RuleContent) -> Iterator[Told]:
    """The imported rule set that the rule belongs to; its names are resolved there."""
    if old.rule_set != new.rule_set:
        says = f"The rule belongs to {new.rule_set or 'no rule set'}, it belonged to {old.rule_set or 'none'}."
        yield Told("change", says, "", old.rule_set, new.rule_set)


def _set(parameters: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in sorted(parameters.items()))


def _waivers(old: RuleContent, new: RuleContent) -> Iterator[Told]:
    """Findings of the studio that are switched off for the rule, or count again."""
    before, after = ({one.code: one.reason for one in content.waivers} for content in (old, new))
    for code, reason in after.items():
        if before.get(code) != reason:
            kind = "change" if code in before else "add"
            yield Told(kind, f"{code} is switched off: {reason}", "", before.get(code, ""), reason)
    for code in before.keys() - after.keys():
        yield Told("remove", f"{code} counts again.", "", before[code])
