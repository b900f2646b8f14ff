"""Lists are put in as text, macros as trees."""

from __future__ import annotations

import random

import pytest

from rules_export.errors import FatalLoadError
from rules_export.language.printer import to_text
from rules_export.ruleset.collector import ListInfo, MacroInfo
from rules_export.ruleset.context import SourceFile, file_context
from rules_export.ruleset.lists import ListTable
from rules_export.ruleset.resolver import MacroTable, Memory, ParsedMacro, UnresolvedError

PLACE = file_context(SourceFile("", ""))


def table(**lists):
    return ListTable(ListInfo(name, items, PLACE, at, at) for at, (name, items) in enumerate(lists.items()))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("proc.name in (w)", "proc.name in ( curl, wget )"),
        ("proc.name in (a, w,b)", "proc.name in (a, curl, wget ,b)"),
        ("proc.name in (none, a)", "proc.name in (   a)"),
        ("proc.name in (a, none, b)", "proc.name in (a  , b)"),
        ("proc.name = one", "proc.name = ssh "),
        ("proc.cmdline contains 'run one fast'", "proc.cmdline contains 'run ssh fast'"),
        ("one and one", "ssh and ssh "),
        ("proc.name in (said)", 'proc.name in ( "two words", "quoted one" )'),
        ("proc.name in (won)", "proc.name in (won)"),
        ("x.one one-x", "x.one one-x"),
        ("one one one", "ssh one ssh "),
        ("", ""),
    ],
)
def test_it_puts_lists_in_wherever_their_name_stands_alone(condition, expected):
    lists = table(w=["curl", "wget"], none=[], one=["ssh"], said=["two words", '"quoted one"'])
    assert lists.substitute(condition) == expected


def literally(condition, name, items):
    """What the engine does, step by step, on one list."""
    blanks, delimiters = " \t\n\r", " \t\n\r(),="
    start = condition.find(name)
    while start >= 0:
        end = start + len(name)
        if (start == 0 or condition[start - 1] in delimiters) and (
            end >= len(condition) or condition[end] in delimiters
        ):
            while start > 0 and condition[start - 1] in blanks:
                start -= 1
            while end < len(condition) and condition[end] in blanks:
                end += 1
            if not items:
                if start > 0 and condition[start - 1] == ",":
                    start -= 1
                elif end < len(condition) and condition[end] == ",":
                    end += 1
            condition = (condition[:start] + " " if start > 0 else "") + items + " " + condition[end:]
            start += len(items) + 1
        start = condition.find(name, start + 1)
    return condition


def test_it_replaces_in_one_pass_what_the_engine_replaces_step_by_step():
    chance = random.Random(7)
    for _ in range(3000):
        condition = "".join(chance.choices("nn ,(a\t=", k=chance.randrange(12)))
        items = chance.choice([[], ["x"], ["x", "y z"], ["n"], ["a\t"]])
        name = chance.choice(["n", "nn", "n n", "a"])
        text = ", ".join(f'"{item}"' if " " in item else item for item in items)
        expected = literally(condition, name, text)
        assert table(**{name: items}).substitute(condition) == expected, (condition, name, items)


def test_it_flattens_lists_one_level_at_a_time():
    forwards = table(a=["ssh", "scp"], b=["a", "rsync"], c=["b", "ftp"])
    assert forwards.substitute("proc.name in (c)") == "proc.name in ( a, rsync, ftp )"
    backwards = table(c=["b", "ftp"], b=["a", "rsync"], a=["ssh", "scp"])
    assert " ".join(backwards.substitute("proc.name in (c)").split()) == "proc.name in ( ssh, scp , rsync , ftp )"
    assert backwards.used == {"a", "b", "c"}


def test_it_refuses_conditions_that_lists_blow_up():
    lists = table(**{f"l{at}": [f"l{at + 1}"] * 10 for at in range(9)})
    with pytest.raises(FatalLoadError, match="longer than a million bytes"):
        lists.substitute("proc.name in (l0)")


def resolved(condition, **macros):
    memory, macro_table = Memory(), MacroTable()
    for at, (name, (text, visibility)) in enumerate(macros.items()):
        macro_table.add(ParsedMacro(MacroInfo(name, text, PLACE, PLACE, at, visibility), text, memory))
    for name in macros:
        macro_table.resolve_macro(name, memory)
    return to_text(macro_table.resolve(condition, memory)[1])


def test_it_puts_macros_in_as_if_in_parentheses():
    assert resolved("not m and c", m=("a.b=1 or a.c=2", 0), c=("a.d exists", 1)) == (
        "not (a.b = 1 or a.c = 2) and a.d exists"
    )


@pytest.mark.parametrize(
    ("macros", "message"),
    [
        ({"m": ("later", 0), "later": ("a.b=1", 1)}, "Undefined macro 'later' used in filter."),
        ({"m": ("a.b=1 or m", 9)}, "reference loop in macro 'm'"),
        ({"m": ("other", 9), "other": ("m", 9)}, "reference loop in macro 'other'"),
        ({"m": ("nobody and nothing", 9)}, "Undefined macro 'nobody' used in filter."),
    ],
)
def test_it_tells_macros_that_lead_nowhere(macros, message):
    with pytest.raises(UnresolvedError, match="^" + message.replace(".", r"\.") + "$"):
        resolved("m", **macros)


def test_it_lets_a_macro_that_was_touched_later_see_later_ones():
    assert resolved("m", m=("later", 2), later=("a.b=1", 1)) == "a.b = 1"


def test_it_refuses_macros_that_double_and_double():
    doubling = {f"m{at}": (f"m{at - 1} and m{at - 1}" if at else "a.b=1", at + 1) for at in range(40)}
    with pytest.raises(FatalLoadError, match="beyond all bounds"):
        resolved("m39", **doubling)
