"""Files that put a rule to the test on a host: the script that plays its behaviours, the suite for event-generator."""

from __future__ import annotations

import subprocess

import pytest
import yaml
from django.urls import reverse

from studio.authoring import services
from studio.authoring.content import ChosenBehaviour, RuleContent
from studio.authoring.emulating import emulation, event_generator, file_name
from studio.behaviours import queries as library

pytestmark = pytest.mark.django_db


def rule_of(*ids: str, **more: str) -> RuleContent:
    chosen = tuple(ChosenBehaviour(one, {}, library.get(one).clause()) for one in ids)
    condition = " or ".join(f"({one.clause})" for one in chosen)
    content = {"name": "Recovery disabled", "desc": "x", "output": "x", "priority": "ERROR", "condition": condition}
    return RuleContent(behaviours=chosen, **{**content, **more})


def test_the_script_plays_what_was_picked():
    text = emulation(rule_of("t1490-rm-recursive-force", "t1490-disable-apport"))
    assert text.count("\nstep ") == 2
    assert "expect 'Recovery disabled'" in text
    assert subprocess.run(["sh", "-n"], input=text, text=True).returncode == 0
    assert emulation(RuleContent()) == ""


def test_the_suite_tells_the_expected_outcome_and_what_is_left_out():
    text = event_generator(rule_of("t1490-rm-recursive-force", "t1611-open-by-handle"), ())
    tests = yaml.safe_load(text)["tests"]
    assert {one["rule"] for one in tests} == {"Recovery disabled"}
    assert all(one["expectedOutcome"] == {"source": "syscall", "priority": "ERROR"} for one in tests)
    assert all(one["steps"][0]["type"] == "syscall" for one in tests)
    assert "# Left out: " in text


@pytest.mark.parametrize("content", [RuleContent(), RuleContent(name="a\n- b: #", condition="proc.name =")])
def test_a_rule_that_fires_on_nothing_gives_an_empty_suite(content):
    text = event_generator(content, ())
    assert yaml.safe_load(text) == {"tests": []}


def test_file_names_are_plain():
    assert file_name(RuleContent(name='Öl "x"/../y')) == "l-x-y"
    assert file_name(RuleContent()) == "rule"


def test_an_author_downloads_both_from_the_last_step(desk):
    desk.write_article()
    draft = desk.now()
    page = desk.client.get(reverse("authoring:step", args=[draft.pk, "check"])).content.decode()
    for name, kind in (("emulation", "text/x-shellscript"), ("suite", "application/yaml")):
        address = reverse(f"authoring:{name}", args=[draft.pk])
        assert address in page
        answer = desk.client.get(address)
        assert answer["Content-Type"].startswith(kind)
        assert "attachment" in answer["Content-Disposition"]
    empty = services.create(draft.team, draft.author)
    assert desk.client.get(reverse("authoring:emulation", args=[empty.pk])).status_code == 302
    assert desk.client.get(reverse("authoring:suite", args=[empty.pk])).status_code == 200


def test_a_revision_gives_the_same(desk, people):
    from studio.review import services as review

    desk.write_article()
    draft = desk.now()
    revision = review.hand_in(draft.pk, people.team, people.ada, draft.version)
    for name in ("emulation", "suite"):
        ours = desk.client.get(reverse(f"review:{name}", args=[revision.pk])).content
        assert ours == desk.client.get(reverse(f"authoring:{name}", args=[draft.pk])).content
