"""Why: every part with its answer and values, and the smallest change that turns it, wherever events are shown."""

from __future__ import annotations

import pytest

from rules_export.ruleset.model import Rule, RuleException
from studio.lab.results import sample
from studio.lab.why import MOST, why

RMDIR = sample("x", "x", {"evt.type": "execve", "proc.name": "rmdir", "proc.args": "-p /backup"})
RULE = Rule("Gone", "evt.type = execve and (proc.name = rm or proc.name = shred)", "Gone", "", "CRITICAL")


def test_it_says_what_is_in_the_way_of_a_near_miss():
    found = why(RULE, RMDIR)
    assert found.flip.says == "proc.name is rmdir, not rm"
    first, choice = found.tree.branches
    assert (first.answer, choice.answer) == ("true", "false")
    assert [one.turns for one in choice.branches] == [True, False]
    assert 'proc.name is "rmdir"' in choice.branches[0].why


def test_it_shows_the_exception_that_silences_and_what_would_end_that():
    kept = RuleException("rmdir", ("proc.name",), ("=",), (("rmdir",),))
    rule = Rule("Gone", "evt.type = execve", "Gone", "", "CRITICAL", exceptions=(kept,))
    found = why(rule, RMDIR)
    assert (found.outcome.silenced_by, found.exceptions[0][1].outcome) == (("rmdir",), True)
    assert found.flip.says.startswith("proc.name is rmdir")


def test_it_cannot_tell_what_the_event_does_not_say():
    found = why(Rule("x", "user.name = root", "", "", "DEBUG"), RMDIR)
    assert found.tree.answer == "can't tell"
    assert found.flip.says == "user.name is not known; it could be root"


@pytest.mark.parametrize("condition", ["", "proc.name =", "no_such_macro"])
def test_it_says_why_nothing_can_be_said(condition):
    assert why(Rule("x", condition, "", "", "DEBUG"), RMDIR).trouble


def test_it_draws_only_so_much():
    condition = " or ".join(f"proc.name = n{number}" for number in range(MOST + 50))
    found = why(Rule("x", condition, "", "", "DEBUG"), RMDIR)
    assert found.left_out > 0


@pytest.mark.django_db
def test_the_wizard_and_the_review_explain_an_event(client, people):
    from studio.authoring import edits, services
    from studio.authoring.services import Seen

    client.force_login(people.ada)
    draft = services.create(people.team, people.ada)
    draft = services.edit(draft.pk, Seen(people.ada, people.team, 1), edits.set_condition("proc.name = no_such"))
    page = client.get(f"/drafts/{draft.pk}/why/ordinary-0/").content.decode()
    assert "not no_such" in page
    part = client.get(f"/drafts/{draft.pk}/why/ordinary-0/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert client.get(f"/drafts/{draft.pk}/why/own-999/").status_code == 404
