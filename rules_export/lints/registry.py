"""The studio's lints as a registry: each a function with its code, title, examples and hint, in one place.

A lint takes a Subject (a rule made ready for looking at) and yields Remarks. `@lint(…)` above it is all that
registering takes; the documentation and the tests go through the registry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from rules_export.findings import Severity
from rules_export.language.ast import Node, Operand
from rules_export.language.parser import parse
from rules_export.lints.context import LintContext, Subject
from rules_export.lints.fixes import Change
from rules_export.ruleset.model import Rule


@dataclass(frozen=True, slots=True)
class Remark:
    """What a lint has to say. at: the part of the condition it speaks of; None for all of the rule's part.

    replacement: a text that settles it, put in place of `fix_at`, or of `at` where that is None, or of the whole text
    of the part where both are (tags count as joined by ", "). change: instead of a replacement, a change of a chain
    that keeps the text around it. fix: what either does, as a button would say it.
    """

    message: str
    at: Node | Operand | None = None
    replacement: str | None = None
    fix: str = ""
    fix_at: Node | None = None
    change: Change | None = None


Check = Callable[[Subject], Iterable[Remark]]
Example = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Lint:
    """A registered lint.

    bad and good: what to change of EXAMPLE so that it complains, or does not. safe: with its fix the rule fires on the
    same events, whatever fields they lack, keeps its name and its tags, and takes no field from the alert. whole_rule:
    it speaks of a whole rule, so a macro, which is a part of one, is spared it. family: the module that it stands in.
    """

    code: str
    severity: Severity
    title: str
    hint: str
    place: str
    bad: Example
    good: Example
    run: Check = field(compare=False)
    safe: bool = False
    whole_rule: bool = False

    @property
    def family(self) -> str:
        """The name of the family, a key of FAMILIES."""
        return self.run.__module__.rpartition(".")[2]


#: The rule that the examples of the lints vary: no lint has anything to say about it.
EXAMPLE = Rule(
    name="Recovery service disabled",
    condition="evt.type in (execve, execveat) and proc.name = systemctl and proc.args startswith 'disable rescue'",
    output="A recovery service was disabled | evt_type=%evt.type user=%user.name command=%proc.cmdline",
    desc="Detects that the rescue service of systemd is disabled, after which the system no longer recovers.",
    priority="ERROR",
    tags=("host", "container", "process", "mitre_impact", "T1490"),
)

#: What the examples know of the world.
EXAMPLE_CONTEXT = LintContext(
    macros={"open_seen": parse("evt.type in (open, openat) and fd.num >= 0")},
    lists={"shell_binaries": ("ash", "bash", "sh"), "known_tools": ("rsync", "restic")},
    technique_tactics={"T1490": ("impact",), "T1059": ("execution",), "T1059.004": ("execution",)},
    tactics=("execution", "impact"),
    retired={"T1064": "T1059", "T1043": ""},
    target="0.42",
)

_lints: dict[str, Lint] = {}


def lint(
    code: str,
    severity: Severity,
    title: str,
    *,
    hint: str,
    bad: Example,
    good: Example,
    place: str = "condition",
    safe: bool = False,
    whole_rule: bool = False,
) -> Callable[[Check], Check]:
    """Register a lint. `place` is the part of the rule that its findings speak of."""

    def register(run: Check) -> Check:
        if code in _lints:
            raise ValueError(f"{code} is registered twice")
        _lints[code] = Lint(code, severity, title, hint, place, bad, good, run, safe, whole_rule)
        return run

    return register


#: The modules whose lints count, with the title of the family, in the order in which their findings are shown.
FAMILIES: Mapping[str, str] = {
    "events": "Event types and reach",
    "reach": "How much a condition catches",
    "fields": "Fields",
    "logic": "How clauses go together",
    "possible": "Values that a field never has",
    "values": "Values and paths",
    "operators": "Operators that say it better",
    "lists": "Lists",
    "exceptions": "Exceptions",
    "silencing": "What exceptions silence",
    "output": "Output",
    "alerts": "Fields of the output",
    "about": "Name, description, priority",
    "tags": "Tags",
    "release": "Releases of Falco",
}


@cache
def lints() -> tuple[Lint, ...]:
    """All lints: family after family, within one as they stand in its module."""
    for family in FAMILIES:
        import_module(f"rules_export.lints.families.{family}")
    order = list(FAMILIES)
    return tuple(sorted(_lints.values(), key=lambda one: order.index(one.family)))


def known(code: str) -> Lint | None:
    """The lint with this code."""
    return next((one for one in lints() if one.code == code), None)
