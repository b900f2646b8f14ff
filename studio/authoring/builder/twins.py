"""Conditions and parts of them that say the same, whatever the order of clauses and values and the names in them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rules_export.language import editing
from rules_export.language.ast import And, Compare, Identifier, Node, Not, Operand, Or, Value, ValueList
from rules_export.language.editing import Path
from rules_export.language.printer import to_text
from rules_export.language.visitor import fold
from rules_export.lints.context import LintContext
from studio.authoring.builder import places
from studio.authoring.clauses import parsed
from studio.definitions.lexicon import Lexicon
from studio.lab.compiled import Brings, library

#: Twins that a page tells of.
SHOWN = 5
#: Conditions whose meaning is remembered for one state of a team's macros.
_MOST_READ = 50_000
#: Macros of these groups are there to be filled in, and say nothing.
_EMPTY = "placeholders"

Key = Hashable


@dataclass(frozen=True, slots=True)
class Twin:
    """The node at `path` says what the macro `name` says; only its `members` do where some are named."""

    path: Path
    name: str
    text: str
    description: str
    members: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """The path as buttons post it."""
        return places.write(self.path)


@dataclass(frozen=True, slots=True)
class _Meanings:
    """whole: key → macro. chains: a member's key → (macro, its connective, its members' keys). keys: macro → key.

    read: a condition's text → its meaning, both as hashes, so that a thousand conditions cost little to remember.
    """

    keys: Mapping[str, Key]
    whole: Mapping[Key, str]
    chains: Mapping[Key, tuple[tuple[str, str, frozenset[Key]], ...]]
    read: dict[int, int] = field(default_factory=dict)


def equal(condition: str, others: Iterable[str], names: Lexicon) -> Iterator[int]:
    """The numbers (from 0) of those conditions that mean what this one means."""
    known, asked = _meanings(names.brings), _meaning(condition, names)
    if asked is None:
        return
    for number, text in enumerate(others):
        if _hashed(text, names, known) == hash(asked) and _meaning(text, names) == asked:
            yield number


def _hashed(text: str, names: Lexicon, known: _Meanings) -> int:
    found = known.read.get(hash(text))
    if found is None:
        if len(known.read) >= _MOST_READ:
            known.read.clear()
        found = known.read[hash(text)] = hash(_meaning(text, names))
    return found


def _meaning(text: str, names: Lexicon) -> Key | None:
    tree = parsed(text)
    return _keys(tree, _meanings(names.brings).keys, names.known)[id(tree)] if tree is not None else None


def find(tree: Node, names: Lexicon) -> Iterator[Twin]:
    """Every part of the tree that a macro could stand for, from the root on; a part is told once."""
    known = _meanings(names.brings)
    keys = _keys(tree, known.keys, names.known)
    for path, node in editing.paths(tree):
        yield from _twins(path, node, keys, known, names)


def at(tree: Node, path: Path, names: Lexicon) -> list[Twin]:
    """The macros that could stand for the node at `path`, or for some of its members."""
    known = _meanings(names.brings)
    return list(_twins(path, editing.get(tree, path), _keys(tree, known.keys, names.known), known, names))


def _twins(path: Path, node: Node, keys: Mapping[int, Key], known: _Meanings, names: Lexicon) -> Iterator[Twin]:
    if isinstance(node, Identifier):
        return
    name = known.whole.get(keys[id(node)])
    if name is not None:
        yield Twin(path, name, to_text(node), names.macros[name].description)
        return
    if not isinstance(node, And | Or):
        return
    word, members = _word(node), [keys[id(one)] for one in node.args]
    for macro, wanted in _held(word, members, known):
        numbers = tuple(number for number, key in enumerate(members) if key in wanted)
        text = f" {word} ".join(to_text(node.args[number]) for number in numbers)
        yield Twin(path, macro, text, names.macros[macro].description, numbers)


def _held(word: str, members: list[Key], known: _Meanings) -> list[tuple[str, frozenset[Key]]]:
    """The macros whose clauses all are among the members of a chain; none that says less than another of them."""
    there = set(members)
    fits = {
        macro: wanted
        for member in members
        for macro, connective, wanted in known.chains.get(member, ())
        if connective == word and wanted <= there
    }
    return [(name, one) for name, one in fits.items() if not any(one < other for other in fits.values())]


@lru_cache(maxsize=64)
def _meanings(brings: Brings) -> _Meanings:
    """The macros by what they mean, a team's own before the built-in ones."""
    context = library(brings)
    own = {one.name for one in brings}
    keys = {name: _keys(tree, {}, context)[id(tree)] for name, tree in context.whole_macros.items()}
    ordered = sorted(keys, key=lambda name: name not in own)
    whole: dict[Key, str] = {}
    chains: dict[Key, list[tuple[str, str, frozenset[Key]]]] = {}
    for name in ordered:
        if name not in own and _group(name) == _EMPTY:
            continue
        key = keys[name]
        whole.setdefault(key, name)
        if isinstance(key, tuple) and key[0] in ("and", "or") and whole[key] == name:
            first = min(key[1], key=repr)
            chains.setdefault(first, []).append((name, key[0], key[1]))
    return _Meanings(keys, whole, {key: tuple(found) for key, found in chains.items()})


def _group(name: str) -> str:
    from rules_export.catalog.macros import MACROS

    return MACROS[name].group if name in MACROS else ""


def _word(node: And | Or) -> str:
    return "and" if isinstance(node, And) else "or"


def _keys(tree: Node, macros: Mapping[str, Key], context: LintContext) -> dict[int, Key]:
    """The meaning of every node of the tree, by the node's identity. macros: the meanings of names."""
    found: dict[int, Key] = {}

    def build(node: Node | Operand, parts: list[Key]) -> Key:
        key = _key(node, parts, macros, context)
        found[id(node)] = key
        return key

    fold(tree, build)
    return found


def _key(node: Node | Operand, parts: list[Key], macros: Mapping[str, Key], context: LintContext) -> Key:
    match node:
        case And() | Or():
            word = _word(node)
            flat: set[Key] = set()
            for part in parts:
                flat |= part[1] if isinstance(part, tuple) and part[0] == word else {part}
            return (word, frozenset(flat)) if len(flat) > 1 else next(iter(flat))
        case Not():
            return "not", parts[0]
        case Identifier(name):
            return macros.get(name, ("name", name))
        case Compare(_, op, _):
            return "compare", "=" if op == "==" else op, parts[0], parts[1]
        case ValueList(items):
            return "values", frozenset(context.items(items))
        case Value(text):
            return "value", text
        case _:
            return "other", to_text(node)
