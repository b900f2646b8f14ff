"""What changed between two states of a rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules_export.compare.difference import Effect, meaning_diff
from rules_export.ruleset.model import Rule, RuleException

RULE = Rule(
    name="A rule",
    condition="spawned_process and proc.name in (rm, dd)",
    output="Removed | user=%user.name",
    desc="Says so.",
    priority="NOTICE",
    tags=("host", "T1490"),
    exceptions=(RuleException("users", "user.name", "in", ("root",)),),
)


@pytest.mark.parametrize(
    ("change", "says", "effect"),
    [
        ({"condition": "spawned_process and proc.name in (rm)"}, "In `proc.name in (…)` dd is gone.", Effect.FEWER),
        (
            {"condition": "spawned_process and proc.name in (rm, dd, mv)"},
            "In `proc.name in (…)` mv is new.",
            Effect.MORE,
        ),
        (
            {"condition": "spawned_process and proc.name in (rm, dd) and proc.args contains x"},
            "The clause `proc.args contains x` is new.",
            Effect.FEWER,
        ),
        ({"condition": "spawned_process"}, "The clause `proc.name in (rm, dd)` is gone.", Effect.MORE),
        (
            {"condition": "(spawned_process and proc.name in (rm, dd)) or open_write"},
            "The alternative `open_write` is new.",
            Effect.MORE,
        ),
        (
            {"condition": "proc.name in (rm, dd) and spawned_process"},
            "The order of the clauses changed.",
            Effect.SAME,
        ),
        ({"condition": "spawned_process and ("}, "The condition changed.", Effect.OTHER),
        ({"exceptions": ()}, "The exception users is gone.", Effect.MORE),
        (
            {"exceptions": (RuleException("users", "user.name", "in", ("root", "ada")),)},
            "The exception users now also excludes ada.",
            Effect.FEWER,
        ),
        (
            {"exceptions": (RuleException("users", "user.uid", "in", ("0",)),)},
            "The exception users looks at other fields.",
            Effect.OTHER,
        ),
        ({"priority": "critical"}, "The priority is CRITICAL, it was NOTICE. It is more urgent.", Effect.SAME),
        ({"tags": ("host",)}, "Tags gone: T1490.", Effect.SAME),
        ({"enabled": False}, "The rule is disabled.", Effect.FEWER),
        ({"desc": "Says more."}, "The description changed.", Effect.SAME),
        ({"source": "okta"}, "The source is okta, it was syscall.", Effect.OTHER),
        (
            {"warn_evttypes": False},
            "Falco no longer warns where the condition fits nearly every event type.",
            Effect.SAME,
        ),
        (
            {"skip_if_unknown_filter": True},
            "A Falco that does not know one of its fields leaves the rule out.",
            Effect.OTHER,
        ),
        ({"capture": True}, "An alert starts a capture.", Effect.SAME),
        (
            {"capture_duration": 5000},
            "A capture lasts 5,000 ms, it was as long as Falco's settings say.",
            Effect.SAME,
        ),
    ],
)
def test_it_tells_what_changed(change: dict[str, object], says: str, effect: Effect) -> None:
    (found,) = meaning_diff(RULE, replace(RULE, **change))  # type: ignore[arg-type]
    assert (found.says, found.effect) == (says, effect)


@pytest.mark.parametrize(
    "change",
    [
        {"condition": "spawned_process\n  and (proc.name in ('rm', \"dd\"))"},
        {"priority": "notice"},
        {"desc": "Says\nso."},
        {"tags": ("T1490", "host")},
    ],
)
def test_it_is_silent_where_the_meaning_stays(change: dict[str, object]) -> None:
    assert meaning_diff(RULE, replace(RULE, **change)) == ()  # type: ignore[arg-type]


CONDITIONS = st.sampled_from(
    ["a", "b", "a and b", "b and a", "a or b", "(a and b) or c", "a and (b or c)", "x.y in (1, 2)"]
)


@given(CONDITIONS, CONDITIONS)
def test_it_never_overlooks_another_tree(one: str, other: str) -> None:
    assert bool(meaning_diff(replace(RULE, condition=one), replace(RULE, condition=other))) == (one != other)
