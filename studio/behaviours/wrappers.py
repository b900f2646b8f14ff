"""Commands that run other commands: sudo, env, nohup, sh -c and their kin, taken off layer by layer."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace

from studio.behaviours import shell
from studio.behaviours.shell import Command, Word

SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash", "fish"})
KEYWORDS = frozenset(
    {"if", "then", "else", "elif", "fi", "do", "done", "while", "until", "esac", "{", "}", "!", "time", "function"}
)
#: Wrapper → its options that take a value.
PREFIXES: dict[str, frozenset[str]] = {
    "sudo": frozenset({"-u", "-g", "-h", "-p", "-C", "-T", "-U", "--user", "--group"}),
    "doas": frozenset({"-u", "-C"}),
    "env": frozenset({"-u", "-C", "-S", "--unset", "--chdir"}),
    "nohup": frozenset(),
    "setsid": frozenset(),
    "nice": frozenset({"-n", "--adjustment"}),
    "ionice": frozenset({"-c", "-n", "-p"}),
    "timeout": frozenset({"-s", "-k", "--signal", "--kill-after"}),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    "command": frozenset(),
    "builtin": frozenset(),
    "exec": frozenset({"-a"}),
    "xargs": frozenset({"-I", "-n", "-P", "-L", "-d", "-a", "-E", "-s"}),
    "watch": frozenset({"-n", "--interval"}),
    "strace": frozenset({"-o", "-e", "-p", "-s"}),
    "busybox": frozenset(),
}
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Effective:
    """What is run in the end. `wrappers`: what was taken off, outermost first; `user`: who runs it, empty if unchanged;
    `shell`: the program that would open redirections."""

    command: Command
    wrappers: tuple[str, ...] = ()
    user: str = ""
    shell: str = "bash"


def unwrap(command: Command) -> tuple[tuple[Effective, ...], tuple[str, ...]]:
    """The commands inside one command, with what could not be read of nested scripts."""
    unread: list[str] = []
    return tuple(_peel(Effective(_without_keywords(command)), 0, unread)), tuple(unread)


def name_of(command: Command) -> str:
    """The program's name, without its directory; empty for a bare redirection."""
    return posixpath.basename(command.words[0].text) if command.words else ""


def is_named(command: Command) -> bool:
    """Whether the text says which program runs: no variable or substitution stands in its name."""
    first = command.words[0] if command.words else None
    return first is not None and (first.is_literal or "/" in first.parts[-1])


def _without_keywords(command: Command) -> Command:
    words = list(command.words)
    while words and words[0].text in KEYWORDS:
        words.pop(0)
    if words and words[0].text in ("for", "case", "select"):
        words = []
    return replace(command, words=tuple(words))


def _peel(one: Effective, depth: int, unread: list[str]) -> Iterator[Effective]:
    name = name_of(one.command)
    if depth >= _DEEPEST:
        unread.append(f"Line {one.command.line}: commands nested more than {_DEEPEST} deep were not read.")
        return
    if name in PREFIXES:
        yield from _prefix(one, name, depth, unread)
    elif name in SHELLS or name == "su":
        yield from _script(one, name, depth, unread)
    elif name == "eval":
        yield from _nested(one, " ".join(_source(word) for word in one.command.words[1:]), depth, unread)
    elif one.command.words or one.command.redirections:
        yield one


def _prefix(one: Effective, name: str, depth: int, unread: list[str]) -> Iterator[Effective]:
    words = one.command.words[1:]
    at, user = 0, one.user or ("root" if name in ("sudo", "doas") else "")
    while at < len(words):
        text = words[at].text
        if text in PREFIXES[name]:
            if text in ("-u", "--user") and at + 1 < len(words) and name in ("sudo", "doas"):
                user = words[at + 1].text
            at += 2
        elif (
            (text.startswith("-") and len(text) > 1)
            or (name in ("env", "sudo") and "=" in text and not text.startswith("/"))
            or (name == "timeout" and at < len(words) and text[:1].isdigit())
        ):
            at += 1
        else:
            break
    if at >= len(words):  # sudo -l, env alone: the wrapper is the command
        yield one
        return
    inner = replace(one.command, words=words[at:])
    yield from _peel(replace(one, command=inner, wrappers=(*one.wrappers, name), user=user), depth + 1, unread)


def _script(one: Effective, name: str, depth: int, unread: list[str]) -> Iterator[Effective]:
    words = one.command.words
    flag = next((at for at, word in enumerate(words) if at and _is_command_flag(word)), None)
    if flag is not None and flag + 1 < len(words):
        user = one.user or ("root" if name == "su" else "")
        yield from _nested(
            replace(one, user=user), _source(words[flag + 1]), depth, unread, name if name != "su" else "sh"
        )
        if one.command.redirections:
            yield replace(one, command=replace(one.command, words=()))
    elif one.command.document:
        yield from _nested(one, one.command.document, depth, unread, name)
    else:
        yield one


def _is_command_flag(word: Word) -> bool:
    text = word.text
    return text == "--command" or (text.startswith("-") and not text.startswith("--") and text.endswith("c"))


def _source(word: Word) -> str:
    """The text of a nested script; what the outer shell fills in stands as a variable."""
    return "$x".join(word.parts)


def _nested(one: Effective, text: str, depth: int, unread: list[str], name: str = "") -> Iterator[Effective]:
    script = shell.read(text)
    unread += script.unread
    wrapper = f"{name} -c" if name else "eval"
    for command in script.commands:
        placed = replace(_without_keywords(command), line=one.command.line)
        inner = replace(one, command=placed, wrappers=(*one.wrappers, wrapper), shell=name or one.shell)
        yield from _peel(inner, depth + 1, unread)
