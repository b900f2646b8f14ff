"""How the clauses of a condition go together: contradictions, repetitions, negations that say more than meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from rules_export.errors import ConditionSyntaxError
from rules_export.findings import Severity
from rules_export.language.ast import And, Compare, Field, Identifier, Node, Not, Or, Value, ValueList
from rules_export.language.extent import parenthesised
from rules_export.language.parser import parse
from rules_export.language.printer import spelled_out, to_text
from rules_export.lints.claims import LIMIT, first_conflict, subject_of
from rules_export.lints.context import Subject, conjuncts, inner, is_event_check, negated, rules_out
from rules_export.lints.fixes import Drop, Wrap
from rules_export.lints.registry import Remark, lint
from rules_export.lints.wording import brief, do

_EXEC = "evt.type in (execve, execveat) and "
#: Two negations in a row; quoted texts are passed over.
_NOT_NOT = re.compile(r"""(["']).*?(?<!\\)\1|(?P<twice>\bnot\s+not(?=[\s(])\s*)""", re.DOTALL)


@lint(
    "MEWS_CONTRADICTION",
    Severity.WARNING,
    "Two clauses that never hold together",
    hint="A field has one value at a time: put the values into one `in (…)`, or the clauses into an `or`.",
    bad={"condition": _EXEC + "proc.name = systemctl and proc.name = service"},
    good={"condition": _EXEC + "proc.name in (systemctl, service)"},
)
def contradiction(subject: Subject) -> Iterator[Remark]:
    waiting: list[tuple[Node, list[tuple[Node, Node]]]] = [(subject.tree, [])] if subject.tree is not None else []
    looked = 0
    while waiting and looked < LIMIT:
        looked += 1
        node, outer = waiting.pop()
        pairs: list[tuple[Node, Node]] = list(outer)
        pairs += [(raw, one) for raw in conjuncts(node) for one in conjuncts(subject.of(raw))]
        conflict = first_conflict([one for _, one in pairs], len(outer))
        if conflict is not None:
            first, second = (pairs[place][0] for place in conflict)
            where = "" if first is second else f" beside `{brief(first)}`"
            yield Remark(f"`{brief(second)}` can never hold{where}.", second)
            continue
        alternatives = [raw for raw, one in pairs[len(outer) :] if isinstance(one, Or) and isinstance(raw, Or)]
        simple: list[tuple[Node, Node]] = [(raw, one) for raw, one in pairs if not isinstance(one, Or)]
        waiting += [(arg, simple) for alternative in alternatives for arg in reversed(alternative.args)]


@lint(
    "MEWS_ALWAYS_TRUE",
    Severity.WARNING,
    "An `or` that always holds",
    hint="`a != x or a != y` holds for every value of a; to rule out both write `not a in (x, y)`.",
    bad={"condition": _EXEC + "(proc.name != systemctl or proc.name != service)"},
    good={"condition": _EXEC + "proc.name = systemctl and not proc.pname in (puppet, chef-client)"},
)
def always_true(subject: Subject) -> Iterator[Remark]:
    for node in subject.nodes:
        if isinstance(node, Or):
            for one, other in combinations(node.args[:LIMIT], 2):
                if negated(one) == other or negated(other) == one or _rule_out_different(one, other):
                    yield Remark(f"`{brief(one)} or {brief(other)}` holds whatever the value is.", other)
                    break


def _rule_out_different(one: Node, other: Node) -> bool:
    first, second = _ruled_out(one), _ruled_out(other)
    return bool(first and second) and subject_of(one) == subject_of(other) is not None and not first & second


def _ruled_out(clause: Node) -> frozenset[str]:
    if isinstance(clause, Not) and isinstance(clause.arg, Compare) and clause.arg.op in ("=", "==", "in"):
        right = clause.arg.right
    elif isinstance(clause, Compare) and clause.op == "!=":
        right = clause.right
    else:
        return frozenset()
    if isinstance(right, ValueList):
        return frozenset(right.items)
    return frozenset([right.text]) if isinstance(right, Value) else frozenset()


@lint(
    "MEWS_OR_NEGATION",
    Severity.ADVICE,
    "A negation inside an `or`",
    hint="An `or` with a negated member holds for nearly everything; exclude with `and not …` at the end.",
    bad={"condition": _EXEC + "(proc.name = systemctl or not proc.pname = puppet)"},
    good={"condition": _EXEC + "proc.name = systemctl and not proc.pname = puppet"},
)
def or_negation(subject: Subject) -> Iterator[Remark]:
    for node in subject.nodes:
        if isinstance(node, Or):
            for arg in node.args:
                if rules_out(arg) and not is_event_check(inner(arg)):
                    yield Remark(f"`or {brief(arg)}` holds for nearly every event.", arg)


@lint(
    "MEWS_DOUBLE_NEGATION",
    Severity.ADVICE,
    "A double negation",
    hint="`not a != b` also holds where the event has no a at all. Say `a = b`, or `not a exists or a = b`.",
    bad={"condition": _EXEC + "not proc.name != systemctl"},
    good={"condition": _EXEC + "proc.name = systemctl"},
)
def double_negation(subject: Subject) -> Iterator[Remark]:
    yield from _written_twice(subject)
    for node in subject.nodes:
        if isinstance(node, Not) and isinstance(node.arg, Not):
            straight = spelled_out(node.arg.arg)
            fixed = f"({straight})" if isinstance(node.arg.arg, And | Or) else straight
            yield Remark(f"`{brief(node)}` negates twice.", node, fixed, "Take both out")
        if isinstance(node, Not) and isinstance(node.arg, Compare) and node.arg.op == "!=":
            straight = to_text(Compare(node.arg.left, "=", node.arg.right))
            yield Remark(f"`{brief(node)}` negates twice.", node, straight, f"Write `{brief(straight)}`")


def _written_twice(subject: Subject) -> Iterator[Remark]:
    """`not not`, which Falco reads as nothing, so that the tree does not show it."""
    text = subject.rule.condition
    fixed = _NOT_NOT.sub(lambda found: "" if found["twice"] else found[0], text)
    if subject.tree is not None and fixed != text and _reads_as(fixed, subject.tree):
        yield Remark("`not not` says nothing.", None, fixed, "Take both out")


def _reads_as(text: str, tree: Node) -> bool:
    try:
        return to_text(parse(text)) == to_text(tree)  # trees may be too deep to compare
    except ConditionSyntaxError:
        return False


@lint(
    "MEWS_DUPLICATE_CLAUSE",
    Severity.ADVICE,
    "A clause stands there twice",
    hint="Leave one of them out.",
    bad={"condition": _EXEC + "proc.name = systemctl and proc.name = systemctl"},
    good={"condition": _EXEC + "proc.name = systemctl"},
    safe=True,
)
def duplicate_clause(subject: Subject) -> Iterator[Remark]:
    for node in subject.nodes:
        if isinstance(node, And | Or) and len(dict.fromkeys(node.args)) < len(node.args):
            place = next(place for place, arg in enumerate(node.args) if arg in node.args[:place])
            message, change = f"`{brief(node.args[place])}` stands there twice.", Drop(node, place)
            yield Remark(message, node.args[place], fix="Leave the repetition out", change=change)


@lint(
    "MEWS_REDUNDANT_CLAUSE",
    Severity.ADVICE,
    "A clause that changes nothing",
    hint="Leave the longer one out, or correct the shorter one.",
    bad={"condition": _EXEC + "(proc.name = systemctl or (proc.name = systemctl and proc.args contains stop))"},
    good={"condition": _EXEC + "proc.name = systemctl and proc.args contains stop"},
)
def redundant_clause(subject: Subject) -> Iterator[Remark]:
    for node in subject.nodes:
        if isinstance(node, And | Or):
            other = Or if isinstance(node, And) else And
            sets = [frozenset(arg.args if isinstance(arg, other) else (arg,)) for arg in node.args[:LIMIT]]
            for place, arg in enumerate(node.args[:LIMIT]):
                wider = [k for k, one in enumerate(sets) if one < sets[place]]
                if wider:
                    short, change = brief(node.args[wider[0]]), Drop(node, place)
                    message = f"`{brief(arg)}` changes nothing beside `{short}`."
                    yield Remark(message, arg, fix="Leave it out", change=change)


@lint(
    "MEWS_NEVER_HOLDS",
    Severity.WARNING,
    "A condition, or an alternative of it, that never holds",
    whole_rule=True,
    hint="Fill the values in, or put `not` in front: never_true and `in ()` are places for exclusions yet to come.",
    bad={"condition": _EXEC + "proc.name = systemctl and proc.pname in ()"},
    good={"condition": _EXEC + "proc.name = systemctl and not proc.pname in ()"},
)
def never_holds(subject: Subject) -> Iterator[Remark]:
    for clause in conjuncts(subject.tree) if subject.tree is not None else ():
        if any(_never(one) for one in conjuncts(subject.of(clause))):
            yield Remark(f"`{brief(clause)}` holds for no event, so the rule never fires.", clause)
    for node in (one for one in subject.nodes if isinstance(one, Or)):
        for place, arg in enumerate(node.args):
            dead = next((one for one in conjuncts(arg) if _never(one)), None)
            if dead is not None:
                message = f"`{brief(dead)}` holds for no event, so this alternative is never reached."
                yield Remark(message, arg, fix="Leave the alternative out", change=Drop(node, place))


def _never(clause: Node) -> bool:
    match clause:
        case Identifier("never_true") | Compare(_, "in" | "intersects" | "pmatch", ValueList(())):
            return True
        case Compare(Field("evt.num"), "=" | "==", Value("0")):
            return True
    return False


@lint(
    "MEWS_MIXED_WITHOUT_PARENTHESES",
    Severity.ADVICE,
    "`and` and `or` without parentheses",
    hint="`and` binds more tightly than `or`. Put parentheses around what belongs together, for the next reader.",
    bad={"condition": _EXEC + "proc.name = systemctl or evt.type in (execve, execveat) and proc.name = service"},
    good={"condition": _EXEC + "(proc.name = systemctl or proc.name = service)"},
    safe=True,
)
def mixed_without_parentheses(subject: Subject) -> Iterator[Remark]:
    for node in subject.nodes:
        if isinstance(node, Or):
            text = subject.rule.condition
            bare = [at for at, arg in enumerate(node.args) if isinstance(arg, And) and not parenthesised(text, arg)]
            if bare:
                first = node.args[bare[0]]
                others = f", and so {do(bare[1:])} {len(bare) - 1} more" if len(bare) > 1 else ""
                message = f"`{brief(first)}` counts as one member of the `or`{others}."
                yield Remark(message, first, fix="Add parentheses", change=Wrap(node, tuple(bare)))
