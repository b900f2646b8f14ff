"""How much a condition catches: too much, the same twice, or more than its author sees."""

from __future__ import annotations

from collections.abc import Iterator

from rules_export.falco_checks.event_types import numbers_of
from rules_export.findings import Severity
from rules_export.language.ast import And, Compare, Exists, Field, Identifier, Node, Not, Operand, Or, Value
from rules_export.language.extent import parenthesised
from rules_export.language.printer import to_text
from rules_export.lints.claims import follows
from rules_export.lints.context import (
    Subject,
    beginning,
    conjuncts,
    events_of,
    inner,
    is_event_check,
    literals,
    rules_out,
)
from rules_export.lints.families.events import BUSY, EXIT_RESULTS
from rules_export.lints.fixes import Drop, Move, Swap
from rules_export.lints.registry import Remark, lint
from rules_export.lints.wording import brief, series

_EXEC = "evt.type in (execve, execveat) and "
_OPENING = frozenset({"open", "openat", "openat2"})
#: System calls that ordinary programs make all day, besides those of which there are thousands a second.
COMMON = BUSY | {
    "execve", "connect", "accept", "accept4", "socket", "unlink", "unlinkat", "rename", "renameat",
    "renameat2", "mkdir", "mkdirat", "symlink", "symlinkat", "chmod", "fchmod", "fchmodat", "creat", "dup2", "dup3",
}  # fmt: skip
#: Fields that only tell kinds of one event apart.
_COARSE = ("fd.num", "fd.typechar", "fd.type", "container.id", *EXIT_RESULTS)
#: Alternatives beyond this many are not compared with each other.
_MOST = 30
#: Groups nested deeper than this are hard to read.
DEEPEST = 4


@lint(
    "MEWS_NOTHING_ASKED_FOR",
    Severity.ADVICE,
    "A common event with nothing but exclusions",
    whole_rule=True,
    hint="Say what the rule looks for: a program, a path, an address. Excluding what is known never comes to an end.",
    bad={"condition": _EXEC + "not proc.name in (apt, dpkg)"},
    good={"condition": _EXEC + "proc.name = systemctl and not proc.pname in (apt, dpkg)"},
)
def nothing_asked_for(subject: Subject) -> Iterator[Remark]:
    if subject.rule.source != "syscall":
        return
    for branch in subject.branches:
        whole = [one for clause in branch for one in conjuncts(subject.of(clause))]
        events = [found for one in whole if (found := events_of(one)) is not None]
        common = frozenset.intersection(*events) & COMMON if events else frozenset[str]()
        excluding = [one for one in whole if _excludes(one) and not beginning(inner(one)).startswith("evt.")]
        if common and excluding and all(_excludes(one) or _only_kind(one) for one in whole):
            yield Remark(f"Of {series(sorted(common))} it takes all but what is excluded.", branch[0])


def _excludes(clause: Node) -> bool:
    check = inner(clause)
    if not isinstance(check, Compare) or not rules_out(clause):
        return False
    return isinstance(clause, Not) or beginning(check) not in _COARSE


def _only_kind(clause: Node) -> bool:
    if is_event_check(clause):
        return True
    if isinstance(clause, Exists):
        return isinstance(clause.left, Field) and clause.left.arg is None
    if isinstance(clause, Compare) and isinstance(clause.left, Field):
        return clause.left.name in _COARSE or clause.left.name.startswith("evt.is_")
    return events_of(clause) is not None


@lint(
    "MEWS_OPEN_FAILED_TOO",
    Severity.ADVICE,
    "Also counts files that could not be opened",
    whole_rule=True,
    hint="Add `fd.num >= 0`, or use open_read or open_write, which hold it. For failed attempts ask for `fd.num < 0`.",
    bad={"condition": "evt.type in (open, openat, openat2) and fd.name startswith /etc/pam.d/"},
    good={"condition": "evt.type in (open, openat, openat2) and fd.num >= 0 and fd.name startswith /etc/pam.d/"},
)
def open_failed_too(subject: Subject) -> Iterator[Remark]:
    if subject.fields & {*EXIT_RESULTS, "fd.num"}:
        return
    for branch in subject.branches:
        for clause in branch:
            asks = isinstance(clause, Compare) and is_event_check(clause) and clause.op in ("=", "==", "in")
            if isinstance(clause, Compare) and asks and set(literals(clause)) <= _OPENING:
                fixed = f"{to_text(clause)} and fd.num >= 0"
                if len(branch) == 1 < len(subject.branches) and not parenthesised(subject.rule.condition, clause):
                    fixed = f"({fixed})"
                yield Remark("Opening that failed counts too.", clause, fixed, "Ask for success")
                return


@lint(
    "MEWS_CLAUSE_ALWAYS_TRUE",
    Severity.WARNING,
    "A clause that holds for everything",
    whole_rule=True,
    hint="Leave it out, write what was meant, or `exists`. In an `or` it makes the other members needless.",
    bad={"condition": _EXEC + "proc.name = systemctl and proc.args contains ''"},
    good={"condition": _EXEC + "proc.name = systemctl and proc.args contains disable"},
)
def clause_always_true(subject: Subject) -> Iterator[Remark]:
    for node in subject.nodes:
        if isinstance(node, And | Or):
            for place, arg in enumerate(node.args):
                if _always(arg):
                    change = Drop(node, place) if isinstance(node, And) else None
                    yield Remark(_for_all(arg), arg, fix="Leave it out", change=change)
    if subject.tree is not None and _always(subject.tree):
        yield Remark(_for_all(subject.tree), subject.tree)


