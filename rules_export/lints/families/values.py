"""Values that a field cannot have, or for which another operator says better what is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rules_export.findings import Severity
from rules_export.language.ast import Compare, Field, Not, Operand, Value, ValueList
from rules_export.language.operators import split
from rules_export.language.printer import literal, to_text
from rules_export.language.visitor import walk
from rules_export.lints.context import EVENT_FIELDS, Subject, literals
from rules_export.lints.registry import Remark, lint
from rules_export.lints.wording import brief, series

_EXEC = "evt.type in (execve, execveat) and "
_OPEN = "evt.type in (open, openat, openat2) and "

#: Names of processes: at most 15 bytes, without a path.
PROCESS_NAMES = frozenset(["proc.name", "proc.pname", "proc.aname", "proc.vpgid.name", "proc.pgid.name", "proc.sname"])
PROCESS_NAME_LENGTH = 15
#: Fields with an absolute path.
PATHS = frozenset(["proc.exepath", "proc.pexepath", "proc.aexepath", "proc.sid.exepath", "fs.path.name"])
PATHS |= {"fs.path.source", "fs.path.target", "fd.directory", "proc.cwd", "proc.vpgid.exepath", "proc.pgid.exepath"}
#: Fields that walk up the ancestors when they have no argument: a comparison holds if it does for any of them.
ANCESTORS = frozenset(["proc.aname", "proc.aexe", "proc.aexepath", "proc.acmdline", "proc.apid", "proc.aenv"])

_EVENT_TYPES = tuple(map(Field, EVENT_FIELDS))
#: Fields that do hold the text <NA> where Falco does not know better.
_TEXT_NA = frozenset(["user.name", "user.loginname", "user.homedir", "user.shell", "group.name", "fd.l4proto"])
#: Fields for which Falco itself warns of <NA> (LOAD_UNSAFE_NA_CHECK).
_WARNED_OF = ("ka.", "jevt.")

#: Directories of the root that hardly occur further down; /opt/app/lib/ and /srv/www/tmp/ do.
_ROOTS = ("boot", "dev", "etc", "home", "proc", "root", "sys")
_ABSOLUTE = re.compile(rf"/({'|'.join(_ROOTS)})(/|$)")
LIST_LIKE = re.compile(
    r"[a-z][a-z0-9]*(_[a-z0-9]+)*_(binaries|procs|names|files|filenames|dirs|directories|images|containers|ports|users|"
    r"list|addresses|networks|domains|paths|commands|processes|activities)"
)
_EQUALS = ("=", "==", "!=", "in")


def _named(node: Compare, names: frozenset[str]) -> bool:
    return isinstance(node.left, Field) and node.left.name in names


def replaced(node: Compare, change: dict[str, str]) -> str:
    """The comparison with some of its literals changed."""
    if isinstance(node.right, Value):
        return to_text(Compare(node.left, node.op, Value(change.get(node.right.text, node.right.text))))
    items = tuple(change.get(item, item) for item in literals(node))
    return to_text(Compare(node.left, node.op, ValueList(items)))


@lint(
    "MEWS_PROCESS_NAME_LONG",
    Severity.WARNING,
    "A process name longer than the kernel keeps",
    hint="The kernel cuts the name of a process after 15 bytes; compare with what is left of it, or use proc.exepath.",
    bad={"condition": _EXEC + "proc.name = systemd-backlight"},
    good={"condition": _EXEC + "proc.name = systemd-backlig"},
)
def process_name_long(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        if not _named(node, PROCESS_NAMES) or split(node.op)[0] not in (*_EQUALS, "startswith"):
            continue
        long = [text for text in literals(node) if len(text.encode(errors="replace")) > PROCESS_NAME_LENGTH]
        long = [text for text in long if text not in subject.context.lists and "/" not in text]
        if long:
            cut = {text: text.encode(errors="replace")[:PROCESS_NAME_LENGTH].decode(errors="ignore") for text in long}
            fixed = replaced(node, cut)
            yield Remark(f"No process has the name {series(long)}: the kernel cuts it.", node, fixed, "Cut the name")


@lint(
    "MEWS_PROCESS_NAME_PATH",
    Severity.WARNING,
    "A path where a process name belongs",
    hint="proc.name holds the name of the program alone; its path is in proc.exepath.",
    bad={"condition": _EXEC + "proc.name = /usr/bin/systemctl"},
    good={"condition": _EXEC + "proc.exepath = /usr/bin/systemctl"},
)
def process_name_path(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        paths = [text for text in literals(node) if text.startswith("/") and len(text) > 1]
        if _named(node, PROCESS_NAMES) and node.op in _EQUALS and paths:
            assert isinstance(node.left, Field)
            fixed = replaced(node, {path: path.rpartition("/")[2] for path in paths})
            yield Remark(
                f"{node.left.name} is never a path like {brief(paths[0])}.", node, fixed, "Keep the name alone"
            )


@cache
def _programs() -> frozenset[str]:
    """Names of programs that the library knows, all in lower case."""
    from rules_export.catalog.macros import LISTS

    names = (item for one in LISTS.values() if one.name.endswith("_binaries") for item in one.items)
    return frozenset(name for name in names if name == name.lower() and name not in LISTS)


@lint(
    "MEWS_PROCESS_NAME_CASE",
    Severity.WARNING,
    "Upper case in the name of a well-known program",
    hint="Names are compared letter by letter. For any case write `tolower(proc.name) = …`.",
    bad={"condition": _EXEC + "proc.name = Systemctl"},
    good={"condition": _EXEC + "proc.name = systemctl"},
)
def process_name_case(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        if _named(node, PROCESS_NAMES) and node.op in _EQUALS:
            wrong = {
                text: text.lower() for text in literals(node) if text != text.lower() and text.lower() in _programs()
            }
            if wrong:
                told = ", ".join(f"{text} is {right}" for text, right in wrong.items())
                yield Remark(f"On Linux {told}.", node, replaced(node, wrong), "Write it in lower case")


@lint(
    "MEWS_PATH_NOT_ABSOLUTE",
    Severity.WARNING,
    "A path without a slash in front",
    hint="Paths are absolute. The name of a file without its directory is in fd.filename.",
    bad={"condition": _OPEN + "fd.name = etc/default/grub"},
    good={"condition": _OPEN + "fd.name = /etc/default/grub"},
)
def path_not_absolute(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        named = _named(node, PATHS) or (_named(node, frozenset(["fd.name"])) and _is_about_files(subject))
        if named and node.op in (*_EQUALS, "startswith"):
            wrong = [text for text in literals(node) if text[:1] not in ("/", "<", "") and ":" not in text]
            wrong = [text for text in wrong if text not in subject.context.lists and not LIST_LIKE.fullmatch(text)]
            if wrong:
                yield Remark(f"No absolute path begins with {brief(wrong[0])}.", node)


def _is_about_files(subject: Subject) -> bool:
    return bool(subject.events) and all(event.startswith("open") or event == "creat" for event in subject.events or ())


@lint(
    "MEWS_CONTAINS_FOR_PATH",
    Severity.ADVICE,
    "`contains` where the path begins with it",
    hint="`startswith` is quicker and matches nothing else, such as /backup/etc/.",
    bad={"condition": _OPEN + "fd.name contains /etc/default/"},
    good={"condition": _OPEN + "fd.name startswith /etc/default/"},
)
def contains_for_path(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        is_path = node.op == "contains" and _named(node, PATHS | {"fd.name"})
        if is_path and isinstance(node.right, Value) and _ABSOLUTE.match(node.right.text):
            fixed = to_text(Compare(node.left, "startswith", node.right))
            yield Remark(
                f"{brief(node.right.text)} is the beginning of an absolute path.", node, fixed, "Use startswith"
            )


@lint(
    "MEWS_GLOB_WITHOUT_WILDCARD",
    Severity.ADVICE,
    "`glob` without a wildcard",
    hint="Without `*`, `?` or `[` it is a plain comparison, only slower.",
    bad={"condition": _OPEN + "fd.name glob /etc/default/grub"},
    good={"condition": _OPEN + "fd.name glob '/etc/default/grub*'"},
    safe=True,
)
def glob_without_wildcard(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        if node.op == "glob" and isinstance(node.right, Value) and not re.search(r"[*?\[\\]", node.right.text):
            fixed = to_text(Compare(node.left, "=", node.right)) if _may_be_equalled(node.left) else None
            yield Remark(f"{brief(literal(node.right.text))} holds no wildcard.", node, fixed, "Use =")


def _may_be_equalled(left: Operand) -> bool:
    """Whether `=` leaves a rule its event types, which Falco reads out of `=` and not out of `glob`: it takes a literal
    argument for the name of one, and fails at the event's type in a transformer."""
    return not any(isinstance(part, Value) or part in _EVENT_TYPES for part in walk(left))


