"""Words of shell text: quotes removed, what the shell would fill in marked, nested scripts set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_VARIABLE = re.compile(r"\$(\w+|[@*#?$!-]|\{[^}\n]*\})")


@dataclass(frozen=True, slots=True)
class Word:
    """A word after quotes are removed. `parts`: its literal stretches; what lies between them only the shell knows."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The word with a stand-in for what the shell would fill in."""
        return "x".join(self.parts)

    @property
    def is_literal(self) -> bool:
        """Whether the shell fills nothing in."""
        return len(self.parts) == 1


class WordReader:
    """A cursor (`at`, `line`) over text that reads words. `nested`: scripts of substitutions that it passed."""

    def __init__(self, text: str, line: int = 1) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.line = line
        self.unread: list[str] = []
        self.nested: list[tuple[str, int]] = []
        self.budget = 2_000_000  # characters that may be looked at in search of closing quotes

    def word(self) -> Word:
        """The word at the cursor; its only part is empty where none begins."""
        parts = [""]
        for literal, hole in self._stretches():
            parts[-1] += literal
            if hole:
                parts.append("")
        return Word(tuple(parts))

    def _stretches(self) -> Iterator[tuple[str, bool]]:
        """Pieces of a word up to its end: literal text, and whether the shell fills something in after it."""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in " \t\n;|&()<>":
                return
            if char == "'" or self.text.startswith("$'", self.at):
                yield self._single(), False
            elif char == '"':
                yield from self._double()
            elif char == "\\":
                self.at += 2
                yield self.text[self.at - 1 : self.at].replace("\n", ""), False
            elif char in "$`":
                yield self._expansion()
            elif char in "*?":
                self.at += 1
                yield "", True
            else:
                self.at += 1
                yield char, False

    def _single(self) -> str:
        start = self.text.index("'", self.at) + 1
        end = self.text.find("'", start)
        if end < 0:
            return self._unclosed("'", start)
        self.at = end + 1
        self.line += self.text.count("\n", start, end)
        return self.text[start:end]

    def _unclosed(self, quote: str, start: int) -> str:
        """A quote without end is read up to the end of its line."""
        self.unread.append(f"Line {self.line}: the quote {quote} is not closed; read up to the end of the line.")
        end = self.text.find("\n", start)
        self.at = len(self.text) if end < 0 else end
        return self.text[start : self.at]

    def _double(self) -> Iterator[tuple[str, bool]]:
        closing = _closing_quote(self.text, self.at + 1)
        self._spend((closing if closing > 0 else len(self.text)) - self.at)
        if closing < 0:
            yield self._unclosed('"', self.at + 1), False
            return
        self.at += 1
        while self.at < closing:
            char = self.text[self.at]
            if char == "\\" and self.text[self.at + 1] in '"\\$`\n':
                self.at += 2
                yield self.text[self.at - 1].replace("\n", ""), False
            elif char in "$`":
                yield self._expansion()
            else:
                self.line += char == "\n"
                self.at += 1
                yield char, False
        self.at = max(self.at, closing + 1)

    def _spend(self, characters: int) -> None:
        """Text made of nothing but unclosed quotes is given up, so that reading takes no longer than it deserves."""
        self.budget -= characters
        if self.budget < 0 and self.at < len(self.text):
            self.unread.append(f"Line {self.line}: too many quotes without end; the rest was not read.")
            self.text = self.text[: self.at + 1]

    def _expansion(self) -> tuple[str, bool]:
        if self.text.startswith("$(", self.at):
            self.at += 1
            self.substitution()
            return "", True
        if self.text[self.at] == "`":
            end = self.text.find("`", self.at + 1)
            if end < 0:
                return self._unclosed("`", self.at + 1), False
            self.nested.append((self.text[self.at + 1 : end], self.line))
            self.at = end + 1
            return "", True
        variable = _VARIABLE.match(self.text, self.at)
        if variable:
            self.at = variable.end()
            return "", True
        self.at += 1
        return "$", False

    def substitution(self) -> None:
        """From an opening parenthesis to its partner: a script of its own."""
        start, depth = self.at + 1, 0
        for at in range(self.at, len(self.text)):
            depth += {"(": 1, ")": -1}.get(self.text[at], 0)
            if depth == 0:
                self.nested.append((self.text[start:at], self.line))
                self.at = at + 1
                return
        self.unread.append(f"Line {self.line}: a parenthesis is not closed.")
        self.at = len(self.text)


def _closing_quote(text: str, at: int) -> int:
    """The place of the double quote that closes, or -1."""
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == '"':
            return at
        elif text.startswith("$(", at):
            at = _closing_parenthesis(text, at + 1)
        else:
            at += 1
    return -1


def _closing_parenthesis(text: str, at: int) -> int:
    depth = 0
    for place in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    return len(text)
