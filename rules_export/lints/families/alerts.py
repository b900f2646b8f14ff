"""The fields that an output prints: which of them help nobody, and which are missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules_export.catalog import versions
from rules_export.catalog.field_events import carries, events_with
from rules_export.findings import Severity
from rules_export.lints.context import Subject
from rules_export.lints.families.fields import instead_of
from rules_export.lints.registry import Remark, lint
from rules_export.lints.wording import do, series

_SENTENCE = "A recovery service was disabled | "
_FIELDS = "evt_type=%evt.type user=%user.name command=%proc.cmdline"
#: `key=%field[argument]` with the blank before it, or the field alone.
_PAIR = re.compile(
    r"(?P<pair>\s*(?:(?P<key>[A-Za-z_][\w.\-]*)=)?%(?P<field>[a-z][\w.]*[\w](?:\[[^\]\s]*\])?))(?![\w(])"
)
_NETWORK = frozenset({"connect", "accept", "accept4", "bind", "listen"})
#: The usual names of fields in outputs.
_KEYS = {
    "evt.type": "evt_type", "user.name": "user", "user.uid": "user_uid", "user.loginuid": "user_loginuid",
    "proc.name": "process", "proc.exepath": "proc_exepath", "proc.pname": "parent", "proc.cmdline": "command",
    "proc.tty": "terminal", "fd.name": "file", "fd.lport": "lport", "fd.rport": "rport", "fd.type": "fd_type",
    "fd.l4proto": "fd_proto",
}  # fmt: skip


def _without(output: str, pairs: list[re.Match[str]]) -> str | None:
    """The output without these pairs; None where nothing but them would be left."""
    for found in reversed(pairs):
        output = output[: found.start("pair")] + output[found.end("pair") :]
    output = output.strip().removesuffix("|").rstrip()
    return output or None


@lint(
    "MEWS_OUTPUT_FIELD_TWICE",
    Severity.ADVICE,
    "The output prints a field twice",
    hint="Leave one of them out: alerts are cut where they get long.",
    place="output",
    bad={"output": _SENTENCE + _FIELDS + " cmdline=%proc.cmdline"},
    good={"output": _SENTENCE + _FIELDS},
    safe=True,
)
def output_field_twice(subject: Subject) -> Iterator[Remark]:
    output = subject.rule.output
    tail = output.find(" | ")
    seen: set[str] = set()
    again: list[re.Match[str]] = []
    for found in _PAIR.finditer(output, max(tail, 0)):
        if found["field"] in seen:
            again.append(found)
        seen.add(found["field"])
    if again and tail >= 0:
        names = ", ".join(dict.fromkeys(found["field"] for found in again))
        yield Remark(f"{names} stands there more than once.", None, _without(output, again), "Leave the repetition out")


@lint(
    "MEWS_OUTPUT_FIELD_NOT_OF_EVENT",
    Severity.ADVICE,
    "The output prints a field that the rule's events never fill",
    hint="It would always read <NA>. Take it out, or print a field that these events have.",
    place="output",
    bad={"output": _SENTENCE + _FIELDS + " file=%fd.name"},
    good={"output": _SENTENCE + _FIELDS},
)
def output_field_not_of_event(subject: Subject) -> Iterator[Remark]:
    output, events = subject.rule.output, subject.events
    if not events or subject.rule.source != "syscall":
        return
    empty = [found for found in _PAIR.finditer(output) if _never_filled(found["field"], events)]
    if empty:
        names = series(list(dict.fromkeys(found["field"] for found in empty)))
        types = f"{series(sorted(events))} {do(sorted(events))}"
        fixed = _without(output, empty) if all(found["key"] for found in empty) else None
        yield Remark(f"{types} not fill {names}.", None, fixed, "Leave it out")


def _never_filled(field: str, events: frozenset[str]) -> bool:
    name = field.partition("[")[0]
    if name.startswith("evt.arg."):
        argument = name.removeprefix("evt.arg.")
        return not any(carries(event, argument) for event in events)
    filled = events_with(name)
    return filled is not None and not filled & events


@lint(
    "MEWS_OUTPUT_FIELD_DEPRECATED",
    Severity.ADVICE,
    "The output prints a field that Falco advises against",
    hint="A later release may refuse the rule. evt.dir always reads <: rules see a call once, as it returns.",
    place="output",
    bad={"output": _SENTENCE + _FIELDS + " dir=%evt.dir"},
    good={"output": _SENTENCE + _FIELDS},
)
def output_field_deprecated(subject: Subject) -> Iterator[Remark]:
    output = subject.rule.output
    found = [one for one in _PAIR.finditer(output) if versions.deprecated_since(one["field"].partition("[")[0])]
    if found:
        names = list(dict.fromkeys(one["field"] for one in found))
        fixed = _without(output, found) if all(one["key"] for one in found) else None
        told = "; ".join(f"{name} is deprecated: {instead_of(name.partition('[')[0])}" for name in names[:3])
        yield Remark(f"{told}.", None, fixed, "Leave it out")


@lint(
    "MEWS_OUTPUT_KEY_STYLE",
    Severity.ADVICE,
    "A key of the output is not in lower case",
    hint="Keys are snake_case, so that a log pipeline finds the same key in the alerts of all rules.",
    place="output",
    bad={"output": "A recovery service was disabled | evt_type=%evt.type User-Name=%user.name"},
    good={"output": "A recovery service was disabled | evt_type=%evt.type user_name=%user.name"},
)
def output_key_style(subject: Subject) -> Iterator[Remark]:
    output = subject.rule.output
    odd = [found for found in _PAIR.finditer(output) if found["key"] and not re.fullmatch(r"[a-z0-9_]+", found["key"])]
    if odd:
        fixed = output
        for found in reversed(odd):
            fixed = fixed[: found.start("key")] + _snake(found["key"]) + fixed[found.end("key") :]
        told = ", ".join(f"{found['key']} would be {_snake(found['key'])}" for found in odd)
        yield Remark(f"{told}.", None, fixed, "Write keys in lower case")


def _snake(key: str) -> str:
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_") or "value"


@lint(
    "MEWS_OUTPUT_FIELD_WITHOUT_KEY",
    Severity.ADVICE,
    "A field of the output has no key in front",
    hint="Behind ` | ` fields are written as key=%field, so that a log pipeline can take them apart.",
    place="output",
    bad={"output": _SENTENCE + "evt_type=%evt.type %user.name command=%proc.cmdline"},
    good={"output": _SENTENCE + _FIELDS},
)
def output_field_without_key(subject: Subject) -> Iterator[Remark]:
    output = subject.rule.output
    tail = output.find(" | ")
    bare = [found for found in _PAIR.finditer(output, tail) if not found["key"]] if tail >= 0 else []
    bare = [found for found in bare if output[: found.start("field") - 1].endswith((" ", "\t"))]
    if bare:
        fixed = output
        for found in reversed(bare):
            at = found.start("field") - 1
            fixed = f"{fixed[:at]}{_key(found['field'])}={fixed[at:]}"
        names = ", ".join(found["field"] for found in bare)
        yield Remark(f"{names} stands there without a key.", None, fixed, "Add the keys")


def _key(field: str) -> str:
    return _KEYS.get(field) or _snake(field.replace(".", "_"))


@lint(
    "MEWS_OUTPUT_WITHOUT_CONNECTION",
    Severity.ADVICE,
    "A rule on connections whose output names none",
    hint="Add connection=%fd.name, so that the alert says who talked to whom.",
    place="output",
    bad={"condition": "evt.type = connect and fd.sport = 4444"},
    good={
        "condition": "evt.type = connect and fd.sport = 4444",
        "output": "A connection to an odd port | connection=%fd.name user=%user.name command=%proc.cmdline",
    },
    safe=True,
)
def output_without_connection(subject: Subject) -> Iterator[Remark]:
    output = subject.rule.output
    about_network = bool(subject.events) and subject.events is not None and subject.events <= _NETWORK
    if about_network and "%" in output and not re.search(r"%(fd\.|evt\.arg)", output):
        yield Remark("The alert does not say which connection it was.", None, f"{output} connection=%fd.name", "Add it")
