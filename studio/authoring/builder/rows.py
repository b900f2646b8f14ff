"""A condition's tree as a flat run of marks that a template draws: groups open, rows stand, groups close."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rules_export.catalog.macros import ListInfo, MacroInfo
from rules_export.findings import Finding
from rules_export.language.ast import And, Compare, Exists, Identifier, Node, Not, Or, ValueList
from rules_export.language.editing import Path
from rules_export.language.operators import EXISTS
from rules_export.language.printer import literal, to_text
from studio.authoring.builder import moves, places
from studio.definitions.lexicon import BUILT_IN, Lexicon

#: (samples that must fire and match, all that must fire, benign that match, all benign).
Score = tuple[int, int, int, int]

#: Values of a list that a row shows; its form has all of them.
SHOWN = 8
#: Items of a named list that open in place.
SHOWN_ITEMS = 60


@dataclass(frozen=True, slots=True)
class Chip:
    """A list that is named among the values, with what is in it."""

    info: ListInfo
    items: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One step of drawing: `open` (a group's head, its members follow), `close`, or `row`.

    place: where it is, in words. path: the address of its buttons. title: what a group asks of its members. left, op,
    values, more: a check's parts; `more` counts the values that are not shown. macro: its definition, None for one that
    nobody defines. at: the byte at which it begins in the text. findings: what is said of just this part.
    """

    what: str
    place: str = ""
    path: Path = ()
    kind: str = ""
    title: str = ""
    negated: bool = False
    name: str = ""
    left: str = ""
    op: str = ""
    values: tuple[str, ...] = ()
    more: int = 0
    text: str = ""
    macro: MacroInfo | None = None
    lists: tuple[Chip, ...] = ()
    score: Score | None = None
    end: bool = False
    at: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def key(self) -> str:
        """The path as buttons post it."""
        return places.write(self.path)

    @property
    def id(self) -> str:
        """The id of the row's element."""
        return row_id(self.path)

    @property
    def spot(self) -> str:
        """Where a form may open: at a row (or a group's head), or at the end of a group."""
        return f"{'end' if self.what == 'close' else 'row'}:{self.key}"


def row_id(path: Path) -> str:
    """The id of the element of the row at `path`."""
    return "row-" + ("-".join(map(str, path)) or "all")


Scorer = Callable[[Node], Score | None]


def marks(tree: Node, score: Scorer, lexicon: Lexicon = BUILT_IN) -> Iterator[Mark]:
    """The marks from the root on. Deep trees are fine: nothing here recurs. lexicon: the names that are known."""
    waiting: list[tuple[Node, Path, tuple[int, ...], bool] | Mark] = [(tree, (), (), False)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mark):
            yield item
            continue
        node, path, numbers, last = item
        if not places.is_group(node):
            yield replace(_row(node, path, numbers, score(node), last, lexicon), at=node.p)
            continue
        yield replace(_head(node, path, numbers, score(node)), at=node.p)
        waiting.append(Mark("close", places.spoken(numbers, True), path, moves.kind_of(node), end=True))
        waiting.extend(reversed(_members(node, path, numbers)))


def _members(node: Node, path: Path, numbers: tuple[int, ...]) -> list[tuple[Node, Path, tuple[int, ...], bool]]:
    inner = node.arg if isinstance(node, Not) else node
    if isinstance(inner, And | Or):
        below = (*path, 0) if isinstance(node, Not) else path
        last = len(inner.args) - 1
        return [(one, (*below, at), (*numbers, at + 1), at == last) for at, one in enumerate(inner.args)]
    return [(inner, (*path, 0), (*numbers, 1), True)]  # a `not` right below a `not`


def _head(node: Node, path: Path, numbers: tuple[int, ...], score: Score | None) -> Mark:
    kind = moves.kind_of(node)
    title = moves.TITLES.get(kind, "not")
    return Mark("open", places.spoken(numbers, True), path, kind, title, isinstance(node, Not), score=score)


def _row(node: Node, path: Path, numbers: tuple[int, ...], score: Score | None, last: bool, lexicon: Lexicon) -> Mark:
    inner, negated = (node.arg, True) if isinstance(node, Not) else (node, False)
    place, text = places.spoken(numbers, False), to_text(node)
    match inner:
        case Identifier(name):
            macro = lexicon.macros.get(name)
            return Mark(
                "row", place, path, "macro", "", negated, name=name, text=text, macro=macro, score=score, end=last
            )
        case Exists(left):
            return Mark("row", place, path, "check", "", negated, left=to_text(left), op=EXISTS, text=text, score=score)
        case Compare(left, op, right):
            items = right.items if isinstance(right, ValueList) else ()
            values = tuple(map(literal, items[:SHOWN])) if items else (to_text(right),)
            return Mark(
                "row", place, path, "check", "", negated, "", to_text(left), op, values, max(0, len(items) - SHOWN),
                text, lists=_lists(items[:SHOWN] if items else (getattr(right, "text", ""),), lexicon), score=score,
                end=last,
            )  # fmt: skip
    raise AssertionError(node)


def _lists(names: tuple[str, ...], lexicon: Lexicon) -> tuple[Chip, ...]:
    return tuple(chip(lexicon.lists[name]) for name in names if name in lexicon.lists)


def chip(info: ListInfo) -> Chip:
    """A list with the items that open in place."""
    return Chip(info, info.items[:SHOWN_ITEMS], max(0, len(info.items) - SHOWN_ITEMS))
