"""YAML documents as trees of nodes, read as Falco's YAML library reads them.

Scalars stay text; only a plain empty scalar, `~` and `null` are null. Mappings keep all their pairs, the first of equal
keys counts. An alias is the very node of its anchor. A document that is null ends the reading, as in Falco.
"""

from __future__ import annotations

from typing import TypeAlias

from rules_export.ruleset import yaml_scanner as tokens
from rules_export.ruleset.yaml_scanner import Scanner, Token
from rules_export.ruleset.yaml_text import SourceText, YamlError, readable

NULL, SCALAR, SEQUENCE, MAP = range(4)

#: Collections nest less deep than this; deeper text is refused by the library itself.
MAX_DEPTH = 500

_NULL_WORDS = {"", "~", "null", "Null", "NULL"}


class Node:
    """One node: `kind`, `mark` (where it begins), `text` of a scalar, `items` of a sequence, `pairs` of a mapping."""

    __slots__ = ("items", "kind", "mark", "pairs", "text")

    def __init__(self, kind: int, mark: int, text: str = "") -> None:
        self.kind = kind
        self.mark = mark
        self.text = text
        self.items: list[Node] = []
        self.pairs: list[tuple[Node, Node]] = []

    def by_key(self) -> dict[str, Node]:
        """Values by key, the first one where a key stands twice; keys that are no scalars are left out."""
        found: dict[str, Node] = {}
        for key, value in self.pairs:
            if key.kind == SCALAR and key.text not in found:
                found[key.text] = value
        return found

    def as_text(self) -> str:
        """The library's conversion to a string: null is `null`, collections do not convert."""
        if self.kind == NULL:
            return "null"
        if self.kind != SCALAR:
            raise YamlError("bad conversion", self.mark)
        return self.text


#: An open collection: its node, its kind of frame, and the key that waits for its value.
_Frame: TypeAlias = "list[object]"


def load_documents(source: SourceText) -> list[Node]:
    """The documents of a text up to the first null one; raises YamlError."""
    return _Composer(source).documents()


