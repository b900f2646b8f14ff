"""Reading the library by id, technique and words."""

from __future__ import annotations

import pytest

from studio.behaviours import queries


def test_it_finds_a_behaviour_by_its_id() -> None:
    assert queries.get("t1490-dd-overwrite").title == "Overwrite backups with dd"
    with pytest.raises(KeyError):
        queries.get("t0000-none")


def test_it_offers_a_parent_the_behaviours_of_its_sub_techniques_after_its_own() -> None:
    found = queries.for_techniques(["T1548"])
    marks = [queries.inherited_from(behaviour, ["T1548"]) for behaviour in found]
    assert "" in marks
    assert "T1548.001" in marks
    assert marks == sorted(marks, key=bool)
    assert len(found) == len({behaviour.id for behaviour in found})


def test_it_does_not_offer_a_sub_technique_the_behaviours_of_its_parent() -> None:
    assert all("T1548.003" in behaviour.techniques for behaviour in queries.for_techniques(["T1548.003"]))


def test_it_searches_all_words_everywhere() -> None:
    assert queries.search("dd overwrite")[0].id == "t1490-dd-overwrite"
    assert queries.search("boot grub", techniques=["T1490"], noise="medium")
    assert queries.search("no-such-word-anywhere") == []


def test_it_offers_some_hundred_ordinary_events_of_many_kinds() -> None:
    baseline = queries.baseline()
    assert len(baseline) >= 3000
    assert len({event.type for event in baseline}) >= 8
    assert len({event.fields["container.id"] for event in baseline}) >= 3
    assert len({event.name for event in baseline}) == len(baseline)
