"""Which events a rule asks for: event types, their variants, and what Falco watches at all."""

from __future__ import annotations

from collections.abc import Iterator

from rules_export.catalog import tags, versions
from rules_export.findings import Severity
from rules_export.language.ast import And, Compare, Field, Identifier, Node, Not, Or, ValueList
from rules_export.language.printer import to_text
from rules_export.lints.context import Subject, conjuncts, events_of, inner, is_event_check, literals, rules_out
from rules_export.lints.fixes import Move
from rules_export.lints.registry import Remark, lint
from rules_export.lints.wording import brief, do, series

#: System calls that do the same thing, of which a rule that means one nearly always means all.
FAMILIES = (
    ("open", "openat", "openat2"),
    ("execve", "execveat"),
    ("rename", "renameat", "renameat2"),
    ("unlink", "unlinkat"),
    ("mkdir", "mkdirat"),
    ("symlink", "symlinkat"),
    ("link", "linkat"),
    ("chmod", "fchmod", "fchmodat"),
    ("chown", "lchown", "fchown", "fchownat"),
    ("dup", "dup2", "dup3"),
    ("accept", "accept4"),
    ("umount", "umount2"),
    ("init_module", "finit_module"),
    ("clone", "clone3"),
)

#: System calls of which every busy host makes thousands a second.
BUSY = frozenset({
    "open", "openat", "openat2", "close", "stat", "fstat", "lstat", "newfstatat", "access", "mmap", "munmap",
    "mprotect", "brk", "futex", "poll", "ppoll", "select", "epoll_wait", "epoll_ctl", "fcntl", "ioctl", "lseek",
    "getdents64", "recvfrom", "recvmsg", "recvmmsg", "sendto", "sendmsg", "sendmmsg", "read", "readv", "pread",
    "preadv", "write", "writev", "pwrite", "pwritev", "recv", "send", "sendfile", "switch", "clone", "clone3", "dup",
})  # fmt: skip

#: Fields that tell whether a call succeeded.
EXIT_RESULTS = ("evt.res", "evt.rawres", "evt.failed", "evt.arg.res")

_TYPES = "Begin with the event types that the rule is about: `evt.type in (execve, execveat)`, or a macro for them."


@lint(
    "MEWS_NO_EVENT_TYPE",
    Severity.WARNING,
    "The condition asks for no event type",
    whole_rule=True,
    hint=_TYPES + " Without one, Falco runs the rule on every event.",
    bad={"condition": "proc.name = systemctl"},
    good={"condition": "evt.type in (execve, execveat) and proc.name = systemctl"},
)
def no_event_type(subject: Subject) -> Iterator[Remark]:
    if subject.rule.source != "syscall" or subject.tree is None or subject.events is not None:
        return
    if any(isinstance(node, Identifier) and node.name not in subject.context.macros for node in subject.nodes):
        return
    bare = [branch for branch in subject.branches if not _speaks_of_events(branch, subject)]
    if len(bare) < len(subject.branches):
        for branch in bare:
            yield Remark("This alternative asks for no event type, so that the rule runs on every event.", branch[0])
    else:
        yield Remark("Nothing restricts the rule to some event types: it runs on every event.")


def _speaks_of_events(branch: tuple[Node, ...], subject: Subject) -> bool:
    """Whether an alternative asks for event types, or rules some out, which is another lint's affair."""
    return any(events_of(subject.of(clause)) is not None or rules_out_events(clause, subject) for clause in branch)


@lint(
    "MEWS_EVENT_TYPE_NOT_FIRST",
    Severity.ADVICE,
    "The event type does not come first",
    whole_rule=True,
    hint="Put the check of evt.type, or the macro that holds it, in front: readers look for it there.",
    bad={"condition": "proc.name = systemctl and evt.type in (execve, execveat)"},
    good={"condition": "evt.type in (execve, execveat) and proc.name = systemctl"},
    safe=True,
)
def event_type_not_first(subject: Subject) -> Iterator[Remark]:
    tops = subject.tree.args if isinstance(subject.tree, Or) else (subject.tree,)
    for chain in (top for top in tops if isinstance(top, And)):
        restricting = [events_of(subject.of(clause)) is not None for clause in chain.args]
        if True in restricting and not restricting[0]:
            place = restricting.index(True)
            change = Move(chain, place, to_front=True)
            message = "The clause with the event type stands behind others."
            yield Remark(message, chain.args[place], fix="Put it first", change=change)