class _Composer:
    def __init__(self, source: SourceText) -> None:
        self._scanner = Scanner(source.text, source.break_char)
        self._anchors: dict[str, Node] = {}
        self._tag_prefixes: dict[str, str] = {}
        self._stack: list[_Collection] = []

    def documents(self) -> list[Node]:
        found: list[Node] = []
        while True:
            self._directives()
            if self._scanner.peek() is None:
                return found
            document = self._document()
            if document.kind == NULL:
                return found
            found.append(document)

    def _document(self) -> Node:
        scanner = self._scanner
        self._anchors = {}
        token = scanner.peek()
        if token is not None and token.type == tokens.DOC_START:
            scanner.pop()
        root = self._compose()
        while (token := scanner.peek()) is not None and token.type == tokens.DOC_END:
            scanner.pop()
        return root

    def _directives(self) -> None:
        read_one = False
        version_given = False
        while (token := self._scanner.peek()) is not None and token.type == tokens.DIRECTIVE:
            if not read_one:
                self._tag_prefixes = {}
            read_one = True
            if token.text == "YAML":
                _check_version(token, version_given)
                version_given = True
            elif token.text == "TAG":
                if len(token.words) != 2:
                    raise YamlError("TAG directives must have exactly two arguments", token.mark)
                if token.words[0] in self._tag_prefixes:
                    raise YamlError("repeated TAG directive", token.mark)
                self._tag_prefixes[token.words[0]] = token.words[1]
            self._scanner.pop()

    def _compose(self) -> Node:
        """One node with all that it holds. The open collections are a stack of our own: depth costs no recursion."""
        stack = self._stack
        node = self._begin()
        while stack:
            collection = stack[-1]
            if collection.wants(self._scanner, node):
                node = self._begin()
            else:
                stack.pop()
                node = collection.node
        if node is None:
            raise AssertionError("a node was begun and none came of it")
        return node

    def _begin(self) -> Node | None:
        """A node that is complete at once, or None when a collection was opened for it."""
        scanner, stack = self._scanner, self._stack
        if len(stack) + 1 >= MAX_DEPTH:
            raise YamlError("bad file", scanner.mark)
        token = scanner.peek()
        if token is None:
            return Node(NULL, scanner.mark)
        kind = token.type
        if kind == tokens.PLAIN:
            scanner.pop()
            if token.text in _NULL_WORDS:
                return Node(NULL, token.mark)
            return Node(SCALAR, token.mark, readable(token.text))
        if kind == tokens.VALUE:
            stack.append(_KeylessPair(Node(MAP, token.mark), token))
            return None
        if kind == tokens.ALIAS:
            if token.text not in self._anchors:
                raise YamlError("the referenced anchor is not defined: " + readable(token.text), token.mark)
            scanner.pop()
            return self._anchors[token.text]
        return self._begin_with_properties(token.mark)

    def _begin_with_properties(self, mark: int) -> Node | None:
        tag, anchor = self._properties()
        token = self._scanner.peek()
        plain = tag in ("", "?")
        if token is None:
            return self._named(anchor, Node(NULL, mark))
        kind = token.type
        if kind in (tokens.PLAIN, tokens.QUOTED):
            self._scanner.pop()
            if kind == tokens.PLAIN and plain and token.text in _NULL_WORDS:
                return self._named(anchor, Node(NULL, mark))
            return self._named(anchor, Node(SCALAR, mark, readable(token.text)))
        opener = _OPENERS.get(kind)
        if kind == tokens.KEY and self._stack and isinstance(self._stack[-1], _FlowSequence):
            opener = _Pair
        if opener is not None:
            collection = opener(Node(SEQUENCE if issubclass(opener, _SEQUENCES) else MAP, mark), token)
            self._named(anchor, collection.node)
            if opener is not _Pair:
                self._scanner.pop()
            self._stack.append(collection)
            return None
        return self._named(anchor, Node(NULL if plain else SCALAR, mark))

    def _named(self, anchor: str, node: Node) -> Node:
        if anchor:
            self._anchors[anchor] = node
        return node

    def _properties(self) -> tuple[str, str]:
        """The tag and the anchor before a node."""
        tag = anchor = ""
        while (token := self._scanner.peek()) is not None:
            if token.type == tokens.TAG:
                if tag:
                    raise YamlError("cannot assign multiple tags to the same node", token.mark)
                tag = self._tag_prefixes.get("!", "!") if token.text == "!" else token.text
            elif token.type == tokens.ANCHOR:
                if anchor:
                    raise YamlError("cannot assign multiple anchors to the same node", token.mark)
                anchor = token.text
            else:
                break
            self._scanner.pop()
        return tag, anchor


def _check_version(token: Token, given: bool) -> None:
    if len(token.words) != 1:
        raise YamlError("YAML directives must have exactly one argument", token.mark)
    if given:
        raise YamlError("repeated YAML directive", token.mark)
    major, dot, minor = token.words[0].partition(".")
    if not (major.isdecimal() and dot and minor.isdecimal()):
        raise YamlError("bad YAML version: " + readable(token.words[0]), token.mark)
    if int(major) > 1:
        raise YamlError("YAML major version too large", token.mark)


class _Collection:
    """An open collection. `wants(scanner, child)` adds the finished child, if any, and says whether another node follows."""

    __slots__ = ("begun", "expecting", "key", "mark", "node")

    def __init__(self, node: Node, token: Token) -> None:
        self.node = node
        self.mark = token.mark
        self.begun = False
        self.expecting = False
        self.key: Node | None = None

    def wants(self, scanner: Scanner, child: Node | None) -> bool:
        raise AssertionError("each kind of collection has its own")


class _BlockSequence(_Collection):
    __slots__ = ()

    def wants(self, scanner: Scanner, child: Node | None) -> bool:
        items = self.node.items
        if child is not None:
            items.append(child)
        while True:
            token = scanner.peek()
            if token is None:
                raise YamlError("end of sequence not found", scanner.mark)
            if token.type not in (tokens.BLOCK_ENTRY, tokens.BLOCK_SEQ_END):
                raise YamlError("end of sequence not found", token.mark)
            scanner.pop()
            if token.type == tokens.BLOCK_SEQ_END:
                return False
            following = scanner.peek()
            if following is None or following.type not in (tokens.BLOCK_ENTRY, tokens.BLOCK_SEQ_END):
                return True
            items.append(Node(NULL, following.mark))


