"""Exceptions as tables, without a page: posts as patches, buttons, blocks from a spreadsheet, what rows silence."""

from __future__ import annotations

from datetime import date

import pytest

from rules_export.ruleset.model import Rule
from rules_export.write.rule_yaml import to_yaml
from studio.authoring import expiry, silences, tables
from studio.authoring.content import ExceptionTable, RuleContent, from_json, to_exception, to_json, to_rule
from studio.authoring.tables import MOST_COLUMNS, MOST_ROWS, Patch, TableError, paste, read_block, reshape
from studio.lab.results import sample
from studio.lab.running import run

JOBS = ExceptionTable("jobs", ("user.name", "proc.pname"), ("=", "in"), (("backup", "cron"), ("ada", "bash")))
EMPTY = ExceptionTable("fresh", ("proc.name",), ("in",), (("",),))


def test_a_post_changes_what_it_names_and_nothing_else():
    after = Patch({"owner": "Ada"}, {1: "proc.name"}, {}, {(1, 0): "bob"}).on(JOBS)
    assert after.fields == ("user.name", "proc.name")
    assert after.rows == (("backup", "cron"), ("bob", "bash"))
    assert (after.name, after.owner, after.comps) == ("jobs", "Ada", JOBS.comps)


@pytest.mark.parametrize(
    ("do", "rows", "fields"),
    [
        ("up-row-1", (("ada", "bash"), ("backup", "cron")), JOBS.fields),
        ("down-row-0", (("ada", "bash"), ("backup", "cron")), JOBS.fields),
        ("up-row-0", JOBS.rows, JOBS.fields),
        ("down-row-1", JOBS.rows, JOBS.fields),
        ("remove-row-0", (("ada", "bash"),), JOBS.fields),
        ("add-row", (*JOBS.rows, ("", "")), JOBS.fields),
        ("right-field-0", (("cron", "backup"), ("bash", "ada")), ("proc.pname", "user.name")),
        ("left-field-0", JOBS.rows, JOBS.fields),
        ("remove-field-1", (("backup",), ("ada",)), ("user.name",)),
        ("add-field", (("backup", "cron", ""), ("ada", "bash", "")), (*JOBS.fields, "")),
        ("remove-row-999", JOBS.rows, JOBS.fields),
    ],
)
def test_a_button_moves_adds_or_removes(do, rows, fields):
    after = reshape(JOBS, do)
    assert (after.rows, after.fields, len(after.comps)) == (rows, fields, len(fields))


def test_the_last_field_stays_and_a_table_keeps_its_bounds():
    assert reshape(EMPTY, "remove-field-0") == EMPTY
    wide = ExceptionTable("wide", ("proc.name",) * MOST_COLUMNS, ("=",) * MOST_COLUMNS)
    with pytest.raises(TableError, match="at most 8 fit"):
        reshape(wide, "add-field")
    with pytest.raises(TableError, match="at most 1,000 fit"):
        Patch(cells={(MOST_ROWS, 0): "x"}).on(JOBS)
    assert tables.moved_table((JOBS, EMPTY), 0, "down") == (EMPTY, JOBS)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a\tb\nc\td\n", [["a", "b"], ["c", "d"]]),
        ("a\r\nb\r\n\r\n", [["a"], ["b"]]),
        ("a\t\tc", [["a", "", "c"]]),
        ('"remount,ro"\tx', [['"remount,ro"', "x"]]),  # quotes of the value itself stay
        ('"two\nlines ""so"""\tx', [['two lines "so"', "x"]]),  # a cell with a line end, as a spreadsheet quotes it
        ("", []),
        ('"open\tend', [['"open', "end"]]),
    ],
)
def test_it_reads_a_block_as_a_spreadsheet_copies_it(text, cells):
    assert read_block(text) == cells


def test_a_block_goes_in_at_the_cell_and_grows_the_table():
    after = paste(JOBS, "x\ty\nz\tw", (1, 0))
    assert after.rows == (("backup", "cron"), ("x", "y"), ("z", "w"))
    assert paste(JOBS, "only", (0, 1)).rows[0] == ("backup", "only")
    assert paste(EMPTY, "rm\nshred").rows == (("rm",), ("shred",)), "behind the last row that holds something"


