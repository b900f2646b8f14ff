"""The queue of tokens and the two memories of scanning: open block collections, and places where a key may have begun.

Tokens are made on demand, because a complaint further down must not hide one of the parser before it. Whether a scalar
is a key shows only at the `:` behind it: until then the key's token, and the start of the mapping that it would open,
wait unverified in the queue.
"""

from __future__ import annotations

import re

from rules_export.errors import FatalLoadError
from rules_export.yamlcpp.scalars import Cursor
from rules_export.yamlcpp.text import END
from rules_export.yamlcpp.tokens import (
    BLOCK_MAP_END,
    BLOCK_MAP_START,
    BLOCK_SEQ_END,
    BLOCK_SEQ_START,
    INVALID,
    KEY,
    UNVERIFIED,
    VALID,
    Token,
)

#: A text of more tokens than this (a list of 100,000 addresses has 300,000) is refused, unless it is so long that they
#: stand as far apart as in rules files (those have a token for each twenty bytes).
MAX_TOKENS, BYTES_FOR_ONE = 320_000, 12

NO_INDENT, SEQ_INDENT, MAP_INDENT = range(3)

#: What may follow an indicator; "" is the end of the text.
BLANK_OR_END = frozenset({"", " ", "\t", "\n", "\r", "\x04"})

_SIMPLE_SKIP = re.compile(r"(?:[ ]++|#[^\n\r]*+|\n)*+")
COMMENT = re.compile(r"[^\n\r]*")


class _Indent:
    __slots__ = ("column", "status", "type")

    def __init__(self, column: int, type_: int, status: int = VALID) -> None:
        self.column = column
        self.type = type_
        self.status = status


class _SimpleKey:
    """A place where a key may have begun: what to confirm or to take back when that is known."""

    __slots__ = ("indent", "line_start", "map_start", "mark", "token")

    def __init__(
        self, mark: int, line_start: int, token: Token, indent: _Indent | None, map_start: Token | None
    ) -> None:
        self.mark = mark
        self.line_start = line_start
        self.token = token
        self.indent = indent
        self.map_start = map_start

    def settle(self, status: int) -> None:
        self.token.status = status
        if self.indent is not None:
            self.indent.status = status
        if self.map_start is not None:
            self.map_start.status = status


