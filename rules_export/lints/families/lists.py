"""Names of lists: those that nobody defined, and those that stand where a value was meant."""

from __future__ import annotations

from collections.abc import Iterator

from rules_export.findings import Severity
from rules_export.language.ast import ValueList
from rules_export.language.operators import LIST_OPERATORS, split
from rules_export.language.printer import literal
from rules_export.lints.context import Subject, is_event_check, literals
from rules_export.lints.families.values import LIST_LIKE, replaced
from rules_export.lints.registry import Remark, lint

_EXEC = "evt.type in (execve, execveat) and "


@lint(
    "MEWS_UNKNOWN_LIST",
    Severity.WARNING,
    "A list that nobody defined",
    hint="Falco silently takes an unknown name inside `in (…)` for a value. Define the list, or correct its name.",
    bad={"condition": _EXEC + "proc.name in (shel_binaries)"},
    good={"condition": _EXEC + "proc.name in (shell_binaries)"},
)
def unknown_list(subject: Subject) -> Iterator[Remark]:
    for node in subject.comparisons:
        if not is_event_check(node) and (split(node.op)[0] in LIST_OPERATORS or split(node.op)[1]):
            for text in literals(node):
                if LIST_LIKE.fullmatch(text) and text not in subject.context.lists:
                    near = nearest(text, subject)
                    fixed = replaced(node, {text: near}) if near else None
                    asked = f" Did you mean {near}?" if near else ""
                    yield Remark(f"No list is named {text}: it counts as a value.{asked}", node, fixed, f"Write {near}")


def nearest(text: str, subject: Subject) -> str | None:
    """The list that a misspelt name most likely means."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(text, list(subject.context.lists), 1, 0.85)), None)


@lint(
    "MEWS_LIST_NAME_IN_VALUE",
    Severity.WARNING,
    "A list's name inside a value",
    hint="Falco puts a list's items wherever its name stands as a word, even in quotes. Rename the list or the value.",
    bad={"condition": _EXEC + "proc.cmdline contains 'run known_tools now'"},
    good={"condition": _EXEC + "proc.name in (known_tools)"},
)
def list_name_in_value(subject: Subject) -> Iterator[Remark]:
    from rules_export.catalog.macros import words

    for node in subject.comparisons:
        whole = isinstance(node.right, ValueList) or split(node.op)[0] in LIST_OPERATORS
        for text in literals(node):
            found = sorted(words(text) & subject.context.lists.keys())
            if found and not (whole and text in subject.context.lists) and text != found[0]:
                yield Remark(f"In `{literal(text)}` Falco puts the items of the list {found[0]} in its place.", node)
