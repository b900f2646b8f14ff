"""Name, description and priority."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules_export.findings import Severity
from rules_export.language.visitor import fields_used
from rules_export.lints.context import Subject
from rules_export.lints.registry import Remark, lint
from rules_export.ruleset.model import PRIORITIES

_READ = "evt.type in (open, openat, openat2) and evt.is_open_read = true and fd.name startswith /etc/pam.d/"

_WRITE = "evt.type in (open, openat, openat2) and evt.is_open_write = true and fd.name startswith /etc/pam.d/"
_WRITTEN = "A login rule was changed | file=%fd.name user=%user.name"

#: A description with fewer words says too little.
FEWEST_WORDS = 4
#: Names longer than this are cut in most lists and alerts.
LONGEST_NAME = 100


@lint(
    "MEWS_NAME_CAPITAL",
    Severity.ADVICE,
    "The name does not begin with a capital",
    hint="Names of rules are titles: Recovery service disabled.",
    place="name",
    bad={"name": "recovery service disabled"},
    good={"name": "Recovery service disabled"},
)
def name_capital(subject: Subject) -> Iterator[Remark]:
    name = subject.rule.name
    if name[:1].islower():
        yield Remark("The name begins with a small letter.", None, name[0].upper() + name[1:], "Begin with a capital")


@lint(
    "MEWS_NAME_STYLE",
    Severity.ADVICE,
    "The name does not read as a title",
    hint="A short title: words with blanks between them, no period at the end, at most 100 characters.",
    place="name",
    bad={"name": "Recovery_service_disabled."},
    good={"name": "Recovery service disabled"},
)
def name_style(subject: Subject) -> Iterator[Remark]:
    name = subject.rule.name
    if name != name.strip() or "  " in name or "\n" in name:
        yield Remark("The name holds needless blanks.", None, " ".join(name.split()), "Take them out")
    elif name.endswith("."):
        yield Remark("The name ends with a period.", None, name.rstrip("."), "Take it off")
    elif "_" in name and " " not in name:
        yield Remark("The name holds underscores instead of blanks.", None, name.replace("_", " "), "Put blanks")
    elif len(name) > LONGEST_NAME:
        yield Remark(f"The name is {len(name)} characters long.")


@lint(
    "MEWS_DESC_IS_NAME",
    Severity.ADVICE,
    "The description only repeats the name",
    hint="Say what the rule finds, why that matters, and how to tune it.",
    place="desc",
    bad={"desc": "Recovery service disabled."},
    good={"desc": "Detects that the rescue service is disabled, after which the system no longer recovers."},
)
def desc_is_name(subject: Subject) -> Iterator[Remark]:
    if _letters(subject.rule.desc) == _letters(subject.rule.name):
        yield Remark("The description says no more than the name.")


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


@lint(
    "MEWS_DESC_PERIOD",
    Severity.ADVICE,
    "The description does not end with a period",
    hint="Descriptions are sentences.",
    place="desc",
    bad={"desc": "Detects that the rescue service is disabled"},
    good={"desc": "Detects that the rescue service is disabled."},
    safe=True,
)
def desc_period(subject: Subject) -> Iterator[Remark]:
    desc = subject.rule.desc.rstrip()
    if desc and not desc.endswith((".", "!", "?", ")", "”", '"')):
        yield Remark("The description's last sentence has no period.", None, desc + ".", "Add the period")


@lint(
    "MEWS_PRIORITY_UNUSUAL",
    Severity.ADVICE,
    "An unusual priority for a detection",
    hint="State changed: ERROR; unauthorised read: WARNING; unexpected behaviour: NOTICE; bad practice: INFORMATIONAL.",
    place="priority",
    bad={"priority": "DEBUG"},
    good={"priority": "NOTICE"},
)
def priority_unusual(subject: Subject) -> Iterator[Remark]:
    priority = subject.rule.priority.upper()
    if priority in ("EMERGENCY", "DEBUG"):
        why = {"EMERGENCY": "is meant for systems that no longer work", "DEBUG": "is dropped by most set-ups"}[priority]
        yield Remark(f"{priority} {why}.")


@lint(
    "MEWS_PRIORITY_HIGH_FOR_READING",
    Severity.ADVICE,
    "A high priority for reading or looking",
    hint="Rules on reading are usually WARNING or below; keep the higher ones for changes of state.",
    place="priority",
    bad={
        "condition": _READ,
        "output": "A login rule was read | file=%fd.name user=%user.name",
        "priority": "CRITICAL",
    },
    good={
        "condition": _READ,
        "output": "A login rule was read | file=%fd.name user=%user.name",
        "priority": "WARNING",
    },
)
def priority_high_for_reading(subject: Subject) -> Iterator[Remark]:
    priority = subject.rule.priority.upper()
    if priority in PRIORITIES[:3] and _only(subject, "evt.is_open_read", "evt.is_open_write"):
        yield Remark(f"{priority} is much for a file that was read.")


def _only(subject: Subject, asked: str, other: str) -> bool:
    """Whether each alternative of the condition asks for the one kind of opening, and none for the other."""
    if other in subject.fields or asked not in subject.fields:
        return False
    alternatives = [
        [used.name for clause in one for used in fields_used(subject.of(clause))] for one in subject.branches
    ]
    return all(asked in used for used in alternatives)


@lint(
    "MEWS_PRIORITY_CASE",
    Severity.ADVICE,
    "The priority is not in upper case",
    hint="Falco reads any case; its schema, and we, write upper case.",
    place="priority",
    bad={"priority": "Error"},
    good={"priority": "ERROR"},
    safe=True,
)
def priority_case(subject: Subject) -> Iterator[Remark]:
    priority = subject.rule.priority
    if priority != priority.upper() and priority.upper() in (*PRIORITIES, "INFO"):
        yield Remark(f"{priority} is written {priority.upper()}.", None, priority.upper(), "Write it in upper case")


@lint(
    "MEWS_PRIORITY_LOW_FOR_WRITING",
    Severity.ADVICE,
    "A low priority for a change",
    hint="Rules on files that are written are usually ERROR or WARNING; below NOTICE most set-ups drop alerts.",
    place="priority",
    bad={"condition": _WRITE, "output": _WRITTEN, "priority": "INFORMATIONAL"},
    good={"condition": _WRITE, "output": _WRITTEN, "priority": "ERROR"},
)
def priority_low_for_writing(subject: Subject) -> Iterator[Remark]:
    priority = subject.rule.priority.upper()
    if priority in ("INFO", "INFORMATIONAL", "DEBUG") and _only(subject, "evt.is_open_write", "evt.is_open_read"):
        yield Remark(f"{priority} is little for a file that was written.")


@lint(
    "MEWS_DESC_SHORT",
    Severity.ADVICE,
    "The description says too little",
    hint="Say what the rule finds, why that matters, and what may cause it legitimately.",
    place="desc",
    bad={"desc": "Suspicious activity."},
    good={"desc": "Detects that the rescue service is disabled, after which the system no longer recovers."},
)
def desc_short(subject: Subject) -> Iterator[Remark]:
    words = re.findall(r"\w+", subject.rule.desc)
    if 0 < len(words) < FEWEST_WORDS and _letters(subject.rule.desc) != _letters(subject.rule.name):
        yield Remark(f"The description has {len(words)} word{'s' * (len(words) > 1)}.")


@lint(
    "MEWS_DESC_CAPITAL",
    Severity.ADVICE,
    "The description does not begin with a capital",
    hint="Descriptions are sentences.",
    place="desc",
    bad={"desc": "detects that the rescue service of systemd is disabled."},
    good={"desc": "Detects that the rescue service of systemd is disabled."},
    safe=True,
)
def desc_capital(subject: Subject) -> Iterator[Remark]:
    desc = subject.rule.desc
    first = desc.lstrip()[:1]
    if first.islower() and re.match(r"\s*[^\W\d_]+[\s,]", desc):
        fixed = desc.replace(first, first.upper(), 1)
        yield Remark("The description begins with a small letter.", None, fixed, "Begin with a capital")


@lint(
    "MEWS_DESC_UNFINISHED",
    Severity.ADVICE,
    "The description is not finished",
    hint="Put in what is missing before somebody reviews it.",
    place="desc",
    bad={"desc": "TBD: say what the rescue service is for."},
    good={"desc": "Detects that the rescue service of systemd is disabled."},
)
def desc_unfinished(subject: Subject) -> Iterator[Remark]:
    found = re.search(r"\b(T[O]DO|FIX[M]E|X{3}|TBD|lorem ipsum)\b", subject.rule.desc)
    if found:
        yield Remark(f"{found[0]} stands in the description.")
