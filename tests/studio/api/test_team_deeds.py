"""What a team does beside its rules, by programs: people, webhooks, advice, behaviours, runs, ways out."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlsplit

import pytest

from studio.accounts.models import Membership, OneTimeLink
from studio.audit.models import JournalEntry
from studio.behaviours.own.writing import to_yaml
from studio.lab import runs
from studio.lab.models import LabRun
from studio.notices.models import Webhook
from studio.packs import pack_services
from tests.studio.behaviours.own import record

pytestmark = pytest.mark.django_db


def test_people_are_invited_given_roles_and_taken_out(programs, people, client):
    ann, mai = programs["ann"], programs["mai"]
    assert mai.post("/invitations", {"email": "new@x.example"}).status_code == 403
    made = ann.post("/invitations", {"email": "New@x.example", "role": "reviewer"}).json()
    assert client.get(urlsplit(made["link"]).path).status_code == 200
    assert ann.post("/invitations", {"email": "no address"}).json()["errors"][0]["place"] == "email"
    assert ann.ask("delete", f"/invitations/{made['invitation']['id']}").status_code == 204
    assert not OneTimeLink.objects.exists()
    members = {one["person"]["name"]: one["id"] for one in mai.get("/members").json()}
    vic, own = members["Vic Viewer"], members["Ann Administrator"]
    assert ann.ask("put", f"/members/{vic}/role", {"role": "author"}).json()["role"] == "author"
    assert ann.ask("delete", f"/members/{vic}").status_code == 204
    refused = ann.ask("put", f"/members/{own}/role", {"role": "author"})
    assert (refused.status_code, Membership.objects.get(pk=own).role) == (409, "administrator")
    assert ann.ask("patch", "/team", {"required_approvals": 2}).json()["required_approvals"] == 2
    assert ann.ask("patch", "/team", {"second_factor_required": True}).status_code == 422


def test_a_webhook_is_made_tried_and_taken_away(programs, people):
    ann = programs["ann"]
    given = {"name": "Chat", "url": "https://x.example/hook/SECRET", "events": ["rule.approved"]}
    assert programs["mai"].post("/webhooks", given).status_code == 403
    made = ann.post("/webhooks", given).json()
    assert made["secret"].startswith("whsec_")
    told = ann.get("/webhooks").content.decode()
    assert "x.example" in told
    assert "SECRET" not in told
    assert ann.post("/webhooks", given).status_code == 409
    assert (
        ann.post("/webhooks", {**given, "name": "In", "url": "https://10.0.0.1/"}).json()["errors"][0]["place"] == "url"
    )
    where = f"/webhooks/{made['webhook']['id']}"
    changed = ann.ask("put", where, {**given, "name": "Talk", "is_active": False}).json()
    assert (changed["name"], changed["is_active"]) == ("Talk", False)
    assert ann.post(f"{where}/secret").json()["secret"] != made["secret"]
    Webhook.objects.update(sealed_url="")  # so that nothing leaves
    trial = ann.post(f"{where}/trial").json()
    assert [one["id"] for one in ann.get(f"{where}/deliveries").json()["items"]] == [trial["id"]]
    assert ann.get(f"/webhook-deliveries/{trial['id']}").json()["body"]
    assert ann.ask("delete", where).status_code == 204


def test_advice_is_switched_off_for_the_team_and_for_one_rule(programs, draft):
    ada, mai = programs["ada"], programs["mai"]
    path = "/lints/MEWS_DESC_PERIOD/off"
    assert ada.ask("put", path, {"reason": "Not for us"}).status_code == 403
    assert mai.ask("put", path, {"reason": "Not for us"}).json()["off"]["by"]["name"] == "Mai Maintainer"
    assert [one["code"] for one in ada.get("/lints", kind="off").json()] == ["MEWS_DESC_PERIOD"]
    assert mai.ask("delete", path).status_code == 204
    assert ada.get("/lints", kind="off").json() == []
    assert mai.ask("put", "/lints/LOAD_COMPILE_CONDITION/off", {"reason": "No thanks"}).status_code == 404
    waived = ada.ask(
        "put", f"/drafts/{draft.pk}/waivers/MEWS_DESC_PERIOD", {"version": draft.version, "reason": "As is"}
    )
    assert waived.status_code == 200, waived.content
    [kept] = waived.json()["content"]["waivers"]
    assert (kept["code"], kept["reason"], kept["by"]) == ("MEWS_DESC_PERIOD", "As is", "Ada Author")
    back = ada.post(f"/drafts/{draft.pk}/waivers/MEWS_DESC_PERIOD/take-back", {"version": waived.json()["version"]})
    assert back.json()["content"]["waivers"] == []


def test_a_behaviour_of_the_team_lives_by_programs(programs):
    ada, rui = programs["ada"], programs["rui"]
    text = to_yaml(record())
    made = ada.post("/own-behaviours", {"yaml": text}).json()
    where = f"/own-behaviours/{made['id']}"
    assert ada.post("/own-behaviours", {"yaml": text}).status_code == 409
    assert ada.post("/own-behaviours", {"yaml": "- a: [\n"}).json()["errors"][0]["place"].startswith("line ")
    changed = ada.ask(
        "put", where, {"yaml": to_yaml({**record(), "title": "Another"}), "edition": made["edition"]}
    ).json()
    assert changed["title"] == "Another"
    assert ada.ask("put", where, {"yaml": text, "edition": made["edition"]}).status_code == 409
    assert ada.post(f"{where}/hand-in", {"edition": changed["edition"]}).json()["state"] == "in_review"
    assert ada.post(f"{where}/approve", {"seen": changed["digest"]}).status_code == 403
    assert rui.post(f"{where}/approve", {"seen": "another"}).status_code == 409
    assert rui.post(f"{where}/approve", {"seen": changed["digest"]}).json()["state"] == "approved"
    assert ada.get("/behaviours", q="another").json()["items"][0]["id"] == made["reference"]
    files = [{"name": "ours.yaml", "text": rui.get(where).json()["yaml"]}]
    said = ada.post("/own-behaviours/import", {"files": files, "preview": True}).json()
    assert [one["becomes"] for one in said] == ["unchanged"]


def test_a_file_of_events_is_tried_and_its_examples_are_kept(ada, draft, people, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    ada.ask("patch", f"/drafts/{draft.pk}", {"version": draft.version, "content": {"condition": "proc.name = sh"}})
    rules = {one["key"]: one["kind"] for one in ada.get("/lab/rules").json()}
    [key] = rules
    file = BytesIO(b'{"evt.type": "execve", "proc.name": "sh"}\n' * 3)
    file.name = "events.jsonl"
    headers = {"Authorization": f"Bearer {ada.secret}"}
    sent = ada.client.post("/api/v1/lab/runs", {"rule": key, "upload": file}, headers=headers)
    assert sent.status_code == 201
    where = f"/lab/runs/{sent.json()['id']}"
    runs.carry_out(LabRun.objects.get())
    done = ada.get(where).json()
    assert (done["state"], done["events"], done["fired"]) == ("done", 3, 3)
    assert ada.post(f"{where}/keep", {"examples": ["0-99"], "expectation": "match"}).status_code == 422
    assert ada.post(f"{where}/keep", {"examples": ["0-0"], "expectation": "match"}).json() == {"kept": 1}
    assert ada.post(f"{where}/cancel").status_code == 409
    assert ada.client.post("/api/v1/lab/runs", {"rule": key}, headers=headers).status_code == 422
    broken = ada.client.post("/api/v1/lab/runs", b"--x", "multipart/form-data; boundary=y", headers=headers)
    assert (broken.status_code, broken["Content-Type"]) == (422, "application/problem+json")


def test_views_notices_links_and_entries(programs, people):
    ada, mai = programs["ada"], programs["mai"]
    kept = ada.post(
        "/views", {"list": "rules", "name": "Loud", "query": "priority=ERROR&page=2", "shared": True}
    ).json()
    assert (kept["query"], kept["list"]) == ("priority=ERROR", "rules")
    assert [one["name"] for one in mai.get("/views", list="rules").json()] == ["Loud"]
    assert ada.ask("delete", f"/views/{kept['id']}").status_code == 204
    assert ada.ask("patch", "/notices/mail", {"ways": {"comment": "never"}}).json()["ways"]["comment"] == "never"
    assert ada.post("/notices/read", {}).json() == {"read": 0}
    pack_services.create(people.team, people.ada, name="base", title="Base")
    link = mai.post("/packs/base/links", {"label": "Servers"}).json()
    assert link["address"].endswith("/FILE")
    assert [one["label"] for one in mai.get("/packs/base/links").json()] == ["Servers"]
    assert mai.ask("delete", f"/packs/base/links/{link['link']['id']}").status_code == 204
    refused = mai.post("/packs/base/destinations", {"kind": "git", "label": "x", "address": "https://g.example/x.git"})
    assert refused.json()["errors"][0]["place"] == "address"
    newest = mai.get("/journal/entries", about="channel").json()["items"][0]
    assert (newest["verb"], newest["number"]) == ("channel.revoked", JournalEntry.objects.latest("number").number)
    assert mai.get("/journal").status_code == 403
    assert mai.ask("put", "/review-assignment", {"how": "turn", "owners": {"impact": people.rui.pk}}).status_code == 422
