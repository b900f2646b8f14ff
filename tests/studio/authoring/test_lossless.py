"""A rule that Falco read comes out of a draft as it went in, and stays so until somebody edits it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules_export.ruleset.model import Rule, RuleException
from rules_export.verdict.loading import load_ruleset
from studio.authoring import edits
from studio.authoring.content import (
    RuleContent,
    from_json,
    shortened,
    to_exception,
    to_json,
    to_rule,
    to_table,
)
from studio.authoring.forms.details import DetailsForm
from studio.authoring.forms.exceptions import TableForm
from studio.authoring.merging import Versions
from studio.authoring.models import Draft
from studio.authoring.reading import UnreadableError, content_of, read_rule
from studio.authoring.tables import Patch, paste, reshape
from studio.review.services import content_hash
from tests.generators import exceptions, odd_exceptions, rules

SLOW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FIELDS = ("user.name", "proc.name")
ODD = [
    RuleException("empty row", FIELDS, ("=", "="), ((),)),
    RuleException("short row", FIELDS, ("=", "="), (("a",),)),
    RuleException("long row", FIELDS, ("=", "="), (("a", "b", "c"),)),
    RuleException("null", FIELDS, ("=", "="), ((None, "b"), None)),
    RuleException("nested", FIELDS, ("=", "in"), (("a", ("b", ("c", ("d",)))),)),
    RuleException("blanks", FIELDS, ("=", "in"), ((" a ", (" b", "c\n")),)),
    RuleException("commas", FIELDS, ("=", "in"), (("a, b", ("c, d", '"e, f"', "g'h")),)),
    RuleException("quotes", "proc.name", "in", ('"a', "b'", '"c d"', "e, 'f", "'g, h'")),
    RuleException("scalar rows", FIELDS, ("=", "="), ("a", "b")),
    RuleException("list in a single one", "proc.name", "in", (("a", "b"), "c")),
    RuleException("no comparison", FIELDS, None, (("a", "b"),)),
    RuleException("comparison of one", "proc.name", None, ("a",)),
    RuleException("short comparisons", FIELDS, ("=",), (("a", "b"),)),
    RuleException("one column", ("proc.name",), ("in",), ((("a", "b"),), ("c",))),
    RuleException("no fields", None, None, ("a",)),
    RuleException("no fields either", (), (), ()),
    RuleException("twice", "proc.name", "in", ("a", "a")),
    RuleException("list under equals", FIELDS, ("=", "="), (("a", ("b", "c")),)),
    RuleException("no values", FIELDS, ("=", "=")),
]


def stored(content: RuleContent) -> RuleContent:
    """The content as a database gives it back."""
    return from_json(json.loads(json.dumps(to_json(content))))


@SLOW
@given(rules(odd=True))
def test_a_rule_comes_out_as_it_went_in(rule: Rule) -> None:
    assert to_rule(stored(content_of(rule).content)) == rule


@SLOW
@given(exceptions() | odd_exceptions)
def test_an_exception_comes_out_as_it_went_in(exception: RuleException) -> None:
    table = to_table(exception)
    assert to_exception(table) == exception
    assert len(table.fields) == len(table.comps)
    assert {len(row) for row in table.rows} <= {len(table.fields)}


@pytest.mark.parametrize("exception", ODD, ids=[one.name for one in ODD])
def test_an_odd_exception_comes_out_as_it_went_in(exception: RuleException) -> None:
    rule = Rule("R", "proc.name = sh", "o", "d", "ERROR", exceptions=(exception,))
    assert to_rule(stored(content_of(rule).content)) == rule


@pytest.mark.parametrize("priority", ["info", "Info", "INFORMATIONAL", "warning", "Critical"])
def test_a_priority_comes_out_in_capitals(priority: str) -> None:
    rule = Rule("R", "proc.name = sh", "o", "d", priority)
    expected = "INFORMATIONAL" if priority.upper() == "INFO" else priority.upper()
    assert to_rule(content_of(rule).content).priority == expected


def test_an_exact_form_goes_with_the_edit_of_a_cell() -> None:
    table = to_table(ODD[6])
    assert table.exact
    same = Patch(cells={(0, 0): "a, b"}, fields={0: "user.name"}, comps={1: "in"}).on(table)
    assert same == table
    edited = Patch(cells={(0, 0): "root"}).on(table)
    assert edited.exact is None
    assert to_exception(edited).values[0][0] == "root"
    for after in (reshape(table, "add-row"), reshape(table, "remove-row-0"), paste(table, "x\ty")):
        assert after.exact is None


def test_a_cell_that_a_field_shows_without_its_blanks_stays() -> None:
    table = to_table(ODD[5])
    cells = {(0, column): " ".join(cell.split()) for column, cell in enumerate(table.rows[0])}
    assert Patch(noted={"owner": "Ada"}, cells=cells).on(table) == replace(table, owner="Ada")


def test_the_owner_of_an_exact_exception_becomes_its_comment() -> None:
    table = replace(to_table(ODD[3]), owner="Ada")
    assert to_exception(table) == ODD[3]
    assert to_exception(table).comment == "Owner: Ada."


EXACT = Rule(
    name=" Ship\nsails ",
    condition="proc.name = sh\n",
    output="Line one\n  line two | user=%user.name",
    desc="Two lines.\r\n\r\nOf text.\n",
    priority="ERROR",
    tags=("a, b", " lead", "T1490"),
)


def posted(content: RuleContent, **changes: str) -> RuleContent:
    """The content after the details form, posted as a browser fills it in."""
    data = {
        "version": "1",
        "name": content.name.replace("\n", "").replace("\r", ""),
        "desc": content.desc.replace("\r\n", "\n").replace("\n", "\r\n"),
        "priority": content.priority,
        "enabled": "on",
        "tags": " ".join(content.tags),
        **changes,
    }
    form = DetailsForm(data)
    assert form.is_valid(), form.errors
    return form.edit().apply(content)


def test_a_form_that_nobody_typed_in_changes_nothing() -> None:
    content = content_of(EXACT).content
    assert posted(content) == content
    assert to_rule(posted(content, priority="DEBUG")) == replace(EXACT, priority="DEBUG")
    for edit in (edits.set_output(content.output), edits.set_condition("proc.name = sh")):
        assert edit.apply(content) == content


def test_what_is_typed_into_an_exact_rule_comes_out_as_anywhere() -> None:
    content = content_of(EXACT).content
    after = to_rule(posted(content, name=" Boat ", desc=" Floats.\n"))
    assert (after.name, after.desc, after.output) == ("Boat", "Floats.", EXACT.output)
    typed = edits.set_output("One\n  two | user=%user.name\n").apply(content)
    assert to_rule(typed).output == "One two | user=%user.name"
    assert to_rule(edits.set_condition("\nproc.name = x \n").apply(content)).condition == "proc.name = x"


def test_a_long_name_stays_long() -> None:
    rule = replace(EXACT, name="n" * 500, tags=tuple(f"tag_{number}" for number in range(80)), desc="d" * 9000)
    content = content_of(rule).content
    assert to_rule(stored(content)) == rule
    assert posted(content, priority="DEBUG").name == rule.name
    assert len(shortened(rule.name)) == 200
    assert shortened(rule.name).endswith("…")
    for change, words in ({"name": "m" * 300}, "name has 300"), ({"tags": "t" * 200}, "longer than 100"):
        with pytest.raises(edits.RefusedEditError, match=words):
            posted(content, **change)


@given(st.sampled_from([" a ", "a", "a\nb", "a\n"]), st.sampled_from(["o", " o\np "]))
def test_a_content_of_before_keeps_its_form_and_its_rule(desc: str, output: str) -> None:
    content = RuleContent(name="R", desc=desc, output=output, condition=" proc.name = sh\n")
    form = to_json(content)
    assert not {"exact", "rule_set"} & form.keys()
    assert content_hash(to_json(from_json(form))) == content_hash(form)
    rule = to_rule(content)
    assert (rule.desc, rule.condition) == (desc.strip(), "proc.name = sh")
    assert rule.output == " ".join(output.split())


def test_a_merge_keeps_exact_texts_exact() -> None:
    base = content_of(EXACT).content
    mine = replace(base, priority="DEBUG")
    theirs = replace(base, enabled=False)
    versions = Versions(base, theirs, mine, replace(theirs, priority="DEBUG"))
    assert [part.key for part in versions.parts()] == ["priority", "enabled"]
    assert to_rule(versions.merge({})) == replace(EXACT, priority="DEBUG", enabled=False)


def test_a_rule_that_no_database_can_store_is_refused() -> None:
    with pytest.raises(UnreadableError, match="NUL character"):
        read_rule('- rule: "A\\0b"\n  desc: d\n  condition: proc.name = sh\n  output: o\n  priority: INFO\n')


PASTED = """\
- rule: " Ship sails "
  desc: |
    Two lines
    of text.
  condition: >
    proc.name = sh
  output: "One\\n two | user=%user.name"
  priority: Info
  exceptions:
    - name: odd
      fields: [user.name, proc.name]
      comps: [=, in]
      values:
        - [" root ", [" a", "b, c"]]
        - [null, [x]]
