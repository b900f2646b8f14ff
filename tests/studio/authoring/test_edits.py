"""Edits as values: what each makes of a content."""

from __future__ import annotations

from studio.authoring import edits
from studio.authoring.content import RuleContent

RM = "spawned_process and proc.name = rm"


def test_it_makes_the_first_technique_primary_and_hands_on_when_it_goes():
    content = edits.add_technique("T1485").apply(edits.add_technique("T1490").apply(RuleContent()))
    assert (content.techniques, content.primary) == (("T1490", "T1485"), "T1490")
    assert edits.remove_technique("T1490").apply(content).primary == "T1485"
    assert edits.make_primary("T1485").apply(content).primary == "T1485"
    assert edits.make_primary("T9999").apply(content) == content


def test_it_adds_and_takes_back_a_behaviours_clause():
    chosen = edits.choose_behaviour("rm", "Delete", {}, RM).apply(RuleContent())
    assert chosen.condition == RM
    assert edits.drop_behaviour("rm", "Delete").apply(chosen) == RuleContent()


def test_it_exchanges_the_clause_when_a_parameter_changes():
    chosen = edits.choose_behaviour("rm", "Delete", {}, RM).apply(RuleContent())
    changed = edits.choose_behaviour("rm", "Delete", {"tool": "shred"}, RM.replace("rm", "shred")).apply(chosen)
    assert changed.condition == "spawned_process and proc.name = shred"
    assert len(changed.behaviours) == 1


def test_it_keeps_a_hand_edited_clause_when_the_behaviour_is_dropped():
    chosen = edits.choose_behaviour("rm", "Delete", {}, RM).apply(RuleContent())
    edited = edits.set_condition(RM + " and container").apply(chosen)
    dropped = edits.drop_behaviour("rm", "Delete").apply(edited)
    assert (dropped.behaviours, dropped.condition) == ((), RM + " and container")


def test_it_marks_only_what_changed_as_written_by_hand():
    content = RuleContent(name="Suggested", desc="Suggested.", tags=("T1490",))
    assert edits.set_details("Suggested", "Mine.", "ERROR", False, ("T1490",)).apply(content).touched == {"desc"}
