"""Definitions of a pasted text in place of their names: exactly what Falco makes of the names, or not at all.

Lists are substituted as Falco substitutes them, as text, and macros as parts of the tree. What the built-in macros and
lists define alike keeps its name, if everything below it is alike too. The result is compared with Falco's own
expansion before it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rules_export.catalog.macros import LISTS, MACROS, words
from rules_export.definitions.closure import tree_of
from rules_export.errors import EngineError
from rules_export.language.ast import Identifier, Node
from rules_export.language.escapes import from_bytes_text, to_bytes_text
from rules_export.language.layout import pretty
from rules_export.language.parser import parse
from rules_export.language.printer import to_text
from rules_export.language.visitor import expand, identifiers, walk
from rules_export.ruleset.collector import ListInfo
from rules_export.ruleset.context import LoadError, SourceFile, file_context
from rules_export.ruleset.exceptions import ExceptionInfo, expand_exceptions, quoted_item
from rules_export.ruleset.lists import ListTable
from rules_export.ruleset.model import Entry, RuleException, RuleSet
from studio.authoring.content import split_list, takes_list

#: Parts and characters that a condition may have with definitions in place of their names.
MAX_PARTS, MAX_LENGTH = 5_000, 200_000
#: Macros within macros.
MAX_DEPTH = 100

_NOWHERE = file_context(SourceFile("", ""))
_NEIGHBOURS = re.compile(r"[ \t\r\n(),=]+")
_QUOTED_OR_BLANKS = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\s*([(),])\s*|(\s+)""")


@dataclass(frozen=True, slots=True)
class Inlined:
    """A condition and exceptions with definitions in place of their names. names: those that are gone; notes: what
    could not be inlined and why."""

    condition: str
    exceptions: tuple[RuleException, ...] = ()
    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class _TooLargeError(Exception):
    """Definitions in definitions, more than a person wrote."""


def inline(condition: str, exceptions: tuple[RuleException, ...], beside: RuleSet) -> Inlined:
    """The texts with what the pasted rules file `beside` them defines in place of its names."""
    unchanged = Inlined(condition, exceptions)
    scope = _scope(beside.macros, beside.lists)
    names = scope.used([condition, *_texts(exceptions)])
    if not names:
        return unchanged
    said = ", ".join(names)
    try:
        after = Inlined(scope.placed(condition), tuple(map(scope.exception, exceptions)), names)
        if scope.means_the_same(unchanged, after):
            return after
        why = "Falco would read the result differently"
    except _TooLargeError:
        why = f"the condition would have more than {MAX_PARTS:,} parts"
    except (EngineError, RecursionError) as error:
        why = f"the condition cannot be read ({error})"
    return replace(unchanged, notes=(f"Not inlined: {said}. With the definitions in place, {why}.",))


@lru_cache(maxsize=8)
def _scope(macros: tuple[object, ...], lists: tuple[object, ...]) -> _Scope:
    return _Scope(RuleSet(macros=macros, lists=lists))  # type: ignore[arg-type]


