"""The output: a sentence for people, fields for machines, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules_export.findings import Severity
from rules_export.lints.context import Subject
from rules_export.lints.registry import Remark, lint
from rules_export.lints.wording import series

_FIELD = re.compile(r"%[0-9]*[A-Za-z][A-Za-z0-9_]*[.(]")
_SENTENCE = "A recovery service was disabled | "
_FIELDS = "evt_type=%evt.type user=%user.name command=%proc.cmdline"

#: What Falco appends to every output by itself, unless told not to (append_output, suggested_output).
APPENDED = (
    "container.id",
    "container.name",
    "container.image.repository",
    "container.image.tag",
    "k8s.pod.name",
    "k8s.ns.name",
)
_APPENDED = re.compile(rf"(?:\s*[A-Za-z_][A-Za-z0-9_.]*=)?%({'|'.join(map(re.escape, APPENDED))})(?![A-Za-z0-9_.\[])")


@lint(
    "MEWS_OUTPUT_NO_SENTENCE",
    Severity.ADVICE,
    "The output does not say what happened",
    hint="Begin with a sentence, then ` | `, then the fields: people read the alert before machines do.",
    place="output",
    bad={"output": _FIELDS},
    good={"output": _SENTENCE + _FIELDS},
)
def output_no_sentence(subject: Subject) -> Iterator[Remark]:
    sentence = re.split(r"\S*%", subject.rule.output, maxsplit=1)[0]
    if len(re.findall(r"[^\W\d_]{2,}|\bT\d{4}\b", sentence)) < 2:
        yield Remark("No sentence stands in front of the fields.")


@lint(
    "MEWS_OUTPUT_NO_FIELDS",
    Severity.ADVICE,
    "The output shows no field",
    hint="Add at least who did it and with which command: user=%user.name command=%proc.cmdline.",
    place="output",
    bad={"output": "A recovery service was disabled."},
    good={"output": _SENTENCE + _FIELDS},
    safe=True,
)
def output_no_fields(subject: Subject) -> Iterator[Remark]:
    if subject.rule.output and not _FIELD.search(subject.rule.output):
        fixed = subject.rule.output.rstrip(" .") + " | " + _FIELDS if subject.rule.source == "syscall" else None
        yield Remark("Every alert of this rule reads the same.", None, fixed, "Add the usual fields")


@lint(
    "MEWS_OUTPUT_SEPARATOR",
    Severity.ADVICE,
    "Nothing separates the sentence from the fields",
    hint="Put ` | ` between them, as the rules of the Falco project do: log pipelines split there.",
    place="output",
    bad={"output": "A recovery service was disabled (" + _FIELDS + ")"},
    good={"output": _SENTENCE + _FIELDS},
    safe=True,
)
def output_separator(subject: Subject) -> Iterator[Remark]:
    output = subject.rule.output
    pairs = re.findall(r"[A-Za-z_][A-Za-z0-9_.]*=%", output)
    if len(pairs) > 1 and " | " not in output:
        found = re.fullmatch(r"(?s)(.*?\S)\s*\(([A-Za-z_][A-Za-z0-9_.]*=%.*)\)\s*", output)
        fixed = f"{found[1]} | {found[2]}" if found and "%" not in found[1] else None
        yield Remark("The fields follow the sentence without ` | `.", None, fixed, "Put | between")


@lint(
    "MEWS_OUTPUT_APPENDED_FIELDS",
    Severity.ADVICE,
    "The output names fields that Falco appends by itself",
    hint="Falco adds the container's and pod's fields to each alert, unless append_output is set otherwise.",
    place="output",
    bad={"output": _SENTENCE + _FIELDS + " container_id=%container.id"},
    good={"output": _SENTENCE + _FIELDS},
)
def output_appended_fields(subject: Subject) -> Iterator[Remark]:
    found = list(dict.fromkeys(_APPENDED.findall(subject.rule.output)))
    if found and subject.rule.source == "syscall":
        fixed = _APPENDED.sub("", subject.rule.output).rstrip(" |")
        yield Remark(f"{series(found)} would stand in the alert twice.", None, fixed or None, "Leave them out")


@lint(
    "MEWS_OUTPUT_WITHOUT_FILE",
    Severity.ADVICE,
    "A rule on files whose output names no file",
    hint="Add file=%fd.name, so that the alert says which file it was.",
    place="output",
    bad={"condition": "evt.type in (open, openat, openat2) and fd.name startswith /etc/pam.d/"},
    good={
        "condition": "evt.type in (open, openat, openat2) and fd.name startswith /etc/pam.d/",
        "output": "A login rule was opened | file=%fd.name user=%user.name",
    },
    safe=True,
)
def output_without_file(subject: Subject) -> Iterator[Remark]:
    about_files = bool(subject.events) and all(one.startswith("open") or one == "creat" for one in subject.events or ())
    output = subject.rule.output
    if about_files and _FIELD.search(output) and not re.search(r"%(fd|fs\.path|evt\.(arg|abspath))", output):
        yield Remark("The alert does not say which file was opened.", None, f"{output} file=%fd.name", "Add the file")


@lint(
    "MEWS_OUTPUT_LINES",
    Severity.ADVICE,
    "The output goes over several lines",
    hint="Write it on one line: most log collectors take a line for an alert.",
    place="output",
    bad={"output": _SENTENCE + "\n" + _FIELDS},
    good={"output": _SENTENCE + _FIELDS},
    safe=True,
)
def output_lines(subject: Subject) -> Iterator[Remark]:
    output = subject.rule.output
    if "\n" in output.strip():
        fixed = re.sub(r"\s*\n\s*", " ", output.strip())
        yield Remark("The output holds line ends.", None, fixed, "Join the lines")
