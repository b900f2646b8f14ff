"""Collections while they are composed: what each kind makes of the tokens, and whether another node belongs to it."""

from __future__ import annotations

from rules_export.yamlcpp import tokens
from rules_export.yamlcpp.node import NULL, Node
from rules_export.yamlcpp.scanner import Scanner
from rules_export.yamlcpp.shortcuts import simple_entry, simple_key, simple_value
from rules_export.yamlcpp.text import YamlError
from rules_export.yamlcpp.tokens import Token


class Collection:
    """An open collection. `wants` adds the finished child, if any, and says whether another node follows."""

    __slots__ = ("begun", "expecting", "key", "mark", "node")

    def __init__(self, node: Node, token: Token) -> None:
        self.node = node
        self.mark = token.mark
        self.begun = False
        self.expecting = False
        self.key: Node | None = None

    def wants(self, scanner: Scanner, child: Node | None) -> bool:
        raise AssertionError("each kind of collection has its own")


class BlockSequence(Collection):
    __slots__ = ()

    def wants(self, scanner: Scanner, child: Node | None) -> bool:
        items = self.node.items
        if child is not None:
            items.append(child)
        while (entry := simple_entry(scanner)) is not None:
            items.append(entry)
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


class FlowSequence(Collection):
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


class BlockMap(Collection):
    __slots__ = ()

    def wants(self, scanner: Scanner, child: Node | None) -> bool:
        pairs = self.node.pairs
        if child is not None and self.key is not None:
            pairs.append((self.key, child))
            self.key = child = None
        while True:
            if child is None:  # at the beginning of a pair
                while (key := simple_key(scanner)) is not None:
                    value = simple_value(scanner)
                    if value is None:
                        self.key = key
                        return True
                    pairs.append((key, value))
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
                value = simple_value(scanner)
                if value is None:
                    self.key = child
                    return True
                pairs.append((child, value))
            else:
                pairs.append((child, Node(NULL, self.mark)))
            child = None


class FlowMap(Collection):
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


class Pair(Collection):
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


class KeylessPair(Collection):
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


SEQUENCES = (BlockSequence, FlowSequence)
OPENERS: dict[int, type[Collection]] = {
    tokens.BLOCK_SEQ_START: BlockSequence,
    tokens.FLOW_SEQ_START: FlowSequence,
    tokens.BLOCK_MAP_START: BlockMap,
    tokens.FLOW_MAP_START: FlowMap,
}
