"""What the studio fills in by itself, and that it leaves alone what people wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.authoring import edits, outputs, suggestions
from studio.authoring.content import RuleContent
from studio.authoring.suggestions import BehaviourFacts, Known, TechniqueFacts

T1490 = TechniqueFacts("T1490", "Inhibit System Recovery", ("impact",))
T1059 = TechniqueFacts("T1059.004", "Unix Shell", ("execution",))
RM = BehaviourFacts("Delete whole trees by force", ("proc.cwd",), "CRITICAL")
CHOSEN = RuleContent(techniques=("T1490",), primary="T1490")


def test_it_fills_name_description_and_tags_from_the_technique():
    content = suggestions.fill(CHOSEN, Known((T1490,)))
    assert content.name == "Inhibit System Recovery"
    assert content.desc == "Detects Inhibit System Recovery (T1490)."
    assert content.tags == ("mitre_impact", "inhibit_system_recovery", "T1490")


def test_it_tells_in_the_description_what_the_behaviours_do():
    assert (
        suggestions.desc(CHOSEN, Known((T1490,), (RM,)))
        == "Detects Inhibit System Recovery (T1490): delete whole trees by force."
    )


def test_it_names_six_behaviours_and_counts_the_rest():
    many = tuple(BehaviourFacts(f"Do {number}") for number in range(9))
    assert suggestions.desc(CHOSEN, Known((T1490,), many)).endswith("do 5 and 3 more.")


def test_it_leaves_alone_what_was_written_by_hand():
    written = edits.set_details("Mine", "My words.", "CRITICAL", True, ("own",)).apply(CHOSEN)
    content = suggestions.fill(written, Known((T1490,), (RM,)))
    assert (content.name, content.desc, content.tags) == ("Mine", "My words.", ("own",))


def test_it_suggests_again_what_was_emptied():
    written = edits.set_output("By hand").apply(CHOSEN)
    assert "output" in written.touched
    assert "output" not in edits.set_output("").apply(written).touched


def test_it_prints_the_usual_fields_and_those_of_the_behaviours():
    output = suggestions.fill(CHOSEN, Known((T1490,), (RM,), ("proc.name",))).output
    assert output.startswith("Inhibit System Recovery (T1490) | evt_type=%evt.type user=%user.name user_uid=%user.uid ")
    assert output.endswith("terminal=%proc.tty proc_cwd=%proc.cwd")


NETWORK = ("fd.name", "fd.lport", "fd.rport", "fd.type", "fd.l4proto")


@pytest.mark.parametrize(
    ("looked_at", "expected"),
    [(("proc.name",), ()), (("fd.name",), ("fd.name",)), (("fd.sip", "fd.name"), NETWORK)],
)
def test_it_adds_file_or_network_fields_where_the_condition_looks_at_them(looked_at, expected):
    assert tuple(name for name in outputs.usual_fields(looked_at) if name.startswith("fd.")) == expected


def test_it_puts_tags_of_several_techniques_in_order():
    assert suggestions.tags(Known((T1490, T1059))) == (
        "mitre_impact", "mitre_execution", "inhibit_system_recovery", "unix_shell", "T1490", "T1059.004",
    )  # fmt: skip


def test_it_says_nothing_before_there_is_a_technique():
    assert suggestions.fill(RuleContent(), Known()) == RuleContent()
    assert suggestions.fill(replace(CHOSEN, techniques=(), primary=""), Known()).name == ""
