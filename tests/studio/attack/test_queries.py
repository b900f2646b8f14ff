"""Named reads of the catalogue, and the matrix."""

from __future__ import annotations

import pytest

from studio.attack import details, matrix, queries
from studio.attack.models import Group, Software

pytestmark = pytest.mark.django_db


def ids(found) -> list[str]:
    return [technique.attack_id for technique in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["T9001", "T9001.001", "T9002"]),
        ("t9001", ["T9001", "T9001.001"]),
        ("T9001/001", ["T9001.001"]),
        (" t9001.001 ", ["T9001.001"]),
        ("moult", ["T9002"]),
        ("PERCH", ["T9001"]),
        ("made-up release", ["T9001", "T9001.001", "T9002"]),
        ("release stoop", ["T9001.001"]),
        ("moult perch", []),
        ("100%", []),
        ("_", []),
        ("\x00", ["T9001", "T9001.001", "T9002"]),
        ("x" * 5000, []),
    ],
)
def test_it_finds_by_identifier_name_and_words(text, found, catalogue):
    assert ids(queries.search(text)) == found


def test_it_puts_names_before_descriptions(catalogue):
    from studio.attack.models import Technique

    Technique.objects.filter(pk="T9001").update(search_text="t9001\nperch\nbirds moult here")
    assert ids(queries.search("moult")) == ["T9002", "T9001"]


@pytest.mark.parametrize(
    ("tactic", "platforms", "found"),
    [
        ("arrival", (), ["T9001", "T9001.001"]),
        ("nesting", (), ["T9001"]),
        ("nowhere", (), []),
        (None, ["Linux", "Windows"], ["T9001", "T9002"]),
        (None, ["Containers"], ["T9001.001"]),
        ("arrival", queries.DEFAULT_PLATFORMS, ["T9001", "T9001.001"]),
        ("impact", ["Linux"], []),
    ],
)
def test_it_narrows_by_tactic_and_platform(tactic, platforms, found, catalogue):
    assert ids(queries.search("", tactic, platforms)) == found


def test_it_shows_retired_techniques_only_when_asked(catalogue):
    assert ids(queries.search("perch", retired=True)) == ["T9001", "T9003", "T9004"]


def test_it_follows_revocations_to_their_end(catalogue):
    assert queries.resolve("T9004").attack_id == "T9001"
    assert queries.resolve("t9001").attack_id == "T9001"
    assert queries.resolve("T9005").is_retired
    assert queries.resolve("T1") is None


def test_it_does_not_follow_a_circle_forever(catalogue):
    from studio.attack.models import Technique

    Technique.objects.filter(pk="T9001").update(successor="T9004")
    assert queries.resolve("T9004").attack_id in {"T9001", "T9003", "T9004"}


def test_it_gives_techniques_in_the_order_asked(catalogue):
    assert ids(queries.techniques(["T9002", "t9001", "T0", "T9002"])) == ["T9002", "T9001"]


def test_it_knows_tactics_of_techniques(catalogue):
    assert queries.tactics_of("t9001") == ["nesting", "arrival"]
    assert queries.technique_tactics() == {
        "T9001": {"arrival", "nesting"},
        "T9001.001": {"arrival"},
        "T9002": {"impact"},
    }


def test_it_names_platforms_that_falco_watches_first(catalogue):
    assert queries.platforms() == ["Linux", "Containers", "Windows"]


def test_it_suggests_nothing_for_nothing(catalogue):
    assert queries.suggest("  ") == []
    assert ids(queries.suggest("t9", limit=2)) == ["T9001", "T9001.001"]


def drawn(columns) -> dict:
    return {
        column.tactic.slug: [
            (cell.entry.attack_id, cell.entry.found, [sub.attack_id for sub in cell.subtechniques])
            for cell in column.cells
        ]
        for column in columns
    }


def test_the_matrix_has_tactics_in_order_and_subtechniques_inside(catalogue, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        columns = matrix.build()
    assert list(drawn(columns)) == ["nesting", "arrival", "impact"]
    assert drawn(columns)["nesting"] == [("T9001", True, [])]
    assert drawn(columns)["arrival"] == [("T9001", True, ["T9001.001"])]
    assert [column.found for column in columns][1] == ["T9001", "T9001.001"]


def test_the_matrix_shows_a_parent_for_the_sake_of_its_subtechnique(catalogue):
    columns = matrix.build(platforms=["Containers"])
    assert drawn(columns)["arrival"] == [("T9001", False, ["T9001.001"])]
    assert columns[1].cells[0].entry.name == "Perch"


def test_the_details_part_analytics_by_what_falco_watches(catalogue):
    found = details.of(queries.technique("T9001"))
    assert ids(found.strategies[0].watched) == ["AN9001"]
    assert ids(found.strategies[0].others) == ["AN9002"]
    assert [use.software.name for use in found.software] == ["Hood"]
    assert ids(found.predecessors) == ["T9003"]


def test_groups_and_software_know_each_other(catalogue):
    assert details.partners(Group.objects.get()) == [Software.objects.get(name="Rook")]
    assert details.partners(Software.objects.get(name="Rook")) == [Group.objects.get()]
    assert [use.technique_id for use in details.techniques_used(Group.objects.get())] == ["T9001"]
