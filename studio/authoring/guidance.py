"""What a good description says, and how urgent a rule is, as advice for the sixth step."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rules_export.language.ast import Compare, Field, Value
from rules_export.lints.context import Subject as RuleSubject
from rules_export.ruleset.model import PRIORITIES
from studio.authoring.content import RuleContent
from studio.authoring.facts import chosen_behaviours

_TUNING = re.compile(
    r"\b(tun\w+|except\w*|exclud\w+|allow\w*|legitimate\w*|expected|false positive\w*|nois\w+)\b", re.I
)
#: Words of a description beside those of the name.
_OWN_WORDS = 4
_LONGEST = 500
#: Whoever is named at most as doing this legitimately.
_NAMED = 3

#: Events that change the machine, whatever else the condition says.
_CHANGES = frozenset(
    {
        "unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "creat",
        "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "lchown", "mkdir", "mkdirat", "rmdir", "mount",
        "umount", "umount2", "init_module", "finit_module", "delete_module",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Point:
    """Something that a description should do, and whether this one does."""

    says: str
    done: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """A priority with the reason for it."""

    priority: str
    why: str


def description(name: str, desc: str) -> list[Point]:
    """The points of a good description."""
    words = set(re.findall(r"\w+", desc.lower()))
    own = words - set(re.findall(r"\w+", name.lower()))
    text = desc.strip()
    return [
        Point("It says what the rule catches, in more words than the name.", len(own) >= _OWN_WORDS),
        Point("It says how to tune the rule, or who does this legitimately.", bool(_TUNING.search(desc))),
        Point("It ends with a period.", text.endswith((".", ").", "!", "?"))),
        Point(f"It is short enough to be read in an alert: at most {_LONGEST} characters.", 0 < len(text) <= _LONGEST),
    ]


def tuning(content: RuleContent) -> str:
    """A sentence on tuning, from the exceptions and from those who do this legitimately."""
    names = [table.name for table in content.exceptions if table.name]
    if names:
        return f"Tune it with its exceptions ({', '.join(names[:_NAMED])})."
    who = [look.who for one in chosen_behaviours(content) for look in one.look_alikes]
    legitimate = list(dict.fromkeys(one[:1].lower() + one[1:] for one in who))[:_NAMED]
    if legitimate:
        return f"Legitimate where it is work of {_series(legitimate)}: add exceptions for yours."
    return "Add exceptions for those who do this legitimately."


def priorities(content: RuleContent, rule: RuleSubject) -> list[Advice]:
    """What speaks for which priority, the most urgent first: the behaviours, then what the condition watches."""
    found: dict[str, list[str]] = {}
    for one in chosen_behaviours(content):
        if one.priority in PRIORITIES:
            found.setdefault(one.priority, []).append(one.title)
    advice = [Advice(priority, _titles(titles)) for priority, titles in found.items()]
    if not advice and rule.tree is not None:
        advice = [_by_condition(rule)]
    return sorted(advice, key=lambda one: PRIORITIES.index(one.priority))


def _by_condition(rule: RuleSubject) -> Advice:
    """The ecosystem's convention: a change is an ERROR, a read a WARNING, anything else unexpected a NOTICE."""
    events = rule.events or frozenset()
    if events & _CHANGES or _says(rule, "evt.is_open_write"):
        return Advice("ERROR", "the condition watches changes of the machine")
    if _says(rule, "evt.is_open_read"):
        return Advice("WARNING", "the condition watches what is read")
    return Advice("NOTICE", "the condition watches behaviour that is not expected")


def _says(rule: RuleSubject, field: str) -> bool:
    return any(
        isinstance(node, Compare) and node.left == Field(field) and node.right == Value("true")
        for node in rule.whole_nodes
    )


def _titles(titles: list[str]) -> str:
    shown = titles[:_NAMED]
    more = len(titles) - len(shown)
    return f"{'; '.join(shown)}{f' and {more} more' if more else ''}"


def _series(items: Iterable[str]) -> str:
    found = list(items)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"
