"""Shell text read into simple commands: words, redirections, assignments, nested scripts.

A reader, not a shell: it never fails. What it cannot make sense of is said in `Script.unread`, and reading goes on. The
standard library's shlex gives up at a missing quote and knows no redirections or here-documents; bashlex is GPL.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from studio.behaviours.shell_words import Word, WordReader

__all__ = ["Command", "Redirection", "Script", "Word", "read"]

LONGEST_TEXT = 64 * 1024  # characters
MOST_COMMANDS = 200
_OPERATORS = ("&&", "||", ";;", "|&", ";", "|", "&", "(", ")", "\n")
_REDIRECTION = re.compile(r"(\d*|\{\w+\})(<<<|<<-|<<|<>|<&|>&|&>>|&>|>>|>\||<|>)")
_ECHO_OPTIONS = frozenset({"-n", "-e", "-en", "-ne", "-E", "%s", "%b", "%s\\n"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")


@dataclass(frozen=True, slots=True)
class Redirection:
    """`operator` is one of < > >> and their kin; `target` a path."""

    operator: str
    target: Word


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command. `line`: from 1; `document`: what a here-document feeds it; `reads_pipe`: a pipe feeds it."""

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
    """Read a command line or script. Never raises; text beyond 64 KiB and commands beyond 200 are left out."""
    reader = _Reader(text[:LONGEST_TEXT])
    commands = reader.run()
    if len(text) > LONGEST_TEXT:
        reader.unread.append(f"Only the first {LONGEST_TEXT // 1024} KiB were read.")
    if len(commands) > MOST_COMMANDS:
        reader.unread.append(f"Only the first {MOST_COMMANDS} commands were read.")
    return Script(tuple(fed(commands[:MOST_COMMANDS])), tuple(dict.fromkeys(reader.unread)))


def fed(commands: list[Command]) -> Iterator[Command]:
    """The commands, each with the text that the one before it writes into its pipe, where that can be told."""
    before = ""
    for command in commands:
        if command.reads_pipe and before and not command.document:
            command = replace(command, document=before)
        before = output_of(command)
        yield command


def output_of(command: Command) -> str:
    """What a command writes, where its text says so: echo, printf, cat of a here-document, a decoder fed by one."""
    if not command.words or not all(word.is_literal for word in command.words):
        return ""
    name, *arguments = [word.text for word in command.words]
    if name in ("echo", "printf"):
        return " ".join(word for word in arguments if word not in _ECHO_OPTIONS)
    if name == "cat" and not arguments:
        return command.document
    if name == "base64" and set(arguments) & {"-d", "-D", "--decode", "-di"}:
        return _decoded(command.document, b64decode)
    if name == "xxd" and "-r" in arguments and "-p" in arguments:
        return _decoded(command.document, bytes.fromhex)
    return ""


def _decoded(text: str, decode: Callable[[str], bytes]) -> str:
    """The text in another text; nothing where there is none."""
    try:
        return decode("".join(text.split())).decode()
    except ValueError:
        return ""


@dataclass
class _Draft:
    """The command being read."""

    line: int
    words: list[Word] = field(default_factory=list)
    redirections: list[Redirection] = field(default_factory=list)
    assignments: list[tuple[str, str]] = field(default_factory=list)
    document: str = ""


class _Reader(WordReader):
    """One pass over the text, command by command."""

    def __init__(self, text: str, line: int = 1, depth: int = 0) -> None:
        super().__init__(text, line)
        self.depth = depth
        self.commands: list[Command] = []
        #: Here-documents that the line began: command's number (-1: the one being read), delimiter, tabs stripped.
        self.waiting: list[tuple[int, str, bool]] = []

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
                Command(
                    tuple(draft.words),
                    tuple(draft.redirections),
                    tuple(draft.assignments),
                    draft.line,
                    draft.document,
                    piped,
                )
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
            self.substitution()
            return
        redirection = _REDIRECTION.match(self.text, self.at)
        if redirection:
            self.at = redirection.end()
            self._redirect(draft, redirection[2])
            return
        start = self.at
        word = self.word()
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
        target = self.word()
        if not target.text:
            self.unread.append(f"Line {self.line}: nothing follows the redirection {operator}.")
            return
        if operator in ("<<", "<<-"):
            self.waiting.append((-1, target.text, operator == "<<-"))
        elif operator in (">&", "<&") and (target.text.isdigit() or target.text == "-"):
            return
        elif operator == "<<<":
            draft.document = target.text if target.is_literal else ""
        else:
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
                self.commands[number] = replace(one, document="\n".join(lines))
