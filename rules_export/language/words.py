"""A condition read out as plain English, for reviewers and for people who listen to the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from rules_export.language.ast import (
    And,
    Compare,
    Exists,
    Field,
    Identifier,
    Node,
    Not,
    Operand,
    Or,
    Transformer,
    TransformerList,
    Value,
    ValueList,
)
from rules_export.language.operators import split
from rules_export.language.printer import to_text
from rules_export.language.visitor import fold

#: How people call the fields that rules use most; every other field is called by its name.
NOUNS: dict[str, str] = {
    "evt.type": "the event",
    "evt.is_open_write": "whether it opens for writing",
    "evt.is_open_read": "whether it opens for reading",
    "evt.args": "the event's argument text",
    "evt.res": "the result",
    "evt.rawres": "the result code",
    "proc.name": "the process name",
    "proc.pname": "the parent's name",
    "proc.aname": "an ancestor's name",
    "proc.exe": "the program as it was called",
    "proc.exepath": "the program's path",
    "proc.cmdline": "the command line",
    "proc.pcmdline": "the parent's command line",
    "proc.acmdline": "an ancestor's command line",
    "proc.args": "the argument text",
    "proc.cwd": "the working directory",
    "proc.tty": "the terminal",
    "proc.pid": "the process id",
    "proc.ppid": "the parent's process id",
    "user.name": "the user",
    "user.uid": "the user id",
    "user.loginuid": "the login user id",
    "group.name": "the group",
    "fd.name": "the file or connection",
    "fd.directory": "the directory",
    "fd.filename": "the file name",
    "fd.type": "the kind of descriptor",
    "fd.num": "the descriptor's number",
    "fd.sip": "the server's address",
    "fd.cip": "the client's address",
    "fd.rip": "the remote address",
    "fd.lip": "the local address",
    "fd.snet": "the server's network",
    "fd.sport": "the server's port",
    "fd.rport": "the remote port",
    "fd.lport": "the local port",
    "fd.l4proto": "the protocol",
    "fs.path.name": "the path",
    "fs.path.source": "the source path",
    "fs.path.target": "the target path",
    "container.id": "the container id",
    "container.name": "the container",
    "container.image.repository": "the image",
    "k8s.ns.name": "the namespace",
    "k8s.pod.name": "the pod",
}
#: Operator: how it is said, and its contrary.
_VERBS: dict[str, tuple[str, str]] = {
    "=": ("is", "is not"),
    "==": ("is", "is not"),
    "!=": ("is not", "is"),
    "<": ("is less than", "is not less than"),
    "<=": ("is at most", "is not at most"),
    ">": ("is more than", "is not more than"),
    ">=": ("is at least", "is not at least"),
    "contains": ("contains", "does not contain"),
    "icontains": ("contains (in any case)", "does not contain (in any case)"),
    "bcontains": ("contains the bytes", "does not contain the bytes"),
    "startswith": ("starts with", "does not start with"),
    "bstartswith": ("starts with the bytes", "does not start with the bytes"),
    "endswith": ("ends with", "does not end with"),
    "glob": ("fits the pattern", "does not fit the pattern"),
    "iglob": ("fits the pattern (in any case)", "does not fit the pattern (in any case)"),
    "regex": ("matches the expression", "does not match the expression"),
    "in": ("is one of", "is none of"),
    "intersects": ("shares a value with", "shares no value with"),
    "pmatch": ("lies under one of", "lies under none of"),
}
_MODIFIERS = {"oneof": "exactly one of", "anyof": "any of", "allof": "all of"}
_CALLS = {
    "tolower": "{} in lower case",
    "toupper": "{} in upper case",
    "b64": "{} decoded from Base64",
    "basename": "the last part of {}",
    "len": "the length of {}",
    "val": "{}",
}
_MANY = 12  # items of a list that are read out


def in_words(node: Node, meanings: Mapping[str, str] | None = None) -> str:
    """The condition as one sentence without its first capital and its full stop; groups stand in brackets.

    meanings: macros by name → what each says, a sentence that is read out beside the name.
    """
    return _readable(fold((node, False), partial(_say, meanings or {}), _members))


def outline(node: Node, meanings: Mapping[str, str] | None = None) -> Iterator[tuple[int, str]]:
    """The condition as lines of a nested list: how deep each stands (from 0), and its text."""
    waiting: list[tuple[Node, bool, int]] = [(node, False, 0)]
    while waiting:
        node, negated, depth = waiting.pop()
        if isinstance(node, Not):
            waiting.append((node.arg, not negated, depth))
        elif isinstance(node, And | Or):
            both = "all" if isinstance(node, And) else "any"
            yield depth, f"not {both} of" if negated else f"{both} of"
            waiting.extend((arg, False, depth + 1) for arg in reversed(node.args))
        else:
            yield depth, _readable(_check(node, negated, meanings or {}))


Signed = tuple[Node, bool]


def _members(item: Signed) -> list[Signed]:
    node, negated = item
    match node:
        case And(args) | Or(args):
            return [(arg, False) for arg in args]
        case Not(arg):
            return [(arg, not negated)]
        case _:
            return []


def _say(meanings: Mapping[str, str], item: Signed, parts: list[str]) -> str:
    node, negated = item
    match node:
        case And(args) | Or(args):
            word = " and " if isinstance(node, And) else " or "
            pairs = zip(args, parts, strict=True)
            text = word.join(f"({part})" if isinstance(arg, And | Or) else part for arg, part in pairs)
            return f"it is not so that ({text})" if negated else text
        case Not():
            return parts[0]
        case _:
            return _check(node, negated, meanings)


def _check(node: Node, negated: bool, meanings: Mapping[str, str]) -> str:
    match node:
        case Identifier(name):
            said = f"{name} (“{meaning}”)" if (meaning := meanings.get(name, "").strip().rstrip(".")) else name
            return f"{said} does not hold" if negated else f"{said} holds"
        case Exists(left):
            return f"{_operand(left)} is {'not known' if negated else 'known'}"
        case Compare(left, op, right):
            return _compare(left, op, right, negated)
        case _:
            return to_text(node)


def _compare(left: Operand, op: str, right: Operand, negated: bool) -> str:
    base, modifier = split(op)
    verb = _VERBS[base][negated]
    if modifier:
        verb = f"{verb} {_MODIFIERS[modifier]}"
    noun = _operand(left)
    if isinstance(right, Value) and right.text in ("true", "false") and base in ("=", "==", "!="):
        holds = (right.text == "true") is ((base != "!=") is not negated)
        return f"{noun}: {'yes' if holds else 'no'}"
    if isinstance(right, ValueList):
        return f"{noun} {verb} {_items(right.items)}"
    return f"{noun} {verb} {_operand(right)}"


def _items(items: tuple[str, ...]) -> str:
    if not items:
        return "nothing"
    shown = [_literal(item) for item in items[:_MANY]]
    if len(items) > _MANY:
        return f"{', '.join(shown)} and {len(items) - _MANY} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _operand(operand: Operand) -> str:
    def build(node: Operand, parts: list[str]) -> str:
        match node:
            case Field(name, arg):
                noun = NOUNS.get(name)
                if noun is None:
                    return to_text(node)
                return noun if arg is None else f"{noun} [{arg}]"
            case Transformer(name, _, arg):
                pattern = _CALLS.get(name)
                if pattern is not None and len(parts) == 1:
                    return pattern.format(parts[0])
                return f"{name} of {', '.join(parts)}{f' [{arg}]' if arg else ''}"
            case TransformerList():
                return f"({', '.join(parts)})"
            case ValueList(items):
                return _items(items)
            case Value(text):
                return _literal(text)

    return fold(operand, build)


def _literal(text: str) -> str:
    if not text:
        return "empty"
    return text if text.isprintable() and " " not in text else f"“{text}”"


def _readable(text: str) -> str:
    """Bytes that are no text have no sound: they become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
