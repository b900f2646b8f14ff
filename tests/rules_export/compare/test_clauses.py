"""What changed in a condition, clause by clause; and that no event ever contradicts what is said of it."""

from __future__ import annotations

import itertools
import random

import pytest

from rules_export.compare.change import Effect
from rules_export.compare.clauses import condition_changes
from rules_export.compare.entailing import MOST_PARTS, entails, put_in
from rules_export.evaluation.matcher import compile_condition
from rules_export.language.parser import parse
from rules_export.language.visitor import walk
from rules_export.ruleset.model import List, Macro

WIDER = [
    ("evt.type = open and proc.name = rm", "evt.type = open and proc.name in (rm, dd)"),
    ("evt.type = open and proc.name = rm", "evt.type = open and proc.name exists"),
    ("fd.name startswith /etc/ssh", "fd.name startswith /etc"),
    ("evt.type = open and not fd.name = a", "evt.type = open and not (fd.name = a and user.name = c)"),
    ("(proc.name = a and fd.name = x) or user.name = a", "proc.name = a or user.name = a"),
]


@pytest.mark.parametrize(("small", "large"), WIDER)
def test_it_tells_wider_from_narrower(small, large):
    (grown,), (shrunk,) = condition_changes(small, large), condition_changes(large, small)
    assert (grown.effect, shrunk.effect) == (Effect.MORE, Effect.FEWER)
    assert grown.says.endswith(f"`{grown.before}` is widened to `{grown.after}`.")
    assert shrunk.says.endswith(f"`{grown.after}` is narrowed to `{grown.before}`.")


@pytest.mark.parametrize(
    ("old", "new", "says", "effect"),
    [
        ("not proc.name in (a)", "not proc.name in (a, b)", "In `not proc.name in (…)` b is new.", Effect.FEWER),
        ("not proc.name in (a, b, c)", "not proc.name in (a)", "In `not proc.name in (…)` b, c are gone.", Effect.MORE),
        (
            "evt.type = open and (fd.name = a or fd.name = b)",
            "evt.type = open and (fd.name = a or fd.name = b or user.name = c)",
            "In `fd.name = a or …`: the alternative `user.name = c` is new.",
            Effect.MORE,
        ),
        (
            "(fd.name = a and proc.name = b and user.name = c) or proc.name = x",
            "(fd.name = a and proc.name = b and user.name in (c, d)) or proc.name = x",
            "In `fd.name = a and …`: the clause `user.name = c` is widened to `user.name in (c, d)`.",
            Effect.MORE,
        ),
        (
            "spawned_process and proc.name = x",
            "evt.type in (execve, execveat) and proc.name = x",
            "The clause `spawned_process` is written otherwise: `evt.type in (execve, execveat)`.",
            Effect.SAME,
        ),
        (
            "proc.name = a or proc.name = b",
            "proc.name in (b, a)",
            "The condition is written otherwise and matches the same events.",
            Effect.SAME,
        ),
    ],
)
def test_it_says_what_became_of_a_clause(old, new, says, effect):
    (found,) = condition_changes(old, new)
    assert (found.says, found.effect) == (says, effect)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fd.sip in val(fd.lip)", "fd.sip in (1.2.3.4)"),
        ("evt.type = arch_prctl", "evt.type != clock_gettime"),
        ("not proc.name startswith a", "not proc.name = b"),
        ("proc.aname = a", "not proc.aname = b"),
    ],
)
def test_it_claims_nothing_where_falco_has_its_own_ways(one, other):
    assert not entails(parse(one), parse(other))


def test_a_list_that_names_itself_and_macros_that_multiply_end():
    lists = (List("loop", ("a", "loop", "b")), List("twice", ("loop", "loop", "c")))
    assert put_in(parse("proc.name in (twice)"), lists) == parse("proc.name in (a, b, c)")
    bomb = [Macro("m0", "proc.name = a and user.name = b")]
    bomb += [Macro(f"m{n}", f"m{n - 1} and (m{n - 1} or m{n - 1})") for n in range(1, 40)]
    tree = parse("m39")
    assert sum(1 for _ in walk(put_in(tree, tuple(bomb)))) <= MOST_PARTS
    circle = (Macro("one", "two"), Macro("two", "one"))
    assert entails(put_in(parse("one"), circle), put_in(parse("one"), circle))


def test_each_of_many_changed_alternatives_is_told_by_itself():
    old, new = (
        "spawned_process and ("
        + " or ".join(f"(proc.name = t{n} and proc.args contains {word}{n})" for n in range(40))
        + ")"
        for word in ("a", "b")
    )
    found = list(condition_changes(f"{old} and user.name = x", f"{new} and user.name = x"))
    assert len(found) == 2
    kept = new.replace("contains b0)", "contains a0)").replace("contains b1)", "contains a1)")
    half = " or ".join(kept.split(" or ")[:2] + old.split(" or ")[2:20] + new.split(" or ")[20:])
    told = [one.says for one in condition_changes(old, half)]
    assert len(told) == 40
    assert told[0] == "In `proc.name = t20 and …`: the clause `proc.args contains a20` is gone."


VALUES = (None, "a", "ab", "b", "bab")
EVENTS = [{"proc.name": one, "user.name": other} for one, other in itertools.product(VALUES, repeat=2)]
PLAIN = ("=", "!=", "startswith", "endswith", "contains", "icontains")
LISTED = ("in", "intersects", "pmatch")


def check(dice):
    field, words = dice.choice(["proc.name", "user.name"]), dice.sample(VALUES[1:], dice.randint(1, 3))
    asked = [f"{dice.choice(PLAIN)} {words[0]}", f"{dice.choice(LISTED)} ({', '.join(words)})", "exists"]
    return f"{field} {dice.choice(asked)}"


def clause(dice, depth=2):
    if depth == 0 or dice.random() < 0.3:
        return check(dice)
    if dice.random() < 0.3:
        return f"not {clause(dice, depth - 1)}"
    parts = [clause(dice, depth - 1) for _ in range(dice.randint(2, 3))]
    word = dice.choice([" and ", " or "])
    return f"({word.join(parts)})"


@pytest.mark.parametrize("seed", range(4))
def test_no_event_contradicts_what_is_said(seed):
    dice = random.Random(seed)
    for _ in range(60):
        word, parts = dice.choice(["and", "or"]), [clause(dice) for _ in range(dice.randint(1, 3))]
        more, other = clause(dice), clause(dice)
        widened = [f"({parts[0]} {dice.choice(['and', 'or'])} {more})", *parts[1:]]
        changed = dice.choice([[*parts, more], parts[1:] or [more], widened, [more, other]])
        old, new = (f" {word} ".join(one) for one in (parts, changed))
        effects = {one.effect for one in condition_changes(old, new)}
        before, after = (
            {number for number, event in enumerate(EVENTS) if matcher.decides(event)}
            for matcher in (compile_condition(parse(one)) for one in (old, new))
        )
        if effects <= {Effect.FEWER, Effect.SAME}:
            assert after <= before, (old, new)
        if effects <= {Effect.MORE, Effect.SAME}:
            assert before <= after, (old, new)
