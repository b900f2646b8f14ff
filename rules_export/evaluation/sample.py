"""Making up an event that a condition matches, for clauses that come without a sample event.

A search, not a proof: alternatives are tried in the order in which they stand, each field gets the first value that
satisfies everything asked of it, and the whole is verified with the matcher. What it can't find, it says so (None).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rules_export.catalog.fields import lookup
from rules_export.evaluation.candidates import asked, values
from rules_export.evaluation.compiler import Compiler
from rules_export.evaluation.event import EITHER_END, is_any_ancestor, key_of
from rules_export.evaluation.matcher import compile_condition, unfolded
from rules_export.evaluation.operands import TEXTS
from rules_export.language.ast import And, Compare, Exists, Field, Node, Not, Or
from rules_export.language.visitor import fields_used

_MOST_ALTERNATIVES = 300
_MOST_CHECKS = 2_000
_MOST_STEPS = 5_000
#: A check, and whether it must hold.
Wish = tuple[Compare | Exists, bool]
#: Ends of a connection that an address or port of "either end" is put at.
_END = {name: ends[1] for name, ends in EITHER_END.items()}
_DEFAULT_TYPE = "execve"


def synthesise(
    node: Node,
    source: str = "syscall",
    plugins: str = "container",
    macros: Mapping[str, Node] | None = None,
    base: Mapping[str, Any] | None = None,
) -> dict[str, Any] | None:
    """Fields of an event that `node` matches, or None where none was found.

    `base`: an event whose values are kept wherever they do no harm. Raises what compile_condition raises.
    """
    matcher = compile_condition(node, source, plugins, macros)
    search = Search(Compiler(source, plugins), dict(base or {}))
    whole = unfolded(node, macros or {})
    with contextlib.suppress(RecursionError):  # too many clauses for this search: none found
        for wishes in islice(search.alternatives(whole, True, ()), _MOST_ALTERNATIVES):
            event = search.event(wishes)
            if event is not None and matcher.decides(event):
                return event
    return None


@dataclass(slots=True)
class Search:
    """Looks for values under which checks come out as wished; those of `base` stay where they do no harm."""

    compiler: Compiler
    base: dict[str, Any]
    steps: int = 0

    def alternatives(self, node: Node, wanted: bool, before: tuple[Wish, ...]) -> Iterator[tuple[Wish, ...]]:
        """The ways to make `node` come out as wanted: wishes behind those before, free of contradictions."""
        match node:
            case Not(arg):
                yield from self.alternatives(arg, not wanted, before)
            case And(args) if wanted:
                yield from self._all(args, wanted, before)
            case Or(args) if not wanted:
                yield from self._all(args, wanted, before)
            case And(args) | Or(args):
                for arg in args:
                    yield from self.alternatives(arg, wanted, before)
            case Compare() | Exists():
                wishes = (*before, (node, wanted))
                self.steps += 1
                if self.steps <= _MOST_STEPS and len(wishes) <= _MOST_CHECKS and self._possible(wishes):
                    yield wishes

    def _all(self, args: tuple[Node, ...], wanted: bool, before: tuple[Wish, ...]) -> Iterator[tuple[Wish, ...]]:
        if not args:
            yield before
            return
        for wishes in self.alternatives(args[0], wanted, before):
            yield from self._all(args[1:], wanted, wishes)

    def _possible(self, wishes: tuple[Wish, ...]) -> bool:
        """Whether the last wish leaves a value for its field."""
        keys = self._keys(wishes[-1][0])
        return len(keys) != 1 or self._value(keys[0], wishes) is not _NOTHING

    def _keys(self, check: Compare | Exists) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_key(field) for field in fields_used(check)))

    def event(self, wishes: tuple[Wish, ...]) -> dict[str, Any] | None:
        """An event for all wishes, None where some field finds no value."""
        event = dict(self.base)
        for key in dict.fromkeys(key for check, _ in wishes for key in self._keys(check)):
            value = self._value(key, wishes)
            if value is _NOTHING:
                return None
            event[key] = value
        for check, wanted in wishes:
            keys = self._keys(check)
            if len(keys) > 1 and self.compiler.check(check).decide(event) is not wanted:
                if wanted and isinstance(check, Compare):
                    _match_fields(check, event, keys)
                elif not wanted:
                    event[keys[-1]] = None  # a check of what is not there is false
        event.setdefault("evt.type", _DEFAULT_TYPE)
        return event

    def _value(self, key: str, wishes: tuple[Wish, ...]) -> Any:
        """A value for which everything comes out that is asked of this field alone; _NOTHING where none is found."""
        mine = [(check, wanted) for check, wanted in wishes if self._keys(check) == (key,)]
        ready = [(self.compiler.check(check).decide, wanted) for check, wanted in mine]
        for value in self._candidates(key, wishes):
            event = {key: value}
            if all(decide(event) is wanted for decide, wanted in ready):
                return value
        return _NOTHING

    def _candidates(self, key: str, wishes: tuple[Wish, ...]) -> Iterator[Any]:
        if key in self.base:
            yield self.base[key]
        field = next(field for check, _ in wishes for field in fields_used(check) if _key(field) == key)
        info = lookup(field.name, field.arg, self.compiler.source, self.compiler.plugins)
        holding = [
            check for check, wanted in wishes if wanted and isinstance(check, Compare) and key in self._keys(check)
        ]
        several = info.is_list or is_any_ancestor(field.name, field.arg)
        if several and info.type in TEXTS:
            yield [text for check in holding for text in (asked(check) or ("", "", ()))[2][:1]] or ["sample"]
        for value in values(info.type, holding):
            yield [value] if several else value
        yield None


def _match_fields(check: Compare, event: dict[str, Any], keys: tuple[str, ...]) -> None:
    """Give two fields that are compared values that fit: mostly the same one."""
    one, other = keys[0], keys[1]
    value = event[other]
    if check.op in ("<", ">", "!=") and isinstance(value, int):
        event[one] = value + (-1 if check.op == "<" else 1)
    elif check.op == "!=":
        event[one] = f"{value}-other"
    else:
        event[one] = value


_NOTHING = object()


def _key(field: Field) -> str:
    """Where a value for `field` is put so that checks of the field see it."""
    if field.name in _END:
        return _END[field.name]
    return {"fd.cnet": "fd.cip", "fd.snet": "fd.sip", "fd.lnet": "fd.lip", "fd.rnet": "fd.rip"}.get(
        field.name, key_of(field)
    )
