"""What changed in a condition, clause by clause; and that no event ever contradicts what is said of it."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules_export.emit.change import Effect
from rules_export.emit.clauses import condition_changes
from rules_export.emit.entailing import MOST_PARTS, entails, put_in
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


VALUES = (None, "a", "ab", "b", "bab")
EVENTS = [{"proc.name": one, "user.name": other} for one, other in itertools.product(VALUES, repeat=2)]
WORDS = st.sampled_from(VALUES[1:])
LISTS = st.lists(WORDS, min_size=1, max_size=3, unique=True).map(", ".join)
PLAIN = st.sampled_from(["=", "!=", "startswith", "endswith", "contains", "icontains"])
ASKED = st.one_of(
    st.builds("{} {}".format, PLAIN, WORDS),
    st.builds("{} ({})".format, st.sampled_from(["in", "intersects", "pmatch"]), LISTS),
    st.just("exists"),
)
CHECKS = st.builds("{} {}".format, st.sampled_from(["proc.name", "user.name"]), ASKED)


def joined(inner):
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        st.builds(lambda word, parts: f"({f' {word} '.join(parts)})", st.sampled_from(["and", "or"]), several),
        st.builds("not {}".format, inner),
    )


CLAUSES = st.recursive(CHECKS, joined, max_leaves=5)


@given(st.sampled_from(["and", "or"]), st.lists(CLAUSES, min_size=1, max_size=3), CLAUSES, CLAUSES, st.integers(0, 3))
def test_no_event_contradicts_what_is_said(word, parts, more, other, way):
    changed = [[*parts, more], parts[1:] or [more], [f"({parts[0]} {word} {more})", *parts[1:]], [more, other]][way]
    old, new = (f" {word} ".join(one) for one in (parts, changed))
    effects = {one.effect for one in condition_changes(old, new)}
    before, after = (
        {number for number, event in enumerate(EVENTS) if matcher.decides(event)}
        for matcher in (compile_condition(parse(one)) for one in (old, new))
    )
    if effects <= {Effect.FEWER, Effect.SAME}:
        assert after <= before
    if effects <= {Effect.MORE, Effect.SAME}:
        assert before <= after
