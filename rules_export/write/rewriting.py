"""Change some items of a rules file and leave every other byte as it is: comments, order, layout, line ends.

An item's stretch reaches from its dash to its last line; blank lines and comments between items belong to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rules_export.errors import EmitError, EngineError
from rules_export.language.ast import Node as Tree
from rules_export.language.parser import parse
from rules_export.ruleset.collector import Collector
from rules_export.ruleset.context import LoadError, Problem, SourceFile, file_context
from rules_export.ruleset.model import Item, List, Rule
from rules_export.ruleset.overrides import UnusableNodeError
from rules_export.ruleset.reader import ItemReader
from rules_export.write.rule_yaml import item_yaml
from rules_export.yamlcpp.documents import load_documents
from rules_export.yamlcpp.node import MAP, SCALAR, SEQUENCE, Node
from rules_export.yamlcpp.text import SourceText, YamlError

#: How often an item may be laid out before it must have settled.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class WrittenItem:
    """An item as it stands in a file: bytes `start` to `end`, and what it defines.

    `item` is None for what we leave alone: additions and overrides, version requirements, unknown keys, comments
    inside, anchors, and whatever Falco refuses.
    """

    start: int
    end: int
    item: Item | None


def written_items(content: bytes) -> list[WrittenItem]:
    """The items of a file in block layout, in their order; none for text that is no such file."""
    source = SourceText(content)
    if "\r" in source.text or len(source.text) != len(content):
        return []
    try:
        documents = load_documents(source)
    except YamlError:
        return []
    found: list[WrittenItem] = []
    for document in documents:
        if document.kind == SEQUENCE and source.text.startswith("-", document.mark):
            found += _in_document(document, source)
    return found


def rewrite(content: bytes, changes: Mapping[int, Item | None]) -> bytes:
    """The file with some items replaced, or taken out for None; keys are numbers of `written_items`."""
    pieces, last = [], 0
    for number, written in enumerate(written_items(content)):
        if number not in changes:
            continue
        pieces.append(content[last : written.start])
        change = changes[number]
        if change is not None:
            pieces.append(item_yaml(change).encode("utf-8", "surrogateescape"))
        last = written.end
    return b"".join([*pieces, content[last:]])


def format_rules(content: bytes) -> bytes:
    """The file with every item that we understand wholly in the ecosystem's layout; the rest byte for byte."""
    changes: dict[int, Item | None] = {}
    for number, written in enumerate(written_items(content)):
        settled = _settled(written.item) if written.item is not None else None
        if settled is not None:
            changes[number] = settled
    return rewrite(content, changes)


def _in_document(document: Node, source: SourceText) -> list[WrittenItem]:
    text, column = source.text, source.position(document.mark).column
    starts = [text.rfind("-", 0, item.mark) for item in document.items]
    found = []
    for number, item in enumerate(document.items):
        start = starts[number]
        limit = starts[number + 1] if number + 1 < len(starts) else _document_end(text, start)
        end = _last_line_end(text, start, limit, column)
        whole = source.position(start).column == column and item.kind == MAP and text[start:end].isascii()
        whole = whole and _is_indented(text[start:end], column)
        found.append(WrittenItem(start, end, _defined(item, text[start:end]) if whole else None))
    return found


def _is_indented(text: str, column: int) -> bool:
    """Whether all lines behind the first stand further right than the dash: else another document may hide in them."""
    lines = (line for line in text.split("\n")[1:] if line.strip(" "))
    return all(len(line) - len(line.lstrip(" ")) > column for line in lines)


def _document_end(text: str, start: int) -> int:
    ends = [at for mark in ("\n---", "\n...") if (at := text.find(mark, start)) >= 0]
    return min(ends, default=len(text))


def _last_line_end(text: str, start: int, limit: int, column: int) -> int:
    """The end of an item's last line: blank lines, and comments no further right than its dash, are not its own."""
    end = limit
    while True:
        begin = text.rfind("\n", start, end)
        if begin < 0:
            return end
        line = text[begin + 1 : end]
        bare = line.lstrip(" ")
        if bare and not (bare.startswith("#") and len(line) - len(bare) <= column):
            return end
        end = begin


def _defined(node: Node, text: str) -> Item | None:
    """What an item defines by itself, if that is all that its text says."""
    if any(sign in text for sign in ("&", "*", "!")) and _has_properties(text):
        return None
    collector = Collector(lambda _source: lambda _text: True)
    warnings: list[Problem] = []
    try:
        ItemReader(collector, file_context(SourceFile("", "")), warnings).read(node)
    except (LoadError, UnusableNodeError, EngineError, YamlError):
        return None
    if warnings or any(key.text in ("append", "override") for key, _ in node.pairs if key.kind == SCALAR):
        return None
    ruleset = collector.as_model()
    items: tuple[Item, ...] = (*ruleset.rules, *ruleset.macros, *ruleset.lists)
    if len(items) != 1 or len(node.by_key()) != len(node.pairs) or text.count("#") != _count(node, "#"):
        return None
    return items[0]


def _has_properties(text: str) -> bool:
    """Whether an anchor, an alias or a tag may stand in the text: at the beginning of a value."""
    return any(f"{before}{sign}" in text for before in (": ", "- ", "[", ", ") for sign in "&*!")


def _count(node: Node, sign: str) -> int:
    """How often a character stands in the scalars of a node."""
    total, waiting = 0, [node]
    while waiting:
        one = waiting.pop()
        total += one.text.count(sign)
        waiting += one.items
        waiting += [part for pair in one.pairs for part in pair]
    return total


def _settled(item: Item) -> Item | None:
    """The item as our own layout of it reads back, once laying it out again changes nothing; None if it says less."""
    text = ""
    for _ in range(_ROUNDS):
        try:
            laid_out = item_yaml(item)
        except EmitError:
            return None
        if laid_out == text:
            return item
        written = written_items((laid_out + "\n").encode("utf-8", "surrogateescape"))
        again = written[0].item if len(written) == 1 else None
        if again is None or not _same(item, again):
            return None
        item, text = again, laid_out
    return None


def _same(one: Item, other: Item) -> bool:
    """Whether two items mean the same: conditions as trees, all the rest as it is written."""
    if isinstance(one, List) or isinstance(other, List):
        return one == other
    if _tree(one.condition) != _tree(other.condition):
        return False
    if isinstance(one, Rule) and one.priority.upper() == "INFO":
        one = replace(one, priority="INFORMATIONAL")
    if isinstance(one, Rule):
        one = replace(one, priority=one.priority.upper())
    return replace(one, condition=other.condition) == other


def _tree(condition: str) -> Tree | str:
    try:
        return parse(condition)
    except EngineError:
        return condition
