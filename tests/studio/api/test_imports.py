"""Imports by a program: upload, poll, choose, import, submit; wrong requests answer with problems."""

from __future__ import annotations

import pytest

from studio.authoring.models import Draft
from studio.definitions.models import Definition
from studio.library import import_jobs, tasks
from studio.library.import_items import Change
from studio.library.models import RulesFile
from tests.studio.api.conftest import program_of
from tests.studio.library.imports import FILE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def upload(ada, text=FILE, **more):
    """The answer to an upload."""
    return ada.post("/imports", {"name": "r.yaml", "files": [{"name": "r.yaml", "text": text}], **more})


def ready(ada, text=FILE, **more):
    """An import that the worker has read."""
    pk = upload(ada, text, **more).json()["id"]
    tasks.import_rules(pk)
    return ada.get(f"/imports/{pk}").json()


def test_a_program_imports_as_a_page_does(ada):
    answer = upload(ada, placing={"where": "team"})
    made = answer.json()
    assert (answer.status_code, made["state"], made["items"]) == (201, "reading", [])
    tasks.import_rules(made["id"])
    made = ada.get(f"/imports/{made['id']}").json()
    assert (made["state"], made["percent"]) == ("ready", 100)
    assert [(one["key"], one["verdict"], one["choice"]) for one in made["items"]] == [
        ("rule:Crane started", "loads", "add"), ("rule:Hoist started", "loads", "add"),
        ("rule:Typo", "rejected", "add"), ("macro:tool", "loads", "add"), ("list:tools", "loads", "add"),
    ]  # fmt: skip
    assert made["items"][2]["loads"] is False
    assert "proc.nme" in made["items"][2]["findings"][0]["message"]
    answer = ada.post(f"/imports/{made['id']}/choices", {"choices": {"rule:Hoist started": "skip"}, "version": 1})
    assert answer.json()["version"] == 2
    answer = ada.post(f"/imports/{made['id']}/carry-out", {"choices": {"rule:Typo": "skip"}, "version": 2})
    assert (answer.status_code, answer.json()["state"]) == (202, "importing")
    assert ada.post(f"/imports/{made['id']}/carry-out", {}).status_code == 409
    tasks.import_rules(made["id"])
    made = ada.get(f"/imports/{made['id']}").json()
    assert (made["state"], [one["did"] for one in made["outcome"]]) == (
        "imported", ["added", "skipped", "skipped", "added", "added"],
    )  # fmt: skip
    assert list(Draft.objects.values_list("title", flat=True)) == ["Crane started"]
    assert ada.post(f"/imports/{made['id']}/submit").json()["submission_state"] == "running"
    tasks.import_rules(made["id"])
    made = ada.get(f"/imports/{made['id']}").json()
    assert (made["submission_state"], [one["name"] for one in made["submission"]]) == ("done", ["Crane started"])


def test_a_program_says_where_macros_and_lists_go(ada):
    made = ready(ada)
    assert made["placing"] == {"where": "rule_set", "title": "", "rule_set": ""}
    again = ada.post(f"/imports/{made['id']}/placing", {"where": "inline"}).json()
    assert (again["state"], again["placing"]["where"]) == ("reading", "inline")
    assert ada.post(f"/imports/{made['id']}/carry-out", {}).status_code == 409
    tasks.import_rules(made["id"])
    ada.post(f"/imports/{made['id']}/carry-out", {})
    tasks.import_rules(made["id"])
    assert not Definition.objects.exists()
    assert Draft.objects.count() == 3


def test_a_file_that_falco_cannot_read_fails_with_places(ada):
    made = ready(ada, "- rule: x\n  foo: [\n")
    assert (made["state"], made["trouble"]) == ("failed", "Falco cannot read this file.")
    assert made["reasons"]
    assert ada.post(f"/imports/{made['id']}/retry").json()["state"] == "reading"


@pytest.mark.parametrize(
    ("path", "body", "status", "says"),
    [
        ("/imports", {"files": []}, 422, "at least 1"),
        ("/imports", {"files": [{"name": "x", "text": "x" * 775_000}] * 4}, 422, "3,000,000 characters"),
        ("/imports", {"files": [{"name": "x", "text": "x"}], "placing": {"where": "moon"}}, 422, "rule_set"),
        ("/imports", {"files": [{"name": "x", "text": "x"}], "placing": {"rule_set": "x"}}, 422, "once the import is"),
        ("/imports/{pk}/placing", {"where": "rule_set", "rule_set": "x"}, 422, "no rule set x"),
        ("/imports/{pk}/choices", {"choices": {"rule:Typo": "burn"}}, 422, "skip"),
        ("/imports/{pk}/retry", None, 409, "was read already"),
        ("/imports/{pk}/submit", None, 409, "was read already"),
        ("/imports/99999/carry-out", {}, 404, "nothing of this number"),
    ],
)
def test_wrong_requests_answer_with_problems(ada, path, body, status, says):
    made = ready(ada)
    answer = ada.post(path.format(pk=made["id"]), body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert says in answer.content.decode()


def test_choices_of_another_user_are_not_overwritten(ada, people):
    made = ready(ada)
    import_jobs.choose(made["id"], people.team, people.rui, Change({"rule:Typo": "skip"}))
    for path in ("choices", "carry-out"):
        answer = ada.post(
            f"/imports/{made['id']}/{path}", {"choices": {"rule:Typo": "add"}, "version": made["version"]}
        )
        assert answer.status_code == 409
        assert "Rui Reviewer changed the choices" in answer.json()["detail"]
    assert RulesFile.objects.get().state == "ready"


def test_tokens_need_the_scope_and_the_team(ada, people):
    made = ready(ada)
    assert program_of(people.ada, people.team, ["read"]).post(f"/imports/{made['id']}/carry-out", {}).status_code == 403
    assert program_of(people.sam, people.other_team).get(f"/imports/{made['id']}").status_code == 404
    assert program_of(people.vic, people.team).post(f"/imports/{made['id']}/submit").status_code == 403


def test_the_description_names_states_and_limits(client):
    schema = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert "reading" in schema["ImportOut"]["description"]
    assert schema["NewImport"]["properties"]["files"]["maxItems"] == 50