def _for_all(clause: Node) -> str:
    counted = isinstance(clause, Compare) and clause.left == Field("evt.num")
    return f"`{brief(clause)}` holds for every event{'' if counted else ' that has the field, as `exists` says'}."


def _always(clause: Node) -> bool:
    match clause:
        case Compare(_, "contains" | "icontains" | "startswith" | "endswith", Value("")):
            return True
        case Compare(Field("evt.num"), op, Value(text)):
            return numbers_of(op, (text,)) is True
    return False


@lint(
    "MEWS_ALTERNATIVE_COVERED",
    Severity.ADVICE,
    "An alternative that another one covers",
    hint="Every event that it catches is caught already. Leave it out, or correct the wider one.",
    bad={"condition": _EXEC + "(proc.name in (systemctl, service) or (proc.name = service and proc.args = stop))"},
    good={"condition": _EXEC + "proc.name in (systemctl, service)"},
)
def alternative_covered(subject: Subject) -> Iterator[Remark]:
    for node in subject.nodes:
        if not isinstance(node, Or) or len(node.args) > _MOST:
            continue
        whole = [conjuncts(subject.of(arg)) for arg in node.args]
        for place, arg in enumerate(node.args):
            wider = next((k for k in range(len(whole)) if k != place and _covers(whole, k, place, node)), None)
            if wider is not None:
                message = f"`{brief(arg)}` adds nothing to `{brief(node.args[wider])}`."
                yield Remark(message, arg, fix="Leave it out", change=Drop(node, place))


def _covers(whole: list[tuple[Node, ...]], wider: int, place: int, node: Or) -> bool:
    """Whether the alternative `wider` catches all that the one at `place` does; other lints' cases are left to them."""
    if node.args[wider] == node.args[place] or set(whole[wider]) <= set(whole[place]):
        return False
    if not all(follows(one, whole[place]) for one in whole[wider]):
        return False
    return place > wider or not all(follows(one, whole[wider]) for one in whole[place])


@lint(
    "MEWS_EXCLUSION_NOT_LAST",
    Severity.ADVICE,
    "An exclusion stands in front of what the rule looks for",
    whole_rule=True,
    hint="Exclusions go to the end as `and not …`: Falco then asks them of few events, and readers find them there.",
    bad={"condition": _EXEC + "not proc.pname = puppet and proc.name = systemctl"},
    good={"condition": _EXEC + "proc.name = systemctl and not proc.pname = puppet"},
    safe=True,
)
def exclusion_not_last(subject: Subject) -> Iterator[Remark]:
    tops = subject.tree.args if isinstance(subject.tree, Or) else (subject.tree,)
    for chain in (top for top in tops if isinstance(top, And)):
        for place, arg in enumerate(chain.args[:-1]):
            later = chain.args[place + 1 :]
            if _is_exclusion(arg) and any(isinstance(one, Compare) and one.op != "!=" for one in later):
                change = Move(chain, place, to_front=False)
                yield Remark(f"`{brief(arg)}` stands before what is looked for.", arg, fix="Move it", change=change)
                break


def _is_exclusion(node: Node) -> bool:
    return isinstance(node, Not) and isinstance(node.arg, Compare) and rules_out(node) and not is_event_check(node.arg)


@lint(
    "MEWS_CONDITION_DEEP",
    Severity.ADVICE,
    "Groups nested more than four deep",
    hint="Give an inner group a name of its own as a macro, or split the rule: nobody reviews what nobody can read.",
    bad={
        "condition": _EXEC + "(proc.name = a or (proc.pname = b and (proc.args = c or (user.name = d and "
        "(proc.tty = 0 or proc.cwd = /tmp/)))))"
    },
    good={"condition": _EXEC + "(proc.name = a or (proc.pname = b and proc.args in (c, d)))"},
)
def condition_deep(subject: Subject) -> Iterator[Remark]:
    waiting: list[tuple[Node, int]] = [(subject.tree, 0)] if subject.tree is not None else []
    while waiting:
        node, depth = waiting.pop()
        below = node.args if isinstance(node, And | Or) else (node.arg,) if isinstance(node, Not) else ()
        deeper = depth + 1 if isinstance(node, And | Or) else depth
        if deeper > DEEPEST + 1:
            yield Remark(f"A group stands {DEEPEST + 1} deep inside others.", node)
            return
        waiting += [(one, deeper) for one in reversed(below)]


@lint(
    "MEWS_MACRO_FITS",
    Severity.ADVICE,
    "Clauses for which there is a macro",
    whole_rule=True,
    hint="Macros are kept up to date in one place, and readers know them by name.",
    bad={"condition": "evt.type in (open, openat) and fd.num >= 0 and fd.name startswith /etc/pam.d/"},
    good={"condition": "open_seen and fd.name startswith /etc/pam.d/"},
)
def macro_fits(subject: Subject) -> Iterator[Remark]:
    macros = subject.context.macros_by_begin
    for node in subject.nodes if macros else ():
        if not isinstance(node, And | Or):
            continue
        for place, arg in enumerate(node.args):
            for name, tree in macros.get(beginning(arg), ()):
                last = place + len(tree.args) - 1
                fits = type(tree) is type(node) and node.args[place : last + 1] == tree.args
                if fits and not any(_names(one, name) for one in subject.nodes):
                    change = Swap(node, place, last, name)
                    yield Remark(f"The macro {name} says this.", arg, fix=f"Use {name}", change=change)
                    return


def _names(node: Node | Operand, name: str) -> bool:
    return isinstance(node, Identifier) and node.name == name