class _FlowSequence(_Collection):
    __slots__ = ()

    def wants(self, scanner: Scanner, child: Node | None) -> bool:
        token = scanner.peek()
        if child is not None:
            self.node.items.append(child)
            if token is None:
                raise YamlError("end of sequence flow not found", scanner.mark)
            if token.type == tokens.FLOW_ENTRY:
                scanner.pop()
                token = scanner.peek()
            elif token.type != tokens.FLOW_SEQ_END:
                raise YamlError("end of sequence flow not found", token.mark)
        if token is None:
            raise YamlError("end of sequence flow not found", scanner.mark)
        if token.type == tokens.FLOW_SEQ_END:
            scanner.pop()
            return False
        return True


class _BlockMap(_Collection):
    __slots__ = ()

    def wants(self, scanner: Scanner, child: Node | None) -> bool:
        pairs = self.node.pairs
        if child is not None and self.key is not None:
            pairs.append((self.key, child))
            self.key = child = None
        while True:
            if child is None:  # at the beginning of a pair
                token = scanner.peek()
                if token is None:
                    raise YamlError("end of map not found", scanner.mark)
                if token.type == tokens.BLOCK_MAP_END:
                    scanner.pop()
                    return False
                if token.type not in (tokens.KEY, tokens.VALUE):
                    raise YamlError("end of map not found", token.mark)
                self.mark = token.mark
                if token.type == tokens.KEY:
                    scanner.pop()
                    return True
                child = Node(NULL, token.mark)
            if _value_follows(scanner):
                self.key = child
                return True
            pairs.append((child, Node(NULL, self.mark)))
            child = None


class _FlowMap(_Collection):
    __slots__ = ()

    def wants(self, scanner: Scanner, child: Node | None) -> bool:
        pairs = self.node.pairs
        if child is not None and self.key is not None:
            pairs.append((self.key, child))
            self.key = child = None
            self._end_pair(scanner)
        while True:
            if child is None:
                token = scanner.peek()
                if token is None:
                    raise YamlError("end of map flow not found", scanner.mark)
                if token.type == tokens.FLOW_MAP_END:
                    scanner.pop()
                    return False
                self.mark = token.mark
                if token.type == tokens.KEY:
                    scanner.pop()
                    return True
                child = Node(NULL, token.mark)
            if _value_follows(scanner):
                self.key = child
                return True
            pairs.append((child, Node(NULL, self.mark)))
            child = None
            self._end_pair(scanner)

    def _end_pair(self, scanner: Scanner) -> None:
        token = scanner.peek()
        if token is None:
            raise YamlError("end of map flow not found", scanner.mark)
        if token.type == tokens.FLOW_ENTRY:
            scanner.pop()
        elif token.type != tokens.FLOW_MAP_END:
            raise YamlError("end of map flow not found", token.mark)


class _Pair(_Collection):
    """A single `key: value` inside a flow sequence."""

    __slots__ = ()

    def wants(self, scanner: Scanner, child: Node | None) -> bool:
        if not self.begun:
            self.begun = True
            scanner.pop()
            return True
        if self.key is None:
            self.key = child
            if _value_follows(scanner):
                return True
            child = Node(NULL, self.mark)
        if self.key is not None and child is not None:
            self.node.pairs.append((self.key, child))
        return False


class _KeylessPair(_Collection):
    """A `: value` by itself."""

    __slots__ = ()

    def wants(self, scanner: Scanner, child: Node | None) -> bool:
        if child is None:
            scanner.pop()
            return True
        self.node.pairs.append((Node(NULL, self.mark), child))
        return False


def _value_follows(scanner: Scanner) -> bool:
    """Take a value token if it is next."""
    token = scanner.peek()
    if token is None or token.type != tokens.VALUE:
        return False
    scanner.pop()
    return True


_SEQUENCES = (_BlockSequence, _FlowSequence)
_OPENERS: dict[int, type[_Collection]] = {
    tokens.BLOCK_SEQ_START: _BlockSequence,
    tokens.FLOW_SEQ_START: _FlowSequence,
    tokens.BLOCK_MAP_START: _BlockMap,
    tokens.FLOW_MAP_START: _FlowMap,
}