"""


def test_a_pasted_rule_stays_exact_through_the_wizard(signed_in) -> None:
    (rule,) = load_ruleset([("x", PASTED)])[0].rules
    expected = replace(rule, priority="INFORMATIONAL")
    signed_in.post("/drafts/new/yaml/", {"text": PASTED})
    draft = Draft.objects.get()
    assert to_rule(draft.rule_content()) == expected
    assert draft.title == "Ship sails"
    for step in ("exceptions", "output", "details", "check"):
        assert signed_in.get(f"/drafts/{draft.pk}/{step}/").status_code == 200
    data = {"version": draft.version, "action": "table", "index": 0, "name": "odd", "owner": "Ada"}
    data |= {"field-0": "user.name", "field-1": "proc.name", "comp-0": "=", "comp-1": "in"}
    cells = draft.rule_content().exceptions[0].rows
    data |= {f"cell-{row}-{column}": cell for row, cells_ in enumerate(cells) for column, cell in enumerate(cells_)}
    assert TableForm(data).is_valid()
    answer = signed_in.post(f"/drafts/{draft.pk}/exceptions/", data)
    assert answer.status_code in (200, 302)
    draft.refresh_from_db()
    content = draft.rule_content()
    assert content.exceptions[0].owner == "Ada"
    assert to_rule(content) == expected
