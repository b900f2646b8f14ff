"""Falco's warnings about conditions that load: unsafe `<NA>`, deprecated fields, literals that look like mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules_export.catalog.fields import is_field
from rules_export.language.ast import Compare, Exists, Field, Node, Operand, Transformer, Value, ValueList
from rules_export.language.operators import FIELD_TRANSFORMER, TRANSFORMERS, split
from rules_export.language.visitor import leaves

_WITHOUT_ENTER_EVENTS = "field is not available due to the drop of enter events."
#: Deprecated fields, in Falco's order, with its text for each.
DEPRECATED: dict[str, str] = {
    "evt.dir": (
        "due to the drop of enter events, 'evt.dir = <' always evaluates to true, and 'evt.dir = >' always evaluates "
        "to false. The rule expression can be simplified by removing the condition on 'evt.dir'"
    ),
    "evt.latency": _WITHOUT_ENTER_EVENTS,
    "evt.latency.s": _WITHOUT_ENTER_EVENTS,
    "evt.latency.ns": _WITHOUT_ENTER_EVENTS,
    "evt.latency.human": _WITHOUT_ENTER_EVENTS,
    "evt.wait_latency": _WITHOUT_ENTER_EVENTS,
}
_UNSAFE_OPERATORS = ("=", "==", "!=", "in", "intersects", "pmatch")
_UNSAFE_PREFIXES = ("ka.", "jevt.")
_SPECIAL = frozenset(".+*?^$()[]{}|\\\0")  # C's strchr finds the terminator too
_SPACES = re.compile(r"[ \t\n\v\f\r]+")
_SIMPLER = "'=', 'contains', 'startswith', 'endswith'"
_WRAPPERS = tuple(name + "(" for name in (FIELD_TRANSFORMER, *TRANSFORMERS))


def unsafe_na(node: Node) -> Compare | None:
    """The first check of a Kubernetes audit field against `<NA>`, where there is one."""
    for one in leaves(node):
        if (
            isinstance(one, Compare)
            and isinstance(one.left, Field)
            and one.left.name.startswith(_UNSAFE_PREFIXES)
            and one.op in _UNSAFE_OPERATORS
            and "<NA>" in literals(one)
        ):
            return one
    return None


def deprecated_fields(node: Node) -> list[Field]:
    """Deprecated fields on the left of checks, each once, in Falco's order; inside literal lists they do not count."""
    found: dict[str, Field] = {}
    for one in leaves(node):
        if isinstance(one, Compare | Exists):
            for field in _plain_fields(one.left):
                if field.name in DEPRECATED:
                    found.setdefault(field.name, field)
    return [found[name] for name in DEPRECATED if name in found]


def _plain_fields(operand: Operand) -> Iterator[Field]:
    if isinstance(operand, Field):
        yield operand
        return
    waiting: list[Operand] = [operand]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Field):
            yield one
        elif isinstance(one, Transformer):
            waiting.extend(reversed(one.args))


def literals(check: Compare) -> tuple[str, ...]:
    """The literals on the right of a check; none where a field stands there."""
    if isinstance(check.right, ValueList):
        return check.right.items
    return (check.right.text,) if isinstance(check.right, Value) else ()


def literal_hints(op: str, text: str, source: str, plugins: str) -> Iterator[str]:
    """Falco's texts for a literal that loads but looks like a mistake."""
    if split(op)[0] == "regex" and not _needs_regex(text):
        yield f"regex check with '{text}' may be optimized with simpler operators such as {_SIMPLER}"
    if "." not in text and "(" not in text:
        return
    bare = _SPACES.sub("", text)
    if is_field(bare, source, plugins):
        yield f"'{text}' may be a valid field misused as a const string value"
    if bare.startswith(_WRAPPERS) and bare.endswith(")"):
        yield f"'{text}' may be a valid field transformer misused as a const string value"


def _needs_regex(pattern: str) -> bool:
    """Falco's rough guess: special characters apart from anchors and from `.*` at either end."""
    last, index = len(pattern) - 1, 0
    while index <= last:
        char = pattern[index]
        anchor = (index == 0 and char == "^") or (index == last and char == "$")
        if not anchor:
            at_end = (index == 0 and last > 0) or index == last - 1
            if at_end and char == "." and pattern[index + 1] in "+*?":
                index += 1
            elif char in _SPECIAL:
                return True
        index += 1
    return False
