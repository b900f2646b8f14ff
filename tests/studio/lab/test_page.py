"""The lab's own page: any condition or rules on any events, with the reasons; nothing is kept."""

from __future__ import annotations

import pytest

from studio.lab.examples import EXAMPLES
from studio.lab.models import LabRun, SampleEvent

pytestmark = pytest.mark.django_db

EVENT = '{"evt.type": "execve", "proc.name": "rm", "proc.cmdline": "rm -rf /"}'


@pytest.fixture
def page(client, people):
    client.force_login(people.vic)

    def post(status=200, **data):
        answer = client.post("/lab/", {"lines": EVENT, **data})
        assert answer.status_code == status
        return answer.content.decode()

    return post


def test_it_tries_a_condition_on_pasted_events(page):
    text = page(condition="proc.name = rm", output="Gone", lines=EVENT + "\nx")
    assert "1 of 1 event fired" in text
    assert "Line 2: This is not JSON" in text
    assert not SampleEvent.objects.exists()
    assert not LabRun.objects.exists()


def test_it_says_why_not_with_and_without_a_script(page, client):
    text = page(condition="proc.name = rmdir", why="0-0")
    assert "proc.name is rm, not rmdir" in text
    part = client.post(
        "/lab/", {"condition": "proc.name = rmdir", "lines": EVENT, "why": "0-0"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert "proc.name is rm, not rmdir" in part
    assert "Why not?" in page(condition="proc.name = rmdir", why="9-9")


def test_it_tries_rules_with_their_own_macros_in_falcos_order(page):
    example = EXAMPLES["rules"][1]
    text = page(condition=example["condition"], lines=example["lines"])
    assert "2 of 2 events fired" in text
    assert text.count("Falco alerts this") == 2


def test_it_measures_noise_on_ordinary_life(page):
    assert "In a thousand" in page(condition="spawned_process and proc.name = logrotate", ordinary="on")


@pytest.mark.parametrize("key", EXAMPLES)
def test_every_example_fires(page, client, key):
    assert "Try it" in client.get(f"/lab/?example={key}").content.decode()
    assert "It cannot be tried" not in page(**EXAMPLES[key][1])


def test_an_event_made_by_form_joins_those_in_the_form(client, page):
    client.post("/lab/", {"do": "event", "condition": "proc.name = shred", "lines": EVENT})
    client.post("/lab/event/", {"type": "run", "command": "shred -u x", "name": "Shredded"})
    text = client.get("/lab/").content.decode()
    assert "proc.name = shred" in text
    assert "Shredded" in text
    assert client.post("/lab/event/", {"type": "run", "command": ""}).status_code == 422


@pytest.mark.parametrize(
    "junk", ["", "\x00", "x" * 300_000, "proc.name =", "- rule: x\n  desc: [", "- macro: m\n  condition: x"]
)
def test_it_answers_junk_with_words(client, people, junk):
    client.force_login(people.vic)
    answer = client.post("/lab/", {"condition": junk, "lines": EVENT, "output": junk[:5000]})
    assert answer.status_code in (200, 422)


def test_it_bounds_the_rules_of_one_try(page):
    rest = "\n  desc: d\n  condition: proc.name = x\n  output: o\n  priority: INFO"
    rules = "\n".join(f"- rule: r{number}{rest}" for number in range(201))
    assert "at most 200" in page(status=422, condition=rules)
