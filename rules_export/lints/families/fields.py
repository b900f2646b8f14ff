"""Fields that are on their way out, or that the rule's events never fill."""

from __future__ import annotations

from collections.abc import Iterator

from rules_export.catalog import versions
from rules_export.catalog.field_events import carries, events_with
from rules_export.falco_checks.hints import DEPRECATED
from rules_export.findings import Severity
from rules_export.language.ast import And, Compare, Field, Value
from rules_export.lints.context import Subject, conjuncts, events_of, field_of
from rules_export.lints.fixes import Drop
from rules_export.lints.registry import Remark, lint
from rules_export.lints.wording import do, series


@lint(
    "MEWS_FIELD_DEPRECATED",
    Severity.WARNING,
    "A field that Falco advises against",
    hint="A later release may refuse the rule. evt.dir says nothing: rules see a system call once, as it returns.",
    bad={"condition": "evt.type in (execve, execveat) and evt.dir = < and proc.name = systemctl"},
    good={"condition": "evt.type in (execve, execveat) and proc.name = systemctl"},
)
def field_deprecated(subject: Subject) -> Iterator[Remark]:
    for node in subject.nodes:
        if isinstance(node, Field) and (since := versions.deprecated_since(node.name)) and not _told_by_falco(node):
            message = f"{node.name} is deprecated since Falco {since.falco}: {instead_of(node.name)}."
            yield Remark(message, node, fix="Leave evt.dir out", change=_without_direction(subject, node))


def _told_by_falco(field: Field) -> bool:
    """Whether Falco itself warns of the field (LOAD_DEPRECATED_ITEM), and there is no more to say."""
    return field.name in DEPRECATED and field.name != "evt.dir"


def instead_of(name: str) -> str:
    """What to do about a deprecated field."""
    if name == "evt.dir":
        return "`<` always holds and `>` never does, so leave it out"
    if name.startswith(("evt.latency", "evt.wait_latency")):
        return "it is always 0, so leave it out"
    new = name.replace("k8s.", "k8smeta.", 1).removesuffix(".id") + ".uid" * name.endswith(".id")
    if versions.plugin_of_field(new) is not None:
        return f"{new} of the plugin k8smeta takes its place"
    return "nothing takes its place, and it may go in a later release"


def _without_direction(subject: Subject, field: Field) -> Drop | None:
    """Taking `evt.dir = <`, which always holds, out of the `and` chain that it stands in."""
    for chain in (node for node in subject.nodes if isinstance(node, And)):
        for place, arg in enumerate(chain.args):
            match arg:
                case Compare(Field("evt.dir") as left, "=" | "==", Value("<")) if left is field:
                    return Drop(chain, place)
    return None


@lint(
    "MEWS_ARGUMENT_NOT_OF_EVENT",
    Severity.WARNING,
    "An argument that none of the rule's events carry",
    whole_rule=True,
    hint="Each system call has arguments of its own; look them up on the page of the event.",
    bad={"condition": "evt.type in (unlink, unlinkat) and evt.arg.newpath startswith /backup/"},
    good={"condition": "evt.type in (unlink, unlinkat) and evt.arg.name startswith /backup/"},
)
def argument_not_of_event(subject: Subject) -> Iterator[Remark]:
    for branch in subject.branches:
        events = [found for clause in branch if (found := events_of(subject.of(clause))) is not None]
        if not events:
            continue
        types = sorted(frozenset.intersection(*events))
        for clause in branch:
            field = field_of(clause)
            if field is None or not field.name.startswith("evt.arg.") or not types:
                continue
            argument = field.name.removeprefix("evt.arg.")
            if not any(carries(event, argument) for event in types):
                told = f"{series(types)} {do(types, 'carries', 'carry')} no argument {argument}"
                yield Remark(f"{told}: the clause never holds.", clause)


@lint(
    "MEWS_FIELD_NOT_OF_EVENT",
    Severity.WARNING,
    "A field that none of the rule's events fill",
    whole_rule=True,
    hint="Take a field that they fill: fd.… where a system call opens or uses a descriptor, fs.path.… where it names a "
    "path, proc.… for all.",
    bad={"condition": "evt.type in (execve, execveat) and fd.name startswith /tmp/"},
    good={"condition": "evt.type in (execve, execveat) and proc.exepath startswith /tmp/"},
)
def field_not_of_event(subject: Subject) -> Iterator[Remark]:
    for branch in subject.branches:
        whole = [(clause, one) for clause in branch for one in conjuncts(subject.of(clause))]
        events = [found for _, one in whole if (found := events_of(one)) is not None]
        types = frozenset.intersection(*events) if events else frozenset[str]()
        for clause, one in whole:
            field = field_of(one)
            filled = events_with(field.name) if field is not None else None
            if field is not None and filled is not None and types and not types & filled:
                told = f"{series(sorted(types))} {do(sorted(types))} not fill {field.name}"
                yield Remark(f"{told}: this never holds.", clause)