class TokenQueue:
    """The tokens of one text as far as they are made; `peek` looks at the next one, `pop` takes it."""

    def __init__(self, text: str, break_char: str) -> None:
        self.cursor = Cursor(text, break_char)
        self.text = text
        self.size = len(text)
        self.tokens: list[Token] = []
        self.index = 0
        self.ended = False
        self._count, self._most = 0, max(MAX_TOKENS, len(text) // BYTES_FOR_ONE)
        self.key_allowed = True
        self.scalar_allowed = True
        self.json_like = False
        self.keys: list[tuple[int, _SimpleKey]] = []
        self.indents = [_Indent(-1, NO_INDENT)]
        self.flows: list[str] = []

    @property
    def mark(self) -> int:
        """Where scanning stands, which may be ahead of the next token."""
        return END if self.ended else self.cursor.pos

    def peek(self) -> Token | None:
        """The next token, None at the end of the text."""
        tokens = self.tokens
        while True:
            if self.index < len(tokens):
                token = tokens[self.index]
                if token.status == VALID:
                    return token
                if token.status == INVALID:
                    self.index += 1
                    continue
                if self.ended:  # a key that nothing confirmed counts where the text ends
                    return token
            elif self.ended:
                return None
            self.scan()

    def pop(self) -> None:
        """Take the token that `peek` showed."""
        self.index += 1
        if self.index > 4096:
            del self.tokens[: self.index]
            self.index = 0

    def count(self, values: int) -> None:
        """Note that so many values or tokens were read. Raises FatalLoadError when there are too many."""
        self._count += values
        if self._count > self._most:
            raise FatalLoadError("This file holds more values than any rules file does: it is refused.")

    # For the shortcuts: whether nothing waits, and the states behind what they took

    def idle(self) -> bool:
        """Whether the cursor stands behind the last token that was taken, outside flow collections and keys."""
        return self.index == len(self.tokens) and not (self.flows or self.keys or self.ended)

    def after_value(self, pos: int) -> None:
        """Behind the `:` of a simple key."""
        self.cursor.pos = pos
        self.key_allowed, self.scalar_allowed, self.json_like = False, True, False
        self.count(1)

    def after_scalar(self, *, key_allowed: bool) -> None:
        """Behind a plain or a block scalar."""
        self.key_allowed, self.json_like = key_allowed, False
        self.count(1)

    def after_quoted(self) -> None:
        """Behind a quoted scalar in a block collection."""
        self.key_allowed, self.scalar_allowed, self.json_like = False, False, True

    def after_flow(self) -> None:
        """Behind the end of an outermost flow collection."""
        self.key_allowed, self.json_like = False, True

    def scan(self) -> None:
        """Make at least one more token, or find the end of the text."""
        raise AssertionError("scanning is the scanner's")

    def skip_to_token(self) -> None:
        cursor, text = self.cursor, self.text
        begun = cursor.pos
        found = _SIMPLE_SKIP.match(text, begun)
        pos = found.end() if found else begun
        if pos > begun and cursor.break_char == "\n":
            newline = text.rfind("\n", begun, pos)
            if newline >= 0:
                cursor.line_start = newline + 1
                self._new_line()
        elif cursor.break_char != "\n":
            pos = begun
        cursor.pos = pos
        if pos < self.size and text[pos] in "\t\r\n# ":
            self._skip_slowly()

    def _skip_slowly(self) -> None:
        cursor, text, size, pos = self.cursor, self.text, self.size, self.cursor.pos
        while True:
            while pos < size and text[pos] in " \t":
                if text[pos] == "\t" and not self.flows:
                    self.key_allowed = False
                pos += 1
            if text.startswith("#", pos):
                comment = COMMENT.match(text, pos)
                pos = comment.end() if comment else pos
            if pos >= size or text[pos] not in "\n\r":
                break
            pos = cursor.eat_break(pos)
            self._new_line()
        cursor.pos = pos

    def _new_line(self) -> None:
        self.drop_key()
        self.scalar_allowed = True
        if not self.flows:
            self.key_allowed = True

    def push(self, type_: int, mark: int, text: str = "") -> Token:
        token = Token(type_, mark, text)
        self.tokens.append(token)
        self.count(1)
        return token

    # Indentation

    def open_indent(self, pos: int, type_: int) -> tuple[_Indent, Token] | None:
        """Begin a block collection at the column of `pos`, unless one stands there already."""
        if self.flows:
            return None
        column, top = pos - self.cursor.line_start, self.indents[-1]
        if column < top.column or (column == top.column and not (type_ == SEQ_INDENT and top.type == MAP_INDENT)):
            return None
        token = self.push(BLOCK_SEQ_START if type_ == SEQ_INDENT else BLOCK_MAP_START, pos)
        indent = _Indent(column, type_)
        self.indents.append(indent)
        return indent, token

    def close_indents(self, pos: int) -> None:
        """End the block collections that a token at `pos` is too far left for."""
        indents, column = self.indents, pos - self.cursor.line_start
        while indents:
            top = indents[-1]
            if top.column < column:
                break
            if top.column == column and not (top.type == SEQ_INDENT and not self.is_entry(pos)):
                break
            self._pop_indent(pos)
        while indents and indents[-1].status == INVALID:
            self._pop_indent(pos)

    def is_entry(self, pos: int) -> bool:
        return self.text.startswith("-", pos) and self.text[pos + 1 : pos + 2] in BLANK_OR_END

    def _pop_indent(self, mark: int) -> None:
        indent = self.indents.pop()
        if indent.status != VALID:
            self.drop_key()
        elif indent.type == SEQ_INDENT:
            self.push(BLOCK_SEQ_END, mark)
        elif indent.type == MAP_INDENT:
            self.push(BLOCK_MAP_END, mark)

    def close_all_indents(self, mark: int) -> None:
        if not self.flows:
            while self.indents and self.indents[-1].type != NO_INDENT:
                self._pop_indent(mark)

    def end_stream(self) -> None:
        self.close_all_indents(END)
        self.keys.clear()
        self.key_allowed = False
        self.ended = True

    # Simple keys

    def maybe_key(self, pos: int) -> None:
        """Note that a key may begin at `pos`."""
        if not self.key_allowed or (self.keys and self.keys[-1][0] == len(self.flows)):
            return
        opened = None if self.flows else self.open_indent(pos, MAP_INDENT)
        key = _SimpleKey(pos, self.cursor.line_start, self.push(KEY, pos), *(opened or (None, None)))
        key.settle(UNVERIFIED)
        self.keys.append((len(self.flows), key))

    def drop_key(self) -> None:
        if self.keys and self.keys[-1][0] == len(self.flows):
            self.keys.pop()[1].settle(INVALID)

    def confirm_key(self, pos: int) -> bool:
        """Whether the thing before `pos` was a key: on this line, and not longer than 1024 bytes."""
        if not self.keys or self.keys[-1][0] != len(self.flows):
            return False
        key = self.keys.pop()[1]
        valid = key.line_start == self.cursor.line_start and pos - key.mark <= 1024
        key.settle(VALID if valid else INVALID)
        return valid

    def top_column(self) -> int:
        return self.indents[-1].column if self.indents else 0
