"""Edits of a draft as values: what one change makes of the content, without database and without web."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from rules_export.ruleset.model import PRIORITIES
from studio.authoring import clauses
from studio.authoring.content import SUGGESTED, ChosenBehaviour, ExceptionTable, RuleContent, trimmed


class RefusedEditError(ValueError):
    """A change that the content as it stands cannot take; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change. `label` names it in the history; quick edits of one `field` merge into one step of undo."""

    label: str
    apply: Callable[[RuleContent], RuleContent]
    field: str = ""


def add_technique(technique: str) -> Edit:
    """Add an ATT&CK id; the first one is the primary."""

    def apply(content: RuleContent) -> RuleContent:
        if technique in content.techniques:
            return content
        return replace(content, techniques=(*content.techniques, technique), primary=content.primary or technique)

    return Edit(f"Add technique {technique}", apply)


def remove_technique(technique: str) -> Edit:
    """Take an ATT&CK id away; the next one becomes primary where it was."""

    def apply(content: RuleContent) -> RuleContent:
        rest = tuple(item for item in content.techniques if item != technique)
        primary = content.primary if content.primary in rest else next(iter(rest), "")
        return replace(content, techniques=rest, primary=primary)

    return Edit(f"Remove technique {technique}", apply)


def make_primary(technique: str) -> Edit:
    """Mark one of the chosen techniques as the one that the rule is mainly about."""

    def apply(content: RuleContent) -> RuleContent:
        return replace(content, primary=technique) if technique in content.techniques else content

    return Edit(f"Make {technique} the primary technique", apply)


def choose_behaviour(behaviour: str, title: str, parameters: Mapping[str, str], clause: str) -> Edit:
    """Choose a behaviour: its clause becomes an alternative of the condition. Chosen again, only parameters change."""

    def apply(content: RuleContent) -> RuleContent:
        chosen = ChosenBehaviour(behaviour, dict(parameters), clause)
        before = next((item for item in content.behaviours if item.id == behaviour), None)
        if before is None:
            condition = clauses.add(content.condition, clause)
            return replace(content, behaviours=(*content.behaviours, chosen), condition=condition)
        condition = clauses.exchange(content.condition, before.clause, clause)
        behaviours = tuple(chosen if item.id == behaviour else item for item in content.behaviours)
        return replace(content, behaviours=behaviours, condition=condition)

    return Edit(f"Choose “{title}”"[:120], apply)


def drop_behaviour(behaviour: str, title: str) -> Edit:
    """Choose a behaviour no more: the equal clause leaves the condition; a clause edited by hand stays."""

    def apply(content: RuleContent) -> RuleContent:
        dropped = next((item for item in content.behaviours if item.id == behaviour), None)
        if dropped is None:
            return content
        rest = tuple(item for item in content.behaviours if item is not dropped)
        return replace(content, behaviours=rest, condition=clauses.remove(content.condition, dropped.clause))

    return Edit(f"Drop “{title}”"[:120], apply)


def add_clause(clause: str, title: str) -> Edit:
    """Add a clause of one's own as an alternative."""
    return Edit(
        f"Add clause: {title}"[:120], lambda content: replace(content, condition=clauses.add(content.condition, clause))
    )


def set_condition(text: str) -> Edit:
    """Write the condition by hand."""
    return Edit(
        "Edit the condition",
        lambda content: replace(content, condition=as_typed(content, "condition", text)),
        "condition",
    )


def format_condition() -> Edit:
    """Lay the condition out anew; a text that does not parse stays as it is."""
    return Edit("Format the condition", lambda content: replace(content, condition=clauses.tidy(content.condition)))


def set_tables(tables: Iterable[ExceptionTable], label: str = "Edit the exceptions", field: str = "") -> Edit:
    """Replace all exceptions."""
    after = tuple(tables)
    return Edit(label, lambda content: replace(content, exceptions=after), field)


def set_output(text: str) -> Edit:
    """Write the output by hand; emptied, it takes suggestions again."""

    def apply(content: RuleContent) -> RuleContent:
        return touch(replace(content, output=as_typed(content, "output", text)), "output", text)

    return Edit("Edit the output", apply, "output")


def set_details(name: str, desc: str, priority: str, enabled: bool, tags: tuple[str, ...]) -> Edit:
    """Write name, description, priority, enabled and tags; what differs from before counts as written by hand."""

    def apply(content: RuleContent) -> RuleContent:
        after = content
        texts = (("name", as_typed(content, "name", name)), ("desc", as_typed(content, "desc", desc)))
        for key, value in (*texts, ("tags", content.tags if tags == split_tags(" ".join(content.tags)) else tags)):
            if getattr(content, key) != value:
                after = touch(replace(after, **{key: value}), key, value)  # type: ignore[arg-type]
        urgency = priority if priority in PRIORITIES else content.priority
        return replace(after, priority=urgency, enabled=enabled)

    return Edit("Edit name, priority and tags", apply, "details")


def as_typed(content: RuleContent, part: str, text: str) -> str:
    """What a typed text makes of a part. Where the texts go into the rule as they are, blanks around the typed text are
    dropped and lines of an output joined; a text that the field shows just so has not been typed and stays."""
    if not content.exact:
        return text
    now = str(getattr(content, part))
    return now if _in_field(part, now) == _in_field(part, text) else trimmed(part, text)


def _in_field(part: str, text: str) -> str:
    """A text as a browser's field sends it back: with one kind of line end, a name on one line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return (lines.replace("\n", "") if part == "name" else lines).strip()


def split_tags(text: str) -> tuple[str, ...]:
    """Tags between commas or blanks, each once, in the order given."""
    return tuple(dict.fromkeys(tag for tag in re.split(r"[\s,]+", text.strip(" \n\t,[]")) if tag))


def set_rare(values: Mapping[str, bool | int]) -> Edit:
    """Write keys that few rules have (of content.RARE)."""
    return Edit("Edit the rare keys", lambda content: replace(content, **values), "details")  # type: ignore[arg-type]


def use_suggestion(part: str) -> Edit:
    """Let the studio fill `part` (one of SUGGESTED) again."""

    def apply(content: RuleContent) -> RuleContent:
        return replace(content, touched=content.touched - {part}) if part in SUGGESTED else content

    return Edit(f"Use the suggested {part}", apply)


def touch(content: RuleContent, part: str, value: object) -> RuleContent:
    """Mark `part` as written by hand, or as free for suggestions when it was emptied."""
    touched = content.touched | {part} if value else content.touched - {part}
    return replace(content, touched=touched)
