"""How well a technique is covered, in numbers and words."""

from __future__ import annotations

import pytest

from studio.coverage.counting import CoveringRule, Mark, Standing, marks


def rule(standing: Standing, *techniques: str) -> CoveringRule:
    return CoveringRule("A rule", standing, frozenset(techniques))


APPROVED, REVIEW, DRAFT, DISABLED = (rule(standing, "T1") for standing in Standing)


@pytest.mark.parametrize(
    ("mark", "level", "words"),
    [
        (Mark((APPROVED, APPROVED, DRAFT), 4), "approved", "2 approved, 1 draft"),
        (Mark((REVIEW, DRAFT, DRAFT)), "in_review", "1 in review, 2 drafts"),
        (Mark((DRAFT,)), "draft", "1 draft"),
        (Mark((DISABLED, DRAFT)), "draft", "1 draft, 1 disabled"),
        (Mark((DISABLED, DISABLED), 2), "disabled", "2 disabled"),
        (Mark((), 1), "possible", "1 behaviour"),
        (Mark((), 3), "possible", "3 behaviours"),
        (Mark(), "nothing", "nothing"),
    ],
)
def test_it_says_how_far_the_furthest_rule_is(mark, level, words):
    assert (mark.level, mark.words) == (level, words)


def test_it_counts_for_a_technique_what_its_sub_techniques_have():
    found = marks([rule(Standing.DRAFT, "T1003.008", "T1003.001")], {"T1003.008": ["a", "b"], "T1003": ["b"]})
    assert (len(found["T1003"].rules), found["T1003"].behaviours) == (1, 2)
    assert (len(found["T1003.008"].rules), found["T1003.008"].behaviours) == (1, 2)
    assert (len(found["T1003.001"].rules), found["T1003.001"].behaviours) == (1, 0)


def test_it_does_not_count_for_a_sub_technique_what_its_technique_has():
    found = marks([rule(Standing.DRAFT, "T1003")], {"T1003": ["a"]})
    assert set(found) == {"T1003"}
