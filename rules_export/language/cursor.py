"""A cursor over the text of a condition: what the parser eats, and where it stands when it must give up."""

from __future__ import annotations

import re
from typing import NoReturn

from rules_export.errors import ConditionSyntaxError
from rules_export.language import lexer
from rules_export.language.escapes import EscapeError, from_bytes_text, to_bytes_text, unescape
from rules_export.spans import Position


def position(text: str, offset: int) -> Position:
    """Place of byte `offset` in the condition `text`: CR and LF each begin a new line, columns count bytes from 1."""
    return _position(to_bytes_text(text), offset)


def _position(text: str, offset: int) -> Position:
    line = 1 + text.count("\n", 0, offset) + text.count("\r", 0, offset)
    return Position(offset, line, offset - max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)))


class Cursor:
    """The cursor `at` over byte text, and the last token eaten (Falco names it in one of its errors)."""

    __slots__ = ("at", "bare", "bare_arg", "item", "last", "max", "text")

    def __init__(self, text: str, max_depth: int) -> None:
        self.text = to_bytes_text(text)
        self.at = 0
        self.last = ""
        self.max = max_depth
        rules = lexer.ASCII if text.isascii() else lexer.UTF8
        self.bare, self.bare_arg, self.item = rules

    def fail(self, message: str) -> NoReturn:
        raise ConditionSyntaxError(message, _position(self.text, self.at))

    def too_deep(self) -> NoReturn:
        self.fail(f"exceeded max depth limit of {self.max}")

    def blank(self) -> bool:
        found = lexer.BLANK.match(self.text, self.at)
        if found is None:
            return False
        self.at = found.end()
        return True

    def eat(self, token: str) -> bool:
        if self.text.startswith(token, self.at):
            self.at += len(token)
            self.last = token
            return True
        return False

    def lex(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self.text, self.at)
        if found is None:
            return False
        self.at = found.end()
        self.last = found.group()
        return True

    def quoted(self) -> bool:
        """Eat a quoted literal; `last` becomes its meaning. A bad escape fails with the cursor behind the literal."""
        text, start = self.text, self.at
        delimiter = text[start : start + 1]
        if delimiter != '"' and delimiter != "'":
            return False
        end = text.find(delimiter, start + 1)
        while end > 0 and text[end - 1] == "\\":
            end = text.find(delimiter, end + 1)
        if end < 0 or text.find("\0", start, end) >= 0:
            return False
        body = text[start + 1 : end]
        self.at = end + 1
        if "\\" in body:
            try:
                body = unescape(body, delimiter)
            except EscapeError as error:
                self.fail(from_bytes_text(str(error)))
        self.last = body
        return True

    def word(self) -> str:
        return self.last if self.last.isascii() else from_bytes_text(self.last)
