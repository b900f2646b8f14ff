"""Macros put into conditions: as parts of the tree, so that each behaves as if in parentheses."""

from __future__ import annotations

from collections.abc import Mapping

from rules_export.errors import ConditionSyntaxError, FatalLoadError
from rules_export.language.ast import Identifier, Node
from rules_export.language.parser import parse, position
from rules_export.language.visitor import expand, walk
from rules_export.ruleset.collector import MacroInfo
from rules_export.spans import Position

#: A condition of more nodes than this, with all its macros put in, is no rule any more; Falco would eat all memory.
MAX_NODES = 50_000
#: Macros that wait for each other's expansion nest at most so deep.
MAX_NESTING = 300


class ParsedMacro:
    """A macro with its tree: `raw` as parsed, `tree` with what was put in so far, of `size` nodes."""

    __slots__ = ("info", "names", "raw", "size", "text", "tree")

    def __init__(self, info: MacroInfo, text: str, memory: Memory) -> None:
        self.info = info
        self.text = text
        self.raw = self.tree = memory.parse(text)
        self.names, self.size = memory.names_and_size(self.tree)


def _names_and_size(tree: Node) -> tuple[list[Identifier], int]:
    names, size = [], 0
    for node in walk(tree):
        size += 1
        if isinstance(node, Identifier):
            names.append(node)
    return names, size


class UnresolvedError(Exception):
    """A macro that is not defined, or that leads back to itself: `node` names it, at `position` of the node's text."""

    def __init__(self, message: str, node: Identifier, position: Position) -> None:
        super().__init__(message)
        self.message = message
        self.node = node
        self.name = node.name
        self.position = position


class Memory:
    """What was parsed and expanded before. Equal texts give the same tree object, equal parts the same expansion.

    A load compiles everything again for each file; with this the second time costs next to nothing.
    """

    def __init__(self) -> None:
        self._parsed: dict[str, Node | ConditionSyntaxError] = {}
        self._counted: dict[int, tuple[list[Identifier], int]] = {}
        self._expanded: dict[tuple[int, ...], tuple[Node, list[Node], Node]] = {}

    def parse(self, text: str) -> Node:
        """The tree of a text. Raises ConditionSyntaxError."""
        known = self._parsed.get(text)
        if known is None:
            try:
                known = parse(text)
                self._counted[id(known)] = _names_and_size(known)
            except ConditionSyntaxError as error:
                known = error.with_traceback(None)
            self._parsed[text] = known
        if isinstance(known, ConditionSyntaxError):
            raise ConditionSyntaxError(known.message, known.position)
        return known

    def names_and_size(self, tree: Node) -> tuple[list[Identifier], int]:
        """The names of macros in a tree that `parse` gave, and the number of its nodes."""
        return self._counted[id(tree)]

    def expand(self, tree: Node, found: Mapping[str, Node]) -> Node:
        """The tree with these trees in place of their names."""
        parts = list(found.values())
        key = (id(tree), *map(id, parts))
        known = self._expanded.get(key)
        if known is None:  # the parts are kept, so that their ids stay theirs
            known = self._expanded[key] = (tree, parts, expand(tree, found))
        return known[2]


class MacroTable:
    """The parsed macros of a load. `used` collects the names that some macro or rule made use of."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.macros: dict[str, ParsedMacro] = {}

    def add(self, macro: ParsedMacro) -> None:
        """Add a macro; all are added before the first is resolved."""
        self.macros[macro.info.name] = macro

    def resolve_macro(self, name: str, memory: Memory) -> None:
        """Put into a macro's tree the macros that it sees. Raises UnresolvedError."""
        macro = self.macros[name]
        if macro.names:
            run = _Resolution(self, memory, macro.info.visibility)
            tree, size = run.resolve(macro.text, macro.tree, macro.names, macro.size)
            run.check()
            macro.tree, macro.names, macro.size = tree, [], size

    def resolve(self, text: str, memory: Memory) -> tuple[Node, Node, int]:
        """A rule's condition as parsed, and with all macros put in, of so many nodes.

        Raises ConditionSyntaxError, UnresolvedError.
        """
        parsed = memory.parse(text)
        names, size = memory.names_and_size(parsed)
        if not names:
            return parsed, parsed, size
        run = _Resolution(self, memory, None)
        tree, size = run.resolve(text, parsed, names, size)
        run.check()
        return parsed, tree, size


class _Resolution:
    """One run over one tree. `below` is the index under which macros are seen, None for all."""

    def __init__(self, table: MacroTable, memory: Memory, below: int | None) -> None:
        self._table = table
        self._memory = memory
        self._below = below
        self._path: list[str] = []
        self._done: dict[str, tuple[Node, int]] = {}
        self._loops: list[UnresolvedError] = []
        self._unknown: list[UnresolvedError] = []

    def check(self) -> None:
        """Raise the first loop, else the first unknown name."""
        for problem in self._loops or self._unknown:
            raise problem

    def resolve(self, text: str, tree: Node, names: list[Identifier], size: int) -> tuple[Node, int]:
        """The tree with what its names stand for, and the number of its nodes."""
        found: dict[str, Node] = {}
        for name_node in names:
            name = name_node.name
            macro = self._table.macros.get(name)
            if macro is None or (self._below is not None and macro.info.index >= self._below):
                message = f"Undefined macro '{name}' used in filter."
                self._unknown.append(UnresolvedError(message, name_node, position(text, name_node.p)))
                continue
            if name in self._path:
                message = f"reference loop in macro '{name}'"
                self._loops.append(UnresolvedError(message, name_node, position(text, name_node.p)))
                continue
            found[name], part_size = self._expanded(name, macro)
            size += part_size
            if size > MAX_NODES:
                raise FatalLoadError("A condition grows beyond all bounds by the macros that it names.")
        self._table.used.update(found)
        return (self._memory.expand(tree, found) if found else tree), size

    def _expanded(self, name: str, macro: ParsedMacro) -> tuple[Node, int]:
        if not macro.names:
            return macro.tree, macro.size
        if name not in self._done:
            if len(self._path) >= MAX_NESTING:
                raise FatalLoadError("Macros refer to each other in too long a chain.")
            self._path.append(name)
            self._done[name] = self.resolve(macro.text, macro.tree, macro.names, macro.size)
            self._path.pop()
        return self._done[name]