@lint(
    "MEWS_EVENT_TYPE_NEGATIVE",
    Severity.WARNING,
    "An event type is ruled out instead of asked for",
    whole_rule=True,
    hint="Name the event types that the rule is about: Falco runs the rule on all those that are not ruled out.",
    bad={"condition": "evt.type != openat and proc.name = systemctl"},
    good={"condition": "evt.type in (execve, execveat) and proc.name = systemctl"},
)
def event_type_negative(subject: Subject) -> Iterator[Remark]:
    for node in subject.nodes:
        if isinstance(node, Compare | Not) and rules_out_events(node, subject):
            yield Remark(f"`{brief(node)}` leaves the rule all other event types.", node)


def rules_out_events(node: Node, subject: Subject) -> bool:
    """Whether a clause asks for all event types but some; `not evt.type != open` asks for one."""
    return is_event_check(inner(node)) and rules_out(node) and not subject.is_negated(node)


@lint(
    "MEWS_EVENT_FAMILY",
    Severity.ADVICE,
    "A variant of the system call is missing",
    hint="Programs and libraries choose freely between the variants of a system call; ask for all of them.",
    bad={"condition": "evt.type = open and fd.name = /etc/default/grub"},
    good={"condition": "evt.type in (open, openat, openat2) and fd.name = /etc/default/grub"},
)
def event_family(subject: Subject) -> Iterator[Remark]:
    named = {
        name
        for node in subject.whole_nodes
        if isinstance(node, Compare) and _asks_for_events(node)
        for name in literals(node)
    }
    comparisons = [node for node in subject.comparisons if _asks_for_events(node) and not subject.is_negated(node)]
    asked = [(node, literals(node)) for node in comparisons]
    for family in FAMILIES:
        missing = [name for name in family if name not in named]
        node, here = next(((one, here) for one, here in asked if not set(family).isdisjoint(here)), (None, ()))
        if node is not None and missing and here != ("execveat",):
            fixed = to_text(Compare(node.left, "in", ValueList((*here, *missing))))
            known = series([name for name in family if name in named])
            lacking = f"{do(missing)} the same as {known}, and {do(missing, 'is', 'are')} not asked for"
            yield Remark(f"{series(missing)} {lacking}.", node, fixed, "Add the variants")


def _asks_for_events(node: Compare) -> bool:
    return is_event_check(node) and node.op in ("=", "==", "in")


@lint(
    "MEWS_EVENT_IGNORED",
    Severity.WARNING,
    "Falco does not watch this system call unless told to",
    hint=(
        "Set base_syscalls.all: true in falco.yaml (Falco before 0.41: start it with -A), at a cost in speed, or ask "
        "for the opening of the file instead, as the macros open_read and open_write do."
    ),
    bad={"condition": "evt.type in (write, writev) and fd.name = /etc/default/grub"},
    good={"condition": "evt.type in (open, openat, openat2) and fd.name = /etc/default/grub"},
)
def event_ignored(subject: Subject) -> Iterator[Remark]:
    if subject.context.all_system_calls:
        return
    ignored = versions.ignored_by_default()
    for node in subject.comparisons:
        found = [name for name in literals(node) if name in ignored] if _asks_for_events(node) else []
        if found:
            yield Remark(f"By default no event of type {series(found)} reaches the rule.", node)


