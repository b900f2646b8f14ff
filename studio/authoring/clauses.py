"""Clauses as alternatives of a condition's text: put in, found again, exchanged, taken out; broken text is kept."""

from __future__ import annotations

from functools import lru_cache

from rules_export.errors import ConditionSyntaxError
from rules_export.language.ast import Node, Or
from rules_export.language.editing import add_alternative, remove_alternative
from rules_export.language.layout import pretty
from rules_export.language.parser import parse


@lru_cache(maxsize=512)
def parsed(text: str) -> Node | None:
    """The tree of `text`, or None where it is empty or does not parse."""
    if not text.strip():
        return None
    try:
        return parse(text)
    except ConditionSyntaxError:
        return None


def add(text: str, clause: str) -> str:
    """`text` with `clause` as one more alternative; the clause alone where there was nothing."""
    if holds(text, clause):
        return text
    tree, extra = parsed(text), parsed(clause)
    if extra is None:
        return text
    if not text.strip():
        return pretty(extra)
    if tree is None:
        return f"{text.rstrip()}\nor ({clause})"
    for alternative in _alternatives(extra):
        tree = add_alternative(tree, alternative)
    return pretty(tree)


def remove(text: str, clause: str) -> str:
    """`text` without the alternatives of `clause`; unchanged where they are not all in it."""
    tree, extra = parsed(text), parsed(clause)
    if tree is None:
        return text.replace(f"\nor ({clause})", "")
    if extra is None or not holds(text, clause):
        return text
    unwanted = _alternatives(extra)
    if all(item in unwanted for item in _alternatives(tree)):
        return ""
    for alternative in unwanted:
        tree = remove_alternative(tree, alternative)
    return pretty(tree)


def exchange(text: str, old: str, new: str) -> str:
    """`text` with `new` in the place of `old`; unchanged where `old` was edited by hand."""
    tree, before, after = parsed(text), parsed(old), parsed(new)
    if before is None or after is None or not holds(text, old):
        return text
    if tree is None:
        return text.replace(f"({old})", f"({new})")
    unwanted = _alternatives(before)
    place = next(index for index, item in enumerate(_alternatives(tree)) if item in unwanted)
    kept = [item for item in _alternatives(tree) if item not in unwanted]
    fresh = [item for item in _alternatives(after) if item not in kept]
    result = (*kept[:place], *fresh, *kept[place:])
    return pretty(Or(result) if len(result) > 1 else result[0])


def holds(text: str, clause: str) -> bool:
    """Whether every alternative of `clause` is an alternative of `text` as it stands."""
    tree, wanted = parsed(text), parsed(clause)
    if tree is None or wanted is None:
        return bool(clause) and f"({clause})" in text
    present = _alternatives(tree)
    return all(item in present for item in _alternatives(wanted))


def tidy(text: str) -> str:
    """The same condition laid out anew, or the text itself where it does not parse."""
    tree = parsed(text)
    return text if tree is None else pretty(tree)


def _alternatives(tree: Node) -> tuple[Node, ...]:
    return tree.args if isinstance(tree, Or) else (tree,)
