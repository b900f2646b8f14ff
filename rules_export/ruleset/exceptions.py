"""Exceptions of rules: how they are read, what Falco asks of them, and the condition text that they become."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import dropwhile
from typing import TYPE_CHECKING

from rules_export.errors import FatalLoadError
from rules_export.language.operators import LIST_OPERATORS, MODIFIERS, OPERATORS, SYMBOL_OPERATORS, WORD_OPERATORS
from rules_export.ruleset.context import (
    EXCEPTION,
    EXCEPTION_VALUE,
    EXCEPTION_VALUES,
    EXCEPTIONS,
    VALIDATE,
    VALUE_FOR,
    Context,
    LoadError,
    Problem,
)
from rules_export.ruleset.decoding import Fields, invalid, required_text
from rules_export.yamlcpp.node import MAP, NULL, SCALAR, SEQUENCE, Node

if TYPE_CHECKING:  # a verdict alone starts faster without the model
    from rules_export.ruleset.model import Entry, RuleException

#: Whether a text is a field of the rule's source; None where the source is unknown and nothing is checked.
FieldTest = Callable[[str], bool]

#: More entries than this in one exception are no rules any more but an attack by aliases.
MAX_ENTRIES = 200_000

#: Falco complains of each earlier exception of the same name; we stop at so many.
_SAME = 50
#: Longer texts lie elsewhere in memory than the list that holds them.
_KEPT_LENGTH = 15

_WITH_MODIFIER = {f"{op} {modifier}" for op in (*SYMBOL_OPERATORS, *WORD_OPERATORS) for modifier in MODIFIERS}
_TAKING_LISTS = {*LIST_OPERATORS, *_WITH_MODIFIER}
_KNOWN = {*OPERATORS, *_WITH_MODIFIER}


class ExceptionInfo:
    """An exception as collected: its entries, and the place to complain about."""

    __slots__ = ("comps", "context", "fields", "name", "values")

    def __init__(self, name: str, fields: Entry, comps: Entry, values: list[Entry], context: Context) -> None:
        self.name = name
        self.fields = fields
        self.comps = comps
        self.values = values
        self.context = context

    def as_model(self) -> RuleException:
        """The exception without its place."""
        from rules_export.ruleset.model import RuleException

        return RuleException(self.name, self.fields, self.comps, tuple(self.values))


def read_exceptions(fields: Fields, parent: Context, appending: bool, warnings: list[Problem]) -> list[ExceptionInfo]:
    """The exceptions of one item. `appending`: the fields may be missing, and missing values are warned about."""
    node = fields.get("exceptions")
    if node is None or node.kind == NULL:
        return []
    place = parent.child(EXCEPTIONS, "", node.mark)
    if node.kind != SEQUENCE:
        raise invalid("Rule exceptions must be a sequence", place)
    found: list[ExceptionInfo] = []
    seen: Counter[str] = Counter()
    for entry in node.items:
        found.append(_read_one(entry, place, parent, appending, warnings, seen))
    return found


def _read_one(
    node: Node, place: Context, parent: Context, appending: bool, warnings: list[Problem], seen: Counter[str]
) -> ExceptionInfo:
    if node.kind != MAP:
        raise invalid("Rule exception must be a mapping", place.child(EXCEPTION, "", node.mark))
    fields = node.by_key()
    name = required_text(fields, "name", place.child(EXCEPTION, "", node.mark))
    context = parent.child(EXCEPTION, name, node.mark)
    message = f"Multiple definitions of exception '{name}' in the same rule"
    warnings += [Problem("LOAD_EXCEPTION_NAME_NOT_UNIQUE", message, context) for _ in range(min(seen[name], _SAME))]
    seen[name] += 1
    if "fields" not in fields and not appending:
        raise invalid("Item has no mapping for key 'fields'", context)
    reader = _EntryReader()
    info = ExceptionInfo(name, None, None, [], context)
    if "fields" in fields:
        info.fields = reader.read(fields["fields"], "fields", context)
    if "comps" in fields:
        info.comps = reader.read(fields["comps"], "comps", context)
    if "values" in fields:
        info.values = _read_values(fields["values"], context, reader)
    elif appending:
        warnings.append(Problem("LOAD_APPEND_NO_VALUES", "Overriding/appending exception with no values", context))
    return info


def _read_values(node: Node, parent: Context, reader: _EntryReader) -> list[Entry]:
    place = parent.child(EXCEPTION_VALUES, "", node.mark)
    if node.kind != SEQUENCE:
        raise invalid("Rule exception values must be a sequence", place)
    return [reader.read(value, "", place.child(EXCEPTION_VALUE, "", value.mark)) for value in node.items]


class _EntryReader:
    """Reads entries of an exception and counts them: aliases can make few lines stand for more than memory holds."""

    def __init__(self) -> None:
        self.count = 0

    def read(self, node: Node, key: str, parent: Context, depth: int = 0) -> Entry:
        """A text, a tuple of entries, or None for null and mappings."""
        self.count += 1
        if self.count > MAX_ENTRIES or depth > 400:
            raise FatalLoadError("An exception holds too many entries, or itself: check its aliases.")
        if node.kind == SCALAR:
            if not node.text:
                raise invalid("Value must be non-empty", parent.child(VALUE_FOR, key, node.mark))
            return node.text
        if node.kind != SEQUENCE:
            return None
        place = parent.child(VALUE_FOR, key, node.mark)
        return tuple(
            [self.read(item, "", place.child(EXCEPTION, "", item.mark), depth + 1) for item in node.items]
        )  # fmt: skip


def validate_exception(info: ExceptionInfo, is_field: FieldTest | None) -> None:
    """Check a new exception, and give it Falco's default for missing comps."""
    if isinstance(info.fields, tuple):
        _validate_tuple(info, info.fields)
        names = [_text(field) for field in info.fields]
    else:
        _validate_single(info)
        names = [_text(info.fields)]
    if is_field is None:
        return
    for name in names:
        if not is_field(name):
            raise LoadError(VALIDATE, f"'{name}' is not a supported filter field", info.context)


