"""Shell text read into simple commands: words, redirections, assignments, nested scripts.

A reader, not a shell: it never fails. What it cannot make sense of is said in `Script.unread`, and reading goes on. The
standard library's shlex gives up at a missing quote and knows no redirections or here-documents; bashlex is GPL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST_TEXT = 64 * 1024  # characters
MOST_COMMANDS = 200
_OPERATORS = ("&&", "||", ";;", "|&", ";", "|", "&", "(", ")", "\n")
_REDIRECTION = re.compile(r"(\d*|\{\w+\})(<<<|<<-|<<|<>|<&|>&|&>>|&>|>>|>\||<|>)")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
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


@dataclass(frozen=True, slots=True)
class Redirection:
    """`operator` is one of < > >> and their kin; `target` a path, a descriptor (`&1`) or the delimiter of a here-document."""

    operator: str
    target: Word


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command. `line` counts from 1; `document` is what a here-document feeds it; `reads_pipe`: a pipe feeds it."""

    words: tuple[Word, ...]
    redirections: tuple[Redirection, ...] = ()
    assignments: tuple[tuple[str, str], ...] = ()
    line: int = 1
    document: str = ""
    reads_pipe: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """Commands in order, those of command substitutions after the one that holds them; and what could not be read."""

    commands: tuple[Command, ...]
    unread: tuple[str, ...]


def read(text: str) -> Script:
    """Read a command line or script. Never raises; text beyond 64 KiB and commands beyond 200 are left out and named."""
    reader = _Reader(text[:LONGEST_TEXT])
    commands = reader.run()
    if len(text) > LONGEST_TEXT:
        reader.unread.append(f"Only the first {LONGEST_TEXT // 1024} KiB were read.")
    if len(commands) > MOST_COMMANDS:
        reader.unread.append(f"Only the first {MOST_COMMANDS} commands were read.")
    return Script(tuple(commands[:MOST_COMMANDS]), tuple(dict.fromkeys(reader.unread)))


@dataclass
class _Draft:
    """The command being read."""

    line: int
    words: list[Word] = field(default_factory=list)
    redirections: list[Redirection] = field(default_factory=list)
    assignments: list[tuple[str, str]] = field(default_factory=list)
    documents: list[int] = field(default_factory=list)


class _Reader:
    """One pass over the text from `at`."""

    def __init__(self, text: str, line: int = 1, depth: int = 0) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.line = line
        self.depth = depth
        self.unread: list[str] = []
        self.commands: list[Command] = []
        self.nested: list[tuple[str, int]] = []
        self.waiting: list[tuple[int, str, bool]] = []  # command's number (-1: the one being read), delimiter, tabs stripped
        self.budget = 2_000_000  # characters that may be looked at in search of closing quotes

    def run(self) -> list[Command]:
        """Every command; stops early at the limit."""
        draft = _Draft(self.line)
        piped = False
        while self.at < len(self.text) and len(self.commands) <= MOST_COMMANDS:
            self._blanks()
            operator = self._operator()
            if not operator:
                self._piece(draft)
                continue
            self._close(draft, piped)
            piped = operator in ("|", "|&") or (piped and operator == "\n" and not draft.words)
            if operator == "\n":
                self.line += 1
                self._documents()
            draft = _Draft(self.line)
        self._close(draft, piped)
        for _, delimiter, _ in self.waiting:
            self.unread.append(f"The here-document {delimiter} has no text.")
        return self.commands

    def _close(self, draft: _Draft, piped: bool) -> None:
        if draft.words or draft.redirections:
            number = len(self.commands)
            self.waiting = [(number if owner < 0 else owner, word, strip) for owner, word, strip in self.waiting]
            self.commands.append(
                Command(tuple(draft.words), tuple(draft.redirections), tuple(draft.assignments), draft.line, "", piped)
            )
        nested, self.nested = self.nested, []
        for text, line in nested:
            self.commands += self._inner(text, line)

    def _inner(self, text: str, line: int) -> list[Command]:
        if self.depth >= 5:
            self.unread.append(f"Line {line}: substitutions nested more than 5 deep were not read.")
            return []
        inner = _Reader(text, line, self.depth + 1)
        found = inner.run()
        self.unread += inner.unread
        return found

    def _blanks(self) -> None:
        while self.at < len(self.text):
            if self.text[self.at] in " \t":
                self.at += 1
            elif self.text.startswith("\\\n", self.at):
                self.at += 2
                self.line += 1
            elif self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def _operator(self) -> str:
        if self.text.startswith("&>", self.at):
            return ""
        for operator in _OPERATORS:
            if self.text.startswith(operator, self.at):
                self.at += len(operator)
                return operator
        return ""

    def _piece(self, draft: _Draft) -> None:
        if self.at >= len(self.text):
            return
        if self.text.startswith(("<(", ">("), self.at):
            self.at += 1
            draft.words.append(Word(("/dev/fd/", "")))
            self._substitution()
            return
        redirection = _REDIRECTION.match(self.text, self.at)
        if redirection:
            self.at = redirection.end()
            self._redirect(draft, redirection[2])
            return
        start = self.at
        word = self._word()
        if self.at == start:  # a character that begins nothing; step over it
            self.at += 1
            return
        name = _ASSIGNMENT.match(word.parts[0])
        if name and not draft.words:
            draft.assignments.append((name[0].rstrip("+="), word.text[name.end() :]))
        else:
            draft.words.append(word)

    def _redirect(self, draft: _Draft, operator: str) -> None:
        self._blanks()
        target = self._word()
        if not target.text:
            self.unread.append(f"Line {self.line}: nothing follows the redirection {operator}.")
            return
        if operator in ("<<", "<<-"):
            self.waiting.append((-1, target.text, operator == "<<-"))
        elif operator in (">&", "<&") and (target.text.isdigit() or target.text == "-"):
            return
        elif operator != "<<<":
            draft.redirections.append(Redirection("&>" if operator == ">&" else operator, target))

    def _documents(self) -> None:
        """After a line's end: the bodies of the here-documents that the line began."""
        waiting, self.waiting = self.waiting, []
        for number, delimiter, strip in waiting:
            lines = []
            while self.at < len(self.text):
                end = self.text.find("\n", self.at)
                end = len(self.text) if end < 0 else end
                line = self.text[self.at : end]
                self.at = min(end + 1, len(self.text))
                self.line += 1
                if (line.lstrip("\t") if strip else line) == delimiter:
                    break
                lines.append(line)
            else:
                self.unread.append(f"The here-document {delimiter} is not closed.")
            if 0 <= number < len(self.commands):
                one = self.commands[number]
                self.commands[number] = Command(
                    one.words, one.redirections, one.assignments, one.line, "\n".join(lines), one.reads_pipe
                )

    def _word(self) -> Word:
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
        """Text made of nothing but unclosed quotes is given up, so that reading takes no longer than its length deserves."""
        self.budget -= characters
        if self.budget < 0 and self.at < len(self.text):
            self.unread.append(f"Line {self.line}: too many quotes without end; the rest was not read.")
            self.text = self.text[: self.at + 1]

    def _expansion(self) -> tuple[str, bool]:
        if self.text.startswith("$(", self.at):
            self.at += 1
            self._substitution()
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

    def _substitution(self) -> None:
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