@lint(
    "MEWS_NEVER_IN",
    Severity.WARNING,
    "A field with which `in` does not work",
    hint="Compare with `=` and `or`, or use fd.cip, fd.sip, fd.lip, fd.rip, which tell the two ends apart.",
    bad={"condition": "evt.type = connect and fd.ip in (10.0.0.1, 10.0.0.2) and proc.name = curl"},
    good={"condition": "evt.type = connect and fd.sip in (10.0.0.1, 10.0.0.2) and proc.name = curl"},
)
def never_in(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        field = node.left if isinstance(node.left, Field) else None
        if field is None or node.op != "in":
            continue
        if field.name in ("fd.ip", "proc.apid") and field.arg is None:
            yield Remark(f"`{field.name} in (…)` never holds in Falco.", node)
        elif field.name == "fd.net" and len(literals(node)) > 1:
            yield Remark("Of the networks in `fd.net in (…)` Falco looks at the first alone.", node)


@lint(
    "MEWS_ANCESTOR_NOT_EQUAL",
    Severity.WARNING,
    "`!=` on the ancestors of a process",
    hint="One always differs, so that it holds for every process. To rule out them all write `not proc.aname = …`.",
    bad={"condition": _EXEC + "proc.name = systemctl and proc.aname != puppet"},
    good={"condition": _EXEC + "proc.name = systemctl and not proc.aname = puppet"},
)
def ancestor_not_equal(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        if node.op == "!=" and _named(node, ANCESTORS) and isinstance(node.left, Field) and node.left.arg is None:
            fixed = to_text(Not(Compare(node.left, "=", node.right)))
            message = f"`{brief(node)}` holds if any ancestor differs, not if all do."
            yield Remark(message, node, fixed, "Use not … =")


@lint(
    "MEWS_NOT_AVAILABLE_AS_TEXT",
    Severity.ADVICE,
    "A comparison with <NA>",
    hint="A missing value is no text: `exists` asks for it. Most fields never hold the text <NA>.",
    bad={"condition": _EXEC + "proc.name = systemctl and proc.pname = '<NA>'"},
    good={"condition": _EXEC + "proc.name = systemctl and not proc.pname exists"},
)
def not_available_as_text(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        said_by_falco = isinstance(node.left, Field) and node.left.name.startswith(_WARNED_OF)
        if "<NA>" in literals(node) and node.op in _EQUALS and not said_by_falco and not _named(node, _TEXT_NA):
            yield Remark(f"`{brief(node)}` compares with a text; a missing value is none.", node)