def _validate_tuple(info: ExceptionInfo, fields: tuple[Entry, ...]) -> None:
    comps = info.comps or ("=",) * len(fields)
    if not isinstance(comps, tuple) or len(comps) != len(fields):
        raise LoadError(VALIDATE, "Fields and comps lists must have equal length", info.context)
    info.comps = tuple(_stripped(comp) for comp in comps)
    for comp in info.comps:
        if _text(comp) not in _KNOWN:
            raise LoadError(VALIDATE, f"'{_text(comp)}' is not a supported comparison operator", info.context)


def _validate_single(info: ExceptionInfo) -> None:
    comps = info.comps or "in"
    if isinstance(comps, tuple):
        raise LoadError(VALIDATE, "Fields and comps must both be strings", info.context)
    info.comps = _stripped(comps)
    if info.comps not in _TAKING_LISTS:
        raise LoadError(
            VALIDATE,
            "When fields is a single value, comps must be one of (in, pmatch, intersects) or a modifier operator "
            "(e.g. startswith oneof)",
            info.context,
        )


def keep_replaced_comps(new: Sequence[ExceptionInfo], old: Sequence[ExceptionInfo]) -> None:
    """Complete missing comps of exceptions that replace others, as Falco does by accident.

    It puts the new ones into the memory of the old ones, place by place, and later reads beyond the end of their comps.
    What it finds there are the comps that were replaced, if there were enough and they were short. Else it crashes.
    """
    if len(new) > len(old):
        return
    for one, replaced in zip(new, old, strict=False):
        given = one.comps if isinstance(one.comps, tuple) else ()
        left = replaced.comps if isinstance(replaced.comps, tuple) else ()
        if isinstance(one.fields, tuple) and len(given) < len(one.fields) <= len(left):
            kept = left[len(given) :]
            if all(len(_text(comp)) <= _KEPT_LENGTH for comp in kept):
                one.comps = given + kept


def _stripped(comp: Entry) -> Entry:
    return comp.strip(" \t\r\n") if isinstance(comp, str) else comp


def _text(entry: Entry) -> str:
    """What Falco takes for the text of an entry that is none."""
    return entry if isinstance(entry, str) else ""


def quoted_item(item: str) -> str:
    """A list's item as a condition takes it: in double quotes if it holds a blank and does not begin with a quote."""
    return f'"{item}"' if " " in item and item[0] not in "\"'" else item


def listed(items: Iterable[str]) -> str:
    """Items one after another with commas; Falco puts none behind empty ones that the list begins with."""
    return ", ".join(dropwhile(operator.not_, map(quoted_item, items)))


def expand_exceptions(condition: str, exceptions: Sequence[ExceptionInfo]) -> str:
    """The condition that a rule with these exceptions has, with names of lists still in it."""
    if not exceptions:
        return condition
    clauses = [_tuple(one, one.fields) if isinstance(one.fields, tuple) else _single(one) for one in exceptions]
    return f"({condition})" + "".join(f" and not {clause}" for clause in clauses if clause)


def _single(info: ExceptionInfo) -> str:
    if any(isinstance(value, tuple) for value in info.values):
        raise LoadError(VALIDATE, "Expected values array to contain a list of strings", info.context)
    if not info.values:
        return ""
    values = ", ".join(quoted_item(_text(value)) for value in info.values)
    return f"({_text(info.fields)} {_text(info.comps)} ({values}))"


def _tuple(info: ExceptionInfo, fields: tuple[Entry, ...]) -> str:
    rows = []
    comps = info.comps if isinstance(info.comps, tuple) else ()
    for value in info.values:
        row = value if isinstance(value, tuple) else ()
        if len(row) != len(fields):
            raise LoadError(VALIDATE, "Fields and values lists must have equal length", info.context)
        if len(comps) < len(fields):
            raise FatalLoadError(
                f"Exception '{info.name}' was replaced without comps for each of its fields: Falco crashes on it. "
                "Give comps as a list as long as fields."
            )
        rows.append(
            " and ".join(
                f" {_text(field)} {_text(comp)} {_member(member, _text(comp))}"
                for field, comp, member in zip(fields, comps, row, strict=False)
            )
        )
    return "(" + " or ".join(f"({row})" for row in rows) + ")" if rows else ""


def _member(value: Entry, comp: str) -> str:
    if isinstance(value, tuple):
        return f"({listed(map(_text, value))})"
    text = _text(value)
    if comp not in _TAKING_LISTS:
        return quoted_item(text)
    return text if text.startswith("(") else f"({text})"
