"""What holds on the pages of an approval holds for programs too, with a problem in words."""

from __future__ import annotations

import pytest

from studio.authoring import edits
from studio.authoring import services as authoring
from studio.authoring.services import Seen
from studio.behaviours.own import services as own
from studio.lab import services as lab
from studio.lab.events import ParsedEvent
from studio.packs import pack_services
from tests.studio.behaviours.own import record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def problem(answer, status, words):
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert words in str(answer.json())


@pytest.fixture
def pack(desk, people):
    desk.write_article()
    made = pack_services.create(people.team, people.ada, name="harbour", title="Harbour", description="")
    pack_services.add(made, people.ada, [desk.draft.pk])
    made.refresh_from_db()
    return made


def submit(ada, desk):
    path = f"/drafts/{desk.draft.pk}"
    return ada.post(f"{path}/hand-in", {"version": ada.get(path).json()["version"]}).json()


def test_a_program_passes_no_unapproved_behaviour_of_a_colleague(programs, desk, people):
    theirs = own.create(people.team, people.rui, record())
    path = f"/drafts/{desk.draft.pk}"

    def add(who):
        body = {"version": desk.now().version, "content": {"behaviours": [{"id": theirs.reference}]}}
        return programs[who].ask("patch", path, body)

    problem(add("ada"), 422, "You can't use the behaviour")
    problem(programs["ada"].post("/drafts", {"behaviour": theirs.reference}), 422, "behaviour")
    assert theirs.reference not in str(desk.now().content)
    assert add("rui").status_code == 200
    body = {
        "version": desk.now().version,
        "content": {"behaviours": [{"id": theirs.reference, "parameters": {"verb": "rm"}}]},
    }
    assert programs["ada"].ask("patch", path, body).status_code == 200  # the rule has it already


def test_a_program_reads_what_was_frozen(programs, desk, people):
    desk.write_article()
    mine = own.create(people.team, people.ada, record())
    body = {"version": desk.now().version, "content": {"behaviours": [{"id": mine.reference}]}}
    assert programs["ada"].ask("patch", f"/drafts/{desk.draft.pk}", body).status_code == 200
    event = lab.add(desk.draft.samples, people.ada, [ParsedEvent("Kept", {"evt.type": "execve"})], "match")[0]
    revision = submit(programs["ada"], desk)
    lab.remove(desk.draft.samples, people.ada, event.pk)
    own.save(mine.pk, people.team, people.ada, 1, record(title="Late"))
    read = programs["rui"].get(f"/revisions/{revision['id']}").json()
    assert read["samples"] == [{"name": "Kept", "expectation": "match", "fields": {"evt.type": "execve"}}]
    [kept] = read["own_behaviours"]
    assert (kept["id"], kept["title"], kept["unapproved"], kept["changed"]) == (
        mine.reference, "Delete our snapshots", True, True,
    )  # fmt: skip
    assert kept["record"]["emulate"] == record()["emulate"]


def test_open_threads_answer_with_a_problem(programs, desk, people):
    desk.write_article()
    assert programs["ann"].ask("patch", "/team", {"open_threads_block": True}).json()["open_threads_block"] is True
    revision = submit(programs["ada"], desk)
    where = f"/revisions/{revision['id']}"
    thread = programs["rui"].post(f"{where}/threads", {"place": "whole", "text": "Why?"}).json()
    assert "1 conversation is open" in programs["rui"].get(where).json()["blocked"]
    problem(programs["rui"].post(f"{where}/approve", {"seen": revision["content_hash"]}), 409, "conversation is open")
    programs["rui"].post(f"/threads/{thread['id']}/resolve")
    assert programs["rui"].post(f"{where}/approve", {"seen": revision["content_hash"]}).json()["state"] == "approved"


def test_approved_rules_only_answers_with_a_problem(programs, pack):
    assert programs["ann"].ask("patch", "/team", {"approved_rules_only": True}).json()["approved_rules_only"] is True
    body = {"version": "1.0.0", "seen": pack.version, "exception": "An incident."}
    problem(programs["ann"].post("/packs/harbour/releases", body), 409, "releases approved rules only")
    assert "approved rules only" in programs["ann"].get("/packs/harbour/proposal").json()["refusal"]


def test_ones_own_unapproved_rule_answers_with_a_problem(programs, pack, desk, people):
    now = desk.now()
    authoring.edit(now.pk, Seen(people.mai, people.team, now.version), edits.set_output("By Mai %user.name"))
    body = {"version": "1.0.0", "seen": pack.version, "exception": "An incident."}
    problem(programs["mai"].post("/packs/harbour/releases", body), 409, "Only an administrator")
    assert programs["ann"].get("/packs/harbour/proposal").json()["refusal"] == ""
    assert programs["ann"].post("/packs/harbour/releases", body).status_code == 201


def test_a_rule_whose_draft_is_deleted_is_deprecated_by_a_maintainer_with_a_reason(programs, desk):
    desk.write_article()
    revision = submit(programs["ada"], desk)
    programs["rui"].post(f"/revisions/{revision['id']}/approve", {"seen": revision["content_hash"]})
    assert programs["ada"].ask("delete", f"/drafts/{desk.draft.pk}").status_code == 204
    rule = f"/rules/{desk.draft.pk}"
    assert programs["vic"].get(rule).json()["state"] == "approved"
    problem(programs["rui"].post(f"{rule}/deprecate", {"reason": "Old"}), 403, "")
    assert programs["mai"].post(f"{rule}/deprecate", {"reason": ""}).status_code == 422
    assert programs["mai"].post(f"{rule}/deprecate", {"reason": "Old"}).json()["state"] == "deprecated"
