"""YAML documents as trees of nodes, read as Falco's YAML library reads them.

Scalars stay text; only a plain empty scalar, `~` and `null` are null. Mappings keep all their pairs, the first of equal
keys counts. An alias is the very node of its anchor. A document that is null ends the reading, as in Falco.
"""

from __future__ import annotations

from rules_export.yamlcpp import tokens
from rules_export.yamlcpp.collections import OPENERS, SEQUENCES, Collection, FlowSequence, KeylessPair, Pair
from rules_export.yamlcpp.node import MAP, NULL, NULL_WORDS, SCALAR, SEQUENCE, Node
from rules_export.yamlcpp.scanner import Scanner
from rules_export.yamlcpp.text import SourceText, YamlError, readable
from rules_export.yamlcpp.tokens import Token

#: Collections nest less deep than this; deeper text is refused by the library itself.
MAX_DEPTH = 500


def load_documents(source: SourceText) -> list[Node]:
    """The documents of a text up to the first null one. Raises YamlError, FatalLoadError for too large a text."""
    return _Composer(source).documents()


class _Composer:
    def __init__(self, source: SourceText) -> None:
        self._scanner = Scanner(source.text, source.break_char)
        self._anchors: dict[str, Node] = {}
        self._tag_prefixes: dict[str, str] = {}
        self._stack: list[Collection] = []

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
        stack, scanner = self._stack, self._scanner
        node = self._begin()
        while stack:
            collection = stack[-1]
            if collection.wants(scanner, node):
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
            if token.text in NULL_WORDS:
                return Node(NULL, token.mark)
            return Node(SCALAR, token.mark, readable(token.text))
        if kind == tokens.VALUE:
            stack.append(KeylessPair(Node(MAP, token.mark), token))
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
            if kind == tokens.PLAIN and plain and token.text in NULL_WORDS:
                return self._named(anchor, Node(NULL, mark))
            return self._named(anchor, Node(SCALAR, mark, readable(token.text)))
        opener = OPENERS.get(kind)
        if kind == tokens.KEY and self._stack and isinstance(self._stack[-1], FlowSequence):
            opener = Pair
        if opener is not None:
            collection = opener(Node(SEQUENCE if issubclass(opener, SEQUENCES) else MAP, mark), token)
            self._named(anchor, collection.node)
            if opener is not Pair:
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
