"""Drafts by API: the whole walk of an author, stale writes, and refusals that say what is wrong where."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db

YAML = """- rule: Shell in a container
  desc: Detects a shell.
  condition: evt.type = execve and proc.name = sh
  output: Shell (user=%user.name)
  priority: NOTICE
"""


@pytest.fixture
def mine(ada, draft):
    """Ada's draft as her program reads it."""
    return ada.get(f"/drafts/{draft.pk}").json()


def test_an_author_begins_reads_changes_and_lists_drafts(ada, catalogue):
    made = ada.post("/drafts", {"title": "Wipe a disk", "technique": "t1485"})
    assert made.status_code == 201
    assert made.json()["techniques"] == ["T1485"]
    pk = made.json()["id"]
    changed = ada.ask("patch", f"/drafts/{pk}", {"version": 1, "content": {
        "condition": "spawned_process and proc.name = shred", "priority": "ERROR", "tags": ["T1485", "disk"],
        "exceptions": [{"name": "backup", "fields": ["proc.pname"], "comps": ["="], "rows": [["restic"]]}],
        "behaviours": [{"id": "t1490-chattr-immutable"}],
    }}).json()  # fmt: skip
    content = changed["content"]
    assert changed["version"] == 2
    assert content["priority"] == "ERROR"
    assert content["tags"] == ["T1485", "disk"]
    assert content["exceptions"][0]["rows"] == [["restic"]]
    assert "shred" in content["condition"]
    assert content["behaviours"][0]["clause"]
    listed = ada.get("/drafts", q="wipe").json()
    assert [one["id"] for one in listed["items"]] == [pk]
    assert listed["total"] == 1


def test_a_rule_that_is_written_already_becomes_a_draft(ada):
    made = ada.post("/drafts/from-yaml", {"yaml": YAML})
    assert made.status_code == 201
    assert made.json()["draft"]["content"]["output"] == "Shell (user=%user.name)"
    refused = ada.post("/drafts/from-yaml", {"yaml": "- rule: [\n"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["place"] == "text"


def test_a_stale_write_is_refused_with_both_versions(ada, mine):
    path = f"/drafts/{mine['id']}"
    ada.ask("patch", path, {"version": 1, "content": {"name": "Theirs"}})
    answer = ada.ask("patch", path, {"version": 1, "content": {"name": "Mine"}})
    body = answer.json()
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert (body["theirs"]["name"], body["mine"]["name"], body["version"]) == ("Theirs", "Mine", 2)
    assert "name" in body["colliding"]


def test_undo_redo_and_history(ada, mine):
    path = f"/drafts/{mine['id']}"
    ada.ask("patch", path, {"version": 1, "content": {"name": "New"}})
    assert ada.post(f"{path}/undo", {"version": 2}).json()["content"]["name"] != "New"
    assert ada.post(f"{path}/redo", {"version": 3}).json()["content"]["name"] == "New"
    assert ada.post(f"{path}/redo", {"version": 4}).status_code == 409
    assert [one["label"] for one in ada.get(f"{path}/history").json()] == ["Create the draft", "Change name by API"]


def test_a_draft_is_put_away_and_brought_back(ada, mine):
    path = f"/drafts/{mine['id']}"
    assert ada.ask("delete", path).status_code == 204
    assert ada.get(path).status_code == 404
    assert ada.post(f"{path}/restore").json()["id"] == mine["id"]
    assert ada.post(f"{path}/duplicate").json()["title"].startswith("Copy of")


def test_another_teams_draft_does_not_exist(programs, draft):
    for method, path, body in (
        ("get", f"/drafts/{draft.pk}", None),
        ("patch", f"/drafts/{draft.pk}", {"version": 1, "content": {"name": "x"}}),
        ("delete", f"/drafts/{draft.pk}", None),
        ("post", f"/drafts/{draft.pk}/undo", {"version": 1}),
    ):
        answer = programs["sam"].ask(method, path, body)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json"), (method, path)
    assert programs["sam"].get("/drafts").json()["total"] == 0


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({"priority": "LOUD"}, "content.priority"),
        ({"nonsense": 1}, "content.nonsense"),
        ({"techniques": ["T9999"]}, "content.techniques"),
        ({"behaviours": [{"id": "nothing"}]}, "content.behaviours"),
        ({"exceptions": [{"name": "x", "fields": ["a"], "comps": [], "rows": []}]}, "content.exceptions.0"),
        ({}, "content"),
    ],
)
def test_what_cannot_be_taken_says_where(ada, mine, content, place):
    answer = ada.ask("patch", f"/drafts/{mine['id']}", {"version": 1, "content": content})
    body = answer.json()
    assert answer.status_code == body["status"] == 422
    assert body["errors"][0]["place"] == place
    assert body["errors"][0]["message"]
