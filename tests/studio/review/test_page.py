"""The page of a revision: in words, what changed in meaning, in YAML and in behaviour, and its history."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from studio.authoring.content import ChosenBehaviour, ExceptionTable, RuleContent, Waiver, to_json
from studio.authoring.frozen_parts import FrozenBehaviour, FrozenSample
from studio.authoring.models import Draft
from studio.definitions.values import Term
from studio.review import lines, meaning
from studio.review.behaviour import Behaviour, compare
from studio.review.headline import headline
from studio.review.models import Revision

pytestmark = pytest.mark.django_db


def page(client, revision, query=""):
    answer = client.get(f"/reviews/{revision.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_first_revision_is_told_in_words_and_numbers(desk, house):
    revision = house.hand_in()
    text = page(desk.client, revision)
    assert "New: fires on" in text
    assert "the process name is" in text
    assert "loads it" in text
    assert 'aria-current="true">nothing' in text


def test_it_says_what_changed_in_one_line(house, changed):
    first = Revision.objects.get(number=1)
    found = compare(first.rule_content(), changed.rule_content(), changed.draft.samples_id)
    line = headline(first.rule_content(), changed, found)
    assert line.startswith("Loses ")
    assert "+1 exception" in line
    assert "output changed" in line


CHANGED = {
    "techniques": ("T1490", "T1070"),
    "primary": "T1070",
    "behaviours": (ChosenBehaviour("another"),),
    "condition": "evt.type = open",
    "exceptions": (ExceptionTable("x", ("proc.name",), ("in",), (("a",),)),),
    "output": "Other %user.name",
    "name": "Other",
    "desc": "Other.",
    "priority": "CRITICAL",
    "enabled": False,
    "tags": ("other",),
    "source": "k8s_audit",
    "definitions": (Term("macro", "spawned_process", "evt.type = clone"),),
    "waivers": (Waiver("MEWS_X", "Because."),),
    "warn_evttypes": False,
    "skip_if_unknown_filter": True,
    "capture": True,
    "capture_duration": 5,
    "rule_set": "falco-rules",
    "own_behaviours": (FrozenBehaviour("own-7", 1, "d" * 64, {"title": "Delete our snapshots"}),),
    "samples": (FrozenSample("own-1", "Delete one", "match", {"proc.name": "rm"}),),
}
#: Fields that change nothing by themselves: who wrote a text, and whether blanks around it count.
SILENT = ("touched", "exact")


@pytest.mark.parametrize("field", [one.name for one in fields(RuleContent) if one.name not in SILENT])
def test_no_part_of_what_is_approved_changes_unseen(field):
    old = RuleContent(condition="spawned_process and proc.name = rm", output="Seen %proc.name")
    new = replace(old, **{field: CHANGED[field]})
    assert sum(len(part.changes) for part in meaning.parts(old, new)) >= 1
    assert sum(len(part.changes) for part in meaning.parts(new, old)) >= 1


def test_a_behaviour_with_other_settings_and_a_moved_first_technique_are_told():
    old = RuleContent(behaviours=(ChosenBehaviour("one", {"path": "/a"}),), techniques=("T1", "T2"), primary="T1")
    new = replace(old, behaviours=(ChosenBehaviour("one", {"path": "/b"}),), primary="T2")
    told = [one for part in meaning.parts(old, new) for one in part.changes]
    assert [(one.says, one.before, one.after) for one in told] == [
        ("The first technique is T2, it was T1.", "T1", "T2"),
        ("The behaviour one has other settings.", "path: /a", "path: /b"),
    ]


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("spawned_process and proc.name in (rm, dd)", "condition widened"),
        ("spawned_process and proc.name = rm and user.name = a", "condition narrowed"),
        ("evt.type in (execve, execveat) and proc.name = rm", "condition written otherwise"),
        ("spawned_process and user.name = a", "condition changed"),
    ],
)
def test_one_line_says_which_way_the_condition_went(condition, says):
    old = RuleContent(condition="spawned_process and proc.name = rm")
    revision = Revision(content=to_json(replace(old, condition=condition)))
    assert says in headline(old, revision, Behaviour())


def test_nothing_changed_is_said_too(house, changed):
    found = compare(changed.rule_content(), changed.rule_content(), changed.draft.samples_id)
    assert headline(changed.rule_content(), changed, found) == "The same events as before."


def test_meaning_is_told_part_by_part_against_the_last_approved(desk, changed):
    text = page(desk.client, changed)
    assert "The exception backup_tool is new" in text
    assert "matches fewer" in text
    assert "no longer shows" in text
    assert 'aria-current="true"><svg' in text  # revision 1, approved, is what it is compared with


def test_behaviour_shows_which_events_turned_and_why(desk, changed):
    text = page(desk.client, changed, "?tab=behaviour")
    assert "Attack events that no longer fire" in text
    assert "silenced by the exception backup_tool" in text


def test_yaml_shows_both_sides_of_a_line(desk, changed):
    text = page(desk.client, changed, "?tab=yaml")
    assert "line-add" in text
    assert "line-remove" in text
    assert "line-remove" not in page(desk.client, changed, "?tab=yaml&base=0")


def test_history_shows_every_revision_and_begins_a_new_draft(desk, changed):
    text = page(desk.client, changed, "?tab=history")
    assert "Quieter on backup hosts." in text
    assert "Superseded" not in text
    answer = desk.client.post(f"/reviews/{changed.pk}/draft/")
    copy = Draft.objects.exclude(pk=changed.draft_id).get()
    assert answer.url == f"/drafts/{copy.pk}/details/"
    assert copy.content == changed.content


@pytest.mark.parametrize("query", ["?tab=nonsense", "?base=99", "?base=x", "?base=²", "?tab=yaml&base=-1"])
def test_an_address_that_asks_for_nonsense_still_shows_the_page(desk, changed, query):
    assert changed.name in page(desk.client, changed, query)


def test_lines_know_their_numbers_on_both_sides():
    found = [(line.kind, line.old, line.new, line.text) for line in lines.diff("a\nb\nc\n", "a\nx\nc\n")]
    assert found == [("same", 1, 1, "a"), ("remove", 2, None, "b"), ("add", None, 2, "x"), ("same", 3, 3, "c")]


def test_a_behaviour_of_the_team_is_named_by_its_title():
    ours = FrozenBehaviour("own-7", 1, "d" * 64, {"title": "Delete our snapshots"})
    new = RuleContent(behaviours=(ChosenBehaviour("own-7"),), own_behaviours=(ours,))
    told = [one.says for part in meaning.parts(RuleContent(), new) for one in part.changes]
    assert told == ["The rule is for the behaviour Delete our snapshots."]