@lint(
    "MEWS_EVENT_BUSY",
    Severity.ADVICE,
    "A busy system call without anything that narrows it",
    whole_rule=True,
    hint="Add a clause on the file, the process or the connection; this would fire thousands of times a second.",
    bad={"condition": "evt.type in (open, openat, openat2) and evt.is_open_read = true"},
    good={"condition": "evt.type in (open, openat, openat2) and fd.name startswith /etc/pam.d/"},
)
def event_busy(subject: Subject) -> Iterator[Remark]:
    busy = sorted(BUSY & (subject.events or frozenset()))
    if busy and not any(map(_narrows, subject.fields)):
        yield Remark(f"Nothing narrows {series(busy)}, of which every host has very many.")


def _narrows(field: str) -> bool:
    """Whether a field tells events of one type well apart."""
    if field.startswith("evt."):
        return field.startswith(("evt.arg", "evt.rawarg", "evt.abspath", "evt.buf", "evt.info"))
    return field not in ("fd.num", "fd.typechar", "fd.type", "syscall.type")


@lint(
    "MEWS_CONTAINER_NOT_ASKED",
    Severity.ADVICE,
    "Tagged for containers only, but not restricted to them",
    hint="Add the macro `container` to the condition, or the tag `host`.",
    place="tags",
    bad={"tags": ("container", "process", "mitre_impact", "T1490")},
    good={
        "tags": ("container", "process", "mitre_impact", "T1490"),
        "condition": "evt.type in (execve, execveat) and container.id != host and proc.name = systemctl",
    },
)
def container_not_asked(subject: Subject) -> Iterator[Remark]:
    given = subject.rule.tags
    asks = any(name.startswith(("container.", "k8s.")) for name in subject.fields)
    named = any(isinstance(node, Identifier) and node.name.startswith("container") for node in subject.nodes)
    if "container" in given and "host" not in given and subject.tree is not None and not asks and not named:
        yield Remark("The tags say container and not host, yet the condition holds on hosts too.")


@lint(
    "MEWS_HOST_EXCLUDED",
    Severity.ADVICE,
    "Tagged for hosts, but restricted to containers",
    hint="Drop the tag `host`, or the clause that asks for a container.",
    place="tags",
    bad={"condition": "evt.type in (execve, execveat) and container.id != host and proc.name = systemctl"},
    good={
        "tags": ("container", "process", "mitre_impact", "T1490"),
        "condition": "evt.type in (execve, execveat) and container.id != host and proc.name = systemctl",
    },
)
def host_excluded(subject: Subject) -> Iterator[Remark]:
    if "host" in subject.rule.tags and _in_containers_only(subject):
        yield Remark("The tags say host, yet the condition holds in containers only.")


@lint(
    "MEWS_CONTAINER_TAG_MISSING",
    Severity.ADVICE,
    "Restricted to containers, but not tagged for them",
    hint="Add the tag container: people pick rules for their clusters by it.",
    place="tags",
    bad={
        "tags": ("process", "mitre_impact", "T1490"),
        "condition": "evt.type in (execve, execveat) and container.id != host and proc.name = systemctl",
    },
    good={
        "tags": ("container", "process", "mitre_impact", "T1490"),
        "condition": "evt.type in (execve, execveat) and container.id != host and proc.name = systemctl",
    },
)
def container_tag_missing(subject: Subject) -> Iterator[Remark]:
    given = subject.rule.tags
    if given and {"host", "container"}.isdisjoint(given) and _in_containers_only(subject):
        fixed = ", ".join(tags.order([*given, "container"]))
        yield Remark("The condition holds in containers only, and no tag says so.", None, fixed, "Add container")


def _in_containers_only(subject: Subject) -> bool:
    """Whether each alternative of the condition asks for a container, itself or by a macro."""
    alternatives = [[one for clause in branch for one in conjuncts(subject.of(clause))] for branch in subject.branches]
    return bool(alternatives) and all(any(map(_asks_for_container, clauses)) for clauses in alternatives)


def _asks_for_container(clause: Node) -> bool:
    check = inner(clause)
    if not isinstance(check, Compare):
        return clause == Identifier("container")
    about_host = check.left == Field("container.id") and literals(check) == ("host",)
    return about_host and isinstance(clause, Not) is not (check.op == "!=")