@dataclass
class _Scope:
    """The definitions of a pasted text, and the built-in ones for names that it does not define.

    gone: the names to put definitions in place of; bodies: macros with theirs in place, and their sizes.
    """

    beside: RuleSet
    bodies: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        pasted = {one.name: one.condition for one in self.beside.macros}
        self.macros: dict[str, str] = {name: one.condition for name, one in MACROS.items()} | pasted
        own = {one.name: one.items for one in self.beside.lists}
        self.lists = {name: one.items for name, one in LISTS.items() if name not in own} | own
        self.gone = self._differing(pasted)
        self._before = _table(self.lists)
        self._placing = _table({name: self.lists[name] for name in self.lists if name in self.gone})

    def _differing(self, pasted: Mapping[str, str]) -> frozenset[str]:
        """The names that mean something else than the built-in ones, or reach such a name."""
        differs = {name for name, text in pasted.items() if not _same_macro(name, text)}
        differs |= {
            one.name for one in self.beside.lists if one.name not in LISTS or LISTS[one.name].items != one.items
        }
        above: dict[str, set[str]] = {}
        for name, text in self.macros.items():
            for below in self._named(text):
                above.setdefault(below, set()).add(name)
        for name, items in self.lists.items():
            for item in items:
                above.setdefault(item, set()).add(name)
        waiting = list(differs)
        while waiting:
            fresh = above.get(waiting.pop(), set()) - differs
            differs |= fresh
            waiting += fresh
        return frozenset(differs)

    def _named(self, text: str) -> frozenset[str]:
        """The macros that a condition calls, and the lists among its words."""
        tree = tree_of(text)
        calls = frozenset(identifiers(tree)) if tree is not None else words(text)
        return (calls & self.macros.keys()) | (words(text) & self.lists.keys())

    def used(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The names to inline that these texts need, macros first, each once."""
        found: dict[str, None] = {}
        waiting = [name for text in texts for name in sorted(self._named(text))]
        while waiting:
            name = waiting.pop(0)
            if name not in self.gone or name in found:
                continue
            found[name] = None
            if name in self.macros:
                waiting += sorted(self._named(self.macros[name]))
            waiting += [item for item in self.lists.get(name, ()) if item in self.lists]
        return tuple(sorted(found, key=lambda name: name not in self.macros))

    def placed(self, condition: str) -> str:
        """The condition with the definitions in place, laid out anew."""
        text, _ = self._spliced(condition, ())
        if len(_NEIGHBOURS.split(text)) > MAX_PARTS * 4 or len(text) > MAX_LENGTH:
            raise _TooLargeError
        tree = parse(text)
        laid = pretty(tree)
        if _words(laid) == _words(text) and to_text(parse(laid)) == to_text(tree):
            return laid
        return _squeezed(text)

    def _spliced(self, text: str, inside: tuple[str, ...]) -> tuple[str, int]:
        """A condition with lists and macros in place, and how many parts it has; `inside`: the macros around it."""
        text = self._placing.substitute(text)
        data, tree = to_bytes_text(text), parse(text)
        calls = [one for one in walk(tree) if isinstance(one, Identifier) and one.name in self.gone]
        size = sum(1 for _ in walk(tree)) - len(calls)
        for call in sorted(calls, key=lambda one: -one.p):
            body, parts = self._body(call.name, inside)
            size += parts
            data = f"{data[: call.p]}({to_bytes_text(body)}){data[call.p + len(call.name) :]}"
            if size > MAX_PARTS or len(data) > MAX_LENGTH:
                raise _TooLargeError
        return from_bytes_text(data), size

    def _body(self, name: str, inside: tuple[str, ...]) -> tuple[str, int]:
        if name in inside or len(inside) > MAX_DEPTH:
            raise _TooLargeError
        if name not in self.bodies:
            self.bodies[name] = self._spliced(self.macros[name].strip(), (*inside, name))
        return self.bodies[name]

    def exception(self, exception: RuleException) -> RuleException:
        """The exception with lists in place of the values that name them."""
        fields, comps = exception.fields, exception.comps
        if not isinstance(fields, tuple):
            values = tuple(value for one in exception.values for value in self._values(one))
            return exception if values == exception.values else replace(exception, values=values)
        known = comps if isinstance(comps, tuple) else ("=",) * len(fields)
        rows = tuple(
            tuple(self._member(one, str(comp)) for one, comp in zip(row, known, strict=False))
            if isinstance(row, tuple) and len(row) == len(known)
            else row
            for row in exception.values
        )
        return exception if rows == exception.values else replace(exception, values=rows)

    def _member(self, member: Entry, comp: str) -> Entry:
        if isinstance(member, tuple):
            return tuple(value for one in member for value in self._values(one))
        if member is None:
            return None
        found = self._values(member, quoted=not takes_list(comp))
        if found == (member,):
            return member
        return found[0] if not takes_list(comp) and len(found) == 1 else found

    def _values(self, value: Entry, *, quoted: bool = True) -> tuple[Entry, ...]:
        """What Falco makes of one value of a list of them."""
        if not isinstance(value, str):
            return (value,)
        text = quoted_item(value) if quoted and value else value
        after = self._placing.substitute(f"({text})")[1:-1].strip()
        return (value,) if after == text.strip() else split_list(after)

    def means_the_same(self, before: Inlined, after: Inlined) -> bool:
        """Whether Falco expands both to one tree, `before` with all definitions, `after` with the built-in ones."""
        return _expanded(before, self._before, self.macros) == _expanded(after, _library_lists(), _library_macros())


def _same_macro(name: str, text: str) -> bool:
    tree = tree_of(text)
    return name in MACROS and tree is not None and tree_of(MACROS[name].condition) == tree


def _table(lists: Mapping[str, tuple[str, ...]]) -> ListTable:
    """Lists, each defined once, in this order."""
    return ListTable(
        ListInfo(name, list(items), _NOWHERE, place, place) for place, (name, items) in enumerate(lists.items())
    )


@lru_cache(maxsize=1)
def _library_lists() -> ListTable:
    return _table({name: one.items for name, one in LISTS.items()})


@lru_cache(maxsize=1)
def _library_macros() -> Mapping[str, str]:
    return {name: one.condition for name, one in MACROS.items()}


def _expanded(one: Inlined, lists: ListTable, macros: Mapping[str, str]) -> str:
    """The condition that Falco runs, as text: exceptions put in, lists substituted, macros expanded."""
    infos = [ExceptionInfo(each.name, each.fields, each.comps, list(each.values), _NOWHERE) for each in one.exceptions]
    try:
        text = expand_exceptions(one.condition, infos)
    except (LoadError, EngineError):  # Falco refuses an exception, so it builds no condition at all
        text = one.condition
    done: dict[str, Node] = {}
    return to_text(_whole(parse(lists.substitute(text)), lists, macros, done, ()))


def _whole(
    tree: Node, lists: ListTable, macros: Mapping[str, str], done: dict[str, Node], inside: tuple[str, ...]
) -> Node:
    """The tree with its macros expanded. A macro that leads back to itself stays a name."""
    for name in dict.fromkeys(identifiers(tree)):
        if name in done or name not in macros or name in inside:
            continue
        if len(inside) > MAX_DEPTH:
            raise _TooLargeError
        body = parse(lists.substitute(macros[name]))
        done[name] = _whole(body, lists, macros, done, (*inside, name))
    return expand(tree, {name: done[name] for name in identifiers(tree) if name in done})


def _texts(exceptions: Iterable[RuleException]) -> Iterator[str]:
    """Every text among the values of exceptions."""
    waiting: list[Entry] = [one.values for one in exceptions]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, str):
            yield entry
        else:
            waiting.extend(entry or ())


def _words(text: str) -> list[str]:
    """The words of a condition in their order, in whose place Falco would put a list of that name."""
    return [word for word in _NEIGHBOURS.split(text) if word]


def _squeezed(text: str) -> str:
    """The text on one line: single blanks, none inside parentheses; what stands between quotes stays."""

    def one(found: re.Match[str]) -> str:
        quoted, sign, _ = found.groups()
        return quoted or {"(": " (", ")": ") ", ",": ", "}.get(sign or "", " ")

    return re.sub(r" {2,}(?=\(|$)", " ", _QUOTED_OR_BLANKS.sub(one, text)).replace("( (", "((").strip()
