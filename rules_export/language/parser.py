"""Condition text to tree, with Falco's acceptance, error texts and positions.

One pass over byte text (see escapes.py), so that every index is a byte offset. Falco descends recursively, counts one
level for each of its grammar functions and stops at 1000. We keep its count, for the same error at the same byte, but
hold open parentheses and calls in lists of our own, so that no text can exhaust Python's stack in whichever thread.
"""

from __future__ import annotations

from rules_export.language import lexer
from rules_export.language.ast import And, Identifier, Node, Not, Or
from rules_export.language.cursor import position
from rules_export.language.escapes import from_bytes_text
from rules_export.language.operands import OperandReader

__all__ = ["MAX_DEPTH", "parse", "position"]

MAX_DEPTH = 1000

_NO_CHECK = "expected a '(' token, a field check, or an identifier"


def parse(text: str, max_depth: int = MAX_DEPTH) -> Node:
    """Parse a whole condition.

    Raises ConditionSyntaxError with Falco's text and its cursor (line and column from 1, columns in bytes).
    """
    parser = _Parser(text, max_depth)
    if not text:
        parser.fail("filter input string is empty")
    node = parser.condition()
    if parser.at != len(parser.text):
        parser.fail(f"unexpected token after '{from_bytes_text(parser.last)}', expecting 'or', 'and'")
    return node


# How many of Falco's levels lie between a group and a parenthesis inside it, by what stands before the parenthesis.
_LEVELS = {"or": 0, "and": 1, "not": 2, "check": 3}


class _Group:
    """What has been read of one `or` chain: finished alternatives, and the clauses of the alternative at hand."""

    __slots__ = ("alternatives", "clauses", "clauses_start", "depth", "entry", "negated", "negation_start", "start")

    def __init__(self, depth: int, entry: str, start: int) -> None:
        self.depth = depth
        self.entry = entry
        self.start = self.clauses_start = self.negation_start = start
        self.alternatives: list[Node] = []
        self.clauses: list[Node] = []
        self.negated = False

    def signed(self, node: Node) -> Node:
        return Not(node, self.negation_start) if self.negated else node

    def close_conjunction(self) -> None:
        clauses = self.clauses
        self.alternatives.append(clauses[0] if len(clauses) == 1 else And(tuple(clauses), self.clauses_start))
        self.clauses = []

    def result(self) -> Node:
        alternatives = self.alternatives
        return alternatives[0] if len(alternatives) == 1 else Or(tuple(alternatives), self.start)


class _Parser(OperandReader):
    """The connectives: `or` over `and` over `not` over one check."""

    __slots__ = ()

    def condition(self) -> Node:
        """The whole boolean layer, without recursion: one _Group for each open parenthesis."""
        group = self.group(0, "")
        outer: list[_Group] = []
        opened: str | None = self.conjunction(group)
        while True:
            if opened:
                outer.append(group)
                group = self.embedded(group, opened)
                opened = self.conjunction(group)
                continue
            opened = self.connective(group)
            if opened is not None:
                continue
            node = group.result()
            if not outer:
                return node
            self.blank()
            if not self.eat(")"):
                self.fail("expected a ')' token")
            entry, group = group.entry, outer.pop()
            opened = ""
            if entry == "or":
                group.alternatives.append(node)
                group.clauses = []
            else:
                group.clauses.append(node if entry == "and" else group.signed(node))

    def group(self, depth: int, entry: str) -> _Group:
        """Falco's parse_or up to its first member; `depth` counts the levels around it."""
        depth += 1
        if depth >= self.max:
            self.too_deep()
        group = _Group(depth, entry, self.at)
        self.blank()
        return group

    def embedded(self, group: _Group, entry: str) -> _Group:
        """What follows `(`; `entry` says behind what it stood: a connective directly, or where a check may stand."""
        depth = group.depth + _LEVELS[entry] + 1
        if depth >= self.max:
            self.too_deep()
        self.blank()
        return self.group(depth, entry)

    def connective(self, group: _Group) -> str | None:
        """Go on behind a member: '' when another was read, an entry when a parenthesis was opened, None at the end."""
        self.blank()
        if group.clauses:
            if self.eat("and"):
                if self.blank():
                    return self.negation(group)
                if self.eat("("):
                    return "and"
                self.fail("expected blank or '(' after 'and'")
            group.close_conjunction()
        if self.eat("or"):
            if self.blank():
                return self.conjunction(group)
            if self.eat("("):
                return "or"
            self.fail("expected blank or '(' after 'or'")
        return None

    def conjunction(self, group: _Group) -> str:
        if group.depth + 1 >= self.max:
            self.too_deep()
        group.clauses_start = self.at
        self.blank()
        return self.negation(group)

    def negation(self, group: _Group) -> str:
        """Read `not`s and one check into the group; gives the entry of a parenthesis that was opened, or ''."""
        if group.depth + 2 >= self.max:
            self.too_deep()
        group.negation_start = self.at
        self.blank()
        negated = False
        while self.lex(lexer.NOT):
            negated = not negated
        if self.eat("not("):
            group.negated = not negated
            return "not"
        group.negated = negated
        depth = group.depth + 3
        if depth >= self.max:
            self.too_deep()
        start = self.at
        self.blank()
        if self.eat("("):
            return "check"
        group.clauses.append(group.signed(self.check(start, depth)))
        return ""

    def check(self, start: int, depth: int) -> Node:
        if self.lex(lexer.FIELD):
            return self.comparison(self.field(start, depth), start, depth)
        if self.lex(lexer.TRANSFORMER):
            return self.comparison(self.transformer(start, depth), start, depth)
        if self.lex(lexer.IDENTIFIER):
            return Identifier(self.last, start)
        self.fail(_NO_CHECK)
