"""Values that a field never has, so that a comparison with them never holds."""

from __future__ import annotations

from collections.abc import Iterator

from rules_export.findings import Severity
from rules_export.language.ast import And, Compare, Field, Node, Transformer, Value, ValueList
from rules_export.language.operators import split
from rules_export.language.printer import to_text
from rules_export.lints.context import Subject, is_event_check, literals
from rules_export.lints.families.values import replaced
from rules_export.lints.registry import Remark, lint
from rules_export.lints.wording import brief

_EXEC = "evt.type in (execve, execveat) and "
_OPEN = "evt.type in (open, openat, openat2) and "
_EQUALS = ("=", "==", "!=", "in")
_TEXTUAL = (*_EQUALS, "contains", "startswith", "endswith", "intersects", "pmatch")
#: Fields with few values, each with what Falco may give besides those that completion offers.
_CLOSED = {
    "fd.type": ("netlink", "pidfd", "<NA>", "<UNKNOWN>"),
    "fd.l4proto": ("<NA>",),
    "evt.category": ("<NA>",),
}
_COMMAND_LINES = frozenset(["proc.cmdline", "proc.pcmdline", "proc.acmdline"])


def near(text: str, known: tuple[str, ...] | list[str], likeness: float = 0.75) -> str | None:
    """The one of the known texts that `text` most likely means."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(text.lower(), known, 1, likeness)), None)


@lint(
    "MEWS_EVENT_TYPE_MISSPELT",
    Severity.WARNING,
    "A misspelt event type",
    hint="Falco refuses event types that it does not know. The editor completes their names.",
    bad={"condition": "evt.type in (execve, exceveat) and proc.name = systemctl"},
    good={"condition": "evt.type in (execve, execveat) and proc.name = systemctl"},
)
def event_type_misspelt(subject: Subject) -> Iterator[Remark]:
    from rules_export.catalog import events

    for node in subject.comparisons:
        if not is_event_check(node):
            continue
        for text in literals(node):
            if not events.accepted(text) and text not in subject.context.lists:
                meant = near(text, events.names())
                if meant:
                    fixed = replaced(node, {text: meant})
                    yield Remark(f"No event has the type {text}. Did you mean {meant}?", node, fixed, f"Write {meant}")


@lint(
    "MEWS_VALUE_NOT_OF_FIELD",
    Severity.WARNING,
    "A value that the field never has",
    hint="The field has few values; the editor offers them behind the operator.",
    bad={"condition": _OPEN + "fd.type = files and fd.name startswith /etc/pam.d/"},
    good={"condition": _OPEN + "fd.type = file and fd.name startswith /etc/pam.d/"},
)
def value_not_of_field(subject: Subject) -> Iterator[Remark]:
    from rules_export.catalog.known_values import known_values

    for node in subject.comparisons:
        if not isinstance(node.left, Field) or node.left.name not in _CLOSED or node.op not in _EQUALS:
            continue
        name = node.left.name
        given = known_values(name)
        for text in dict.fromkeys(literals(node)):
            if text and text not in given and text not in _CLOSED[name] and text not in subject.context.lists:
                meant = near(text, given, 0.6)
                fixed = replaced(node, {text: meant}) if meant else None
                asked = f" Did you mean {meant}?" if meant else ""
                yield Remark(f"{name} is never {brief(text)}.{asked}", node, fixed, f"Write {meant}")


@lint(
    "MEWS_RESULT_AS_NUMBER",
    Severity.WARNING,
    "The result of a call compared with a number",
    hint="evt.res is SUCCESS or the name of an error (ENOENT); the number is in evt.rawres.",
    bad={"condition": _EXEC + "proc.name = systemctl and evt.res = 0"},
    good={"condition": _EXEC + "proc.name = systemctl and evt.res = SUCCESS"},
)
def result_as_number(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        named = isinstance(node.left, Field) and node.left.name == "evt.res" and node.op in _EQUALS
        for text in literals(node) if named else ():
            if text.lstrip("-").isdigit() or (text != "SUCCESS" and text.lower() in ("success", "ok")):
                right = "SUCCESS" if not text.startswith("-") else None
                fixed = replaced(node, {text: right}) if right else None
                yield Remark(f"evt.res is never {text}.", node, fixed, "Write SUCCESS")


@lint(
    "MEWS_CASE_AFTER_FOLDING",
    Severity.WARNING,
    "A value in the case that a transformer has just taken away",
    hint="Behind tolower(…) every letter is small, behind toupper(…) capital; write the value likewise.",
    bad={"condition": _EXEC + "tolower(proc.name) = Systemctl"},
    good={"condition": _EXEC + "tolower(proc.name) = systemctl"},
)
def case_after_folding(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        folds = isinstance(node.left, Transformer) and node.left.name in ("tolower", "toupper")
        if not folds or split(node.op)[0] not in _TEXTUAL:
            continue
        assert isinstance(node.left, Transformer)
        fold = _small if node.left.name == "tolower" else _capital
        wrong = {text: fold(text) for text in literals(node) if text != fold(text)}
        wrong = {text: right for text, right in wrong.items() if text not in subject.context.lists}
        if wrong:
            message = f"{node.left.name}(…) never gives {brief(next(iter(wrong)))}."
            yield Remark(message, node, replaced(node, wrong), "Write it that way")


def _small(text: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in text)


def _capital(text: str) -> str:
    return "".join(char.upper() if char.isascii() else char for char in text)


@lint(
    "MEWS_PATH_AFTER_BASENAME",
    Severity.WARNING,
    "A path where only the last part of one is left",
    hint="basename(…) leaves the part behind the last slash; compare with that, or leave the transformer out.",
    bad={"condition": _EXEC + "basename(proc.exepath) = /usr/bin/systemctl"},
    good={"condition": _EXEC + "basename(proc.exepath) = systemctl"},
)
def path_after_basename(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        if isinstance(node.left, Transformer) and node.left.name == "basename" and node.op in _EQUALS:
            paths = [text for text in literals(node) if "/" in text and not text.endswith("/")]
            if paths:
                fixed = replaced(node, {path: path.rpartition("/")[2] for path in paths})
                yield Remark(f"basename(…) never gives {brief(paths[0])}.", node, fixed, "Keep the name alone")


@lint(
    "MEWS_FILE_NAME_PATH",
    Severity.WARNING,
    "A path where the name of a file belongs",
    hint="fd.filename is the name without its directory; the whole path is in fd.name.",
    bad={"condition": _OPEN + "fd.filename = /etc/default/grub"},
    good={"condition": _OPEN + "fd.name = /etc/default/grub"},
)
def file_name_path(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        named = isinstance(node.left, Field) and node.left.name == "fd.filename"
        paths = (
            [text for text in literals(node) if "/" in text] if named and node.op in (*_EQUALS, "startswith") else []
        )
        if paths:
            fixed = to_text(Compare(Field("fd.name"), node.op, node.right))
            whole = all(text.startswith("/") for text in literals(node))
            yield Remark(f"fd.filename is never {paths[0]}.", node, fixed if whole else None, "Use fd.name")


@lint(
    "MEWS_DIRECTORY_SLASH",
    Severity.WARNING,
    "A directory with a slash behind it",
    hint="fd.directory ends without a slash: /etc/pam.d.",
    bad={"condition": _OPEN + "fd.directory = /etc/pam.d/"},
    good={"condition": _OPEN + "fd.directory = /etc/pam.d"},
)
def directory_slash(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        if isinstance(node.left, Field) and node.left.name == "fd.directory" and node.op in _EQUALS:
            wrong = {text: text.rstrip("/") for text in literals(node) if text.endswith("/") and text.strip("/")}
            if wrong:
                fixed = replaced(node, wrong)
                yield Remark(f"fd.directory is never {next(iter(wrong))}.", node, fixed, "Take the slash off")


@lint(
    "MEWS_COMMAND_LINE_PATH",
    Severity.WARNING,
    "A command line that begins with a path",
    hint="proc.cmdline begins with the name of the process, without its path; the path is in proc.exepath.",
    bad={"condition": _EXEC + "proc.cmdline startswith '/usr/bin/systemctl disable'"},
    good={"condition": _EXEC + "proc.cmdline startswith 'systemctl disable'"},
)
def command_line_path(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        named = isinstance(node.left, Field) and node.left.name in _COMMAND_LINES
        if not named or node.op not in (*_EQUALS, "startswith"):
            continue
        paths = {text: _without_path(text) for text in literals(node) if text.startswith("/")}
        if paths:
            whole = all(paths.values())
            fixed = replaced(node, paths) if whole else None
            assert isinstance(node.left, Field)
            yield Remark(f"{node.left.name} never begins with a path.", node, fixed, "Begin with the name")


def _without_path(text: str) -> str:
    program, blank, rest = text.partition(" ")
    return program.rpartition("/")[2] + blank + rest


@lint(
    "MEWS_ARGUMENTS_WITH_PROGRAM",
    Severity.WARNING,
    "The name of the program among its arguments",
    hint="proc.args holds what stands behind the name; the whole line is in proc.cmdline.",
    bad={"condition": _EXEC + "proc.name = systemctl and proc.args startswith 'systemctl disable'"},
    good={"condition": _EXEC + "proc.name = systemctl and proc.args startswith disable"},
)
def arguments_with_program(subject: Subject) -> Iterator[Remark]:
    for chain in (node for node in subject.nodes if isinstance(node, And)):
        names = [name for clause in chain.args for name in _names(clause)]
        for node in chain.args:
            if not _on_arguments(node):
                continue
            assert isinstance(node, Compare)
            begun = {text: name for text in literals(node) for name in names if text.startswith(f"{name} ")}
            if begun:
                fixed = replaced(node, {text: text[len(name) + 1 :].lstrip() for text, name in begun.items()})
                name = next(iter(begun.values()))
                yield Remark(f"The arguments of {name} do not begin with {name}.", node, fixed, "Leave the name out")


def _names(clause: Node) -> tuple[str, ...]:
    if isinstance(clause, Compare) and clause.left == Field("proc.name") and clause.op in ("=", "==", "in"):
        return literals(clause)
    return ()


def _on_arguments(node: Node) -> bool:
    if not isinstance(node, Compare) or node.left != Field("proc.args") or node.op not in (*_EQUALS, "startswith"):
        return False
    return isinstance(node.right, Value | ValueList)