def test_a_first_line_of_fields_finds_or_adds_columns():
    after = paste(EMPTY, "user.name\tproc.cmdline startswith\nbackup\t/opt/job")
    assert (after.fields, after.comps) == (("user.name", "proc.cmdline"), ("=", "startswith"))
    assert after.rows == (("backup", "/opt/job"),)
    swapped = paste(JOBS, "proc.pname\tuser.name\nsh\tbob")
    assert swapped.rows[-1] == ("bob", "sh")


@pytest.mark.parametrize(
    ("text", "says"), [("\n\t\n", "nothing in the block"), ("a\tb\tc", "3 columns wide, and 2 fit")]
)
def test_it_says_why_a_block_does_not_fit(text, says):
    with pytest.raises(TableError, match=says):
        paste(JOBS, text)
    with pytest.raises(TableError, match="1 fits"):
        paste(JOBS, "a\tb", (0, 1))


def test_five_hundred_rows_are_pasted_at_once():
    block = "\n".join(f"user{number}\tjob{number}" for number in range(500))
    assert len(paste(JOBS, block).rows) == 502
    with pytest.raises(TableError, match="1,002 rows"):
        paste(JOBS, f"{block}\n{block}")


def test_notes_stay_out_of_the_json_while_they_are_empty():
    plain = RuleContent(exceptions=(JOBS,))
    assert set(to_json(plain)["exceptions"][0]) == {"name", "fields", "comps", "rows"}
    noted = RuleContent(exceptions=(ExceptionTable("n", owner="Ada", reason="Ticket 4711", expires="2026-12-31"),))
    assert from_json(to_json(noted)) == noted


def test_notes_become_a_comment_that_changes_nothing():
    noted = ExceptionTable(
        "jobs", ("user.name",), ("=",), (("backup",),), "Ada\n- rule: x", "Ticket 4711: #nightly", "2026-12-31"
    )
    plain = ExceptionTable("jobs", ("user.name",), ("=",), (("backup",),))
    assert to_exception(noted) == to_exception(plain)
    text = to_yaml([to_rule(RuleContent(name="R", condition="evt.num exists", output="x", exceptions=(noted,)))])
    assert "    # Owner: Ada - rule: x. Expires 2026-12-31. Ticket 4711: #nightly\n    - name: jobs\n" in text


@pytest.mark.parametrize(
    ("last", "standing", "words"),
    [
        ("", "open", "has no last day"),
        ("nonsense", "open", "has no last day"),
        ("2026-06-30", "later", "expires in 29 days"),
        ("2026-06-15", "soon", "expires in 14 days"),
        ("2026-06-01", "soon", "expires today"),
        ("2026-05-31", "expired", "expired yesterday"),
        ("2026-05-01", "expired", "expired 31 days ago"),
    ],
)
def test_an_exception_stands_to_its_last_day(last, standing, words):
    seen = expiry.of(ExceptionTable("x", expires=last), date(2026, 6, 1))
    assert (seen.standing, seen.words) == (standing, words)


def event(key, user, parent, expected="match"):
    fields = {"evt.num": 1, "evt.type": "execve", "user.name": user, "proc.pname": parent, "proc.name": "rm"}
    return sample(key, key, fields, expected)


def test_each_row_tells_what_it_silences_and_how_broad_it_is():
    table = ExceptionTable(
        "mixed", ("user.name", "proc.pname"), ("=", "in"), (("root", "cron, at"), ("eve", "bash"), ("x", ""))
    )
    rule = Rule("R", "proc.name = rm", "x", "x", "ERROR", exceptions=(to_exception(table),))
    lab = run(rule, [event("job", "root", "cron", "no_match"), event("attack", "eve", "bash"), event("free", "z", "z")])
    found = silences.of(table, rule, lab)
    assert {number: [one.name for one in row.silenced] for number, row in found.rows.items()} == {
        0: ["job"],
        1: ["attack"],
    }
    assert [row.number for row in found.blinding] == [1]
    broad = ExceptionTable("root", ("user.name",), ("=",), (("root",),))
    assert silences.of(broad, rule, lab).breadth.words == "very broad"
    assert found.rows[1].breadth.words == "narrow"


def test_values_under_allof_only_count_together():
    table = ExceptionTable("all", ("proc.pname",), ("contains allof",), (("cr",), ("on",)))
    rule = Rule("R", "proc.name = rm", "x", "x", "ERROR", exceptions=(to_exception(table),))
    lab = run(rule, [event("both", "a", "cron"), event("one", "a", "crypt")])
    assert [[one.name for one in row.silenced] for row in silences.of(table, rule, lab).rows.values()] == [["both"]]
