"""The pages of a team's own behaviours: written as a form or as YAML, checked live, reviewed, taken in and out."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from studio.authoring import services as authoring
from studio.authoring.edits import choose_behaviour
from studio.authoring.examination import examine
from studio.behaviours.models import OwnVersion, State
from studio.behaviours.own import entering, services
from studio.behaviours.own.sheet import Sheet
from tests.studio.authoring.conftest import catalogue
from tests.studio.behaviours.own import TEXT, record
from tests.studio.behaviours.test_own_files import posted
from tests.studio.behaviours.test_own_life import approved
from tests.studio.behaviours.test_pages import text

__all__ = ["catalogue"]
pytestmark = pytest.mark.django_db
NEW = "/behaviours/own/new/"


def sheet_of(given: dict[str, Any], **more: str) -> dict[str, Any]:
    data = posted(Sheet.of_record(given))
    return {**{key: data.getlist(key) for key in data}, "view": "form", **more}


@pytest.fixture
def version(people) -> OwnVersion:
    return services.create(people.team, people.ada, record())


def test_a_new_one_is_saved_from_the_form(signed_in):
    assert "Add an attack event" in text(signed_in.get(NEW, {"technique": "t1490"}))
    answer = signed_in.post(NEW, sheet_of(record()))
    saved = OwnVersion.objects.get()
    assert answer.url == saved.get_absolute_url()
    assert saved.sound
    page = text(signed_in.get(saved.get_absolute_url()))
    for words in ("Every check passes", "Delete our snapshots", "Hand in for review", "t1490-snapctl"):
        assert words in page


def test_a_new_one_is_saved_from_yaml_also_while_it_is_incomplete(signed_in):
    assert signed_in.post(NEW, {"view": "yaml", "text": TEXT.replace("noise: low", "noise: loud")}).status_code == 302
    assert not OwnVersion.objects.get().sound
    answer = signed_in.post(NEW, {"view": "yaml", "text": "id: ["})
    assert answer.status_code == 422
    assert "line 2: This is not YAML" in text(answer)


def test_what_was_entered_survives_a_change_of_view_and_of_rows(signed_in):
    page = text(signed_in.post(NEW, sheet_of(record(), action="view:yaml")))
    assert "run: snapctl delete --all" in page
    page = text(signed_in.post(NEW, {"view": "yaml", "text": TEXT, "action": "view:form"}))
    assert 'value="snapctl delete --all"' in page
    page = text(signed_in.post(NEW, sheet_of(record(), action="add:attack")))
    assert 'id="own-attack-2"' in page
    page = text(signed_in.post(NEW, sheet_of(record(), action="drop:lookalikes:0")))
    assert 'id="own-lookalikes-1"' not in page
    page = text(signed_in.post(NEW, {**sheet_of(record(), action="view:yaml"), "benign-0-more": "a: ["}))
    assert "Settle what can't be read first" in page
    odd = TEXT + "colour: red\n"
    page = text(signed_in.post(NEW, {"view": "yaml", "text": odd, "action": "view:form"}))
    assert "The form can't show it: the form has no place for colour" in page
    assert OwnVersion.objects.count() == 0


def test_the_checks_follow_what_is_written(signed_in):
    check = reverse("behaviours:own_check")
    assert "Every check passes" in text(signed_in.post(check, sheet_of(record())))
    wrong = sheet_of(record(benign=[{"name": "Same", "run": "snapctl delete"}]))
    assert 'href="#own-benign-1"' in text(signed_in.post(check, wrong))
    page = text(
        signed_in.post(check, {"view": "yaml", "text": TEXT.replace("run: snapctl list", "run: snapctl delete")})
    )
    assert "line 22, benign 1: The clause fires on" in page
    assert signed_in.post(check, {}).status_code == 200
    assert signed_in.post(check, {"view": "yaml", "text": "\x00"}).status_code == 200


def test_a_save_over_somebody_elses_is_refused_with_what_was_typed(signed_in, people, version):
    edit = reverse("behaviours:own_edit", args=[version.pk])
    assert 'value="1"' in text(signed_in.get(edit))
    services.save(version.pk, people.team, people.rui, 1, record(title="Theirs"))
    answer = signed_in.post(edit, sheet_of(record(title="Mine"), edition="1"))
    assert answer.status_code == 409
    assert "Rui Reviewer saved" in text(answer)
    assert 'value="Mine"' in text(answer)
    again = sheet_of(record(title="Mine"), edition="2")
    assert signed_in.post(edit, again).status_code == 302
    assert signed_in.get(edit, {"view": "yaml"}).status_code == 200


def test_the_id_that_is_taken_is_said_in_words(signed_in, version):
    answer = signed_in.post(NEW, sheet_of(record()))
    assert answer.status_code == 422
    assert "your team has a behaviour called t1490-snapctl already" in text(answer)


def test_a_review_by_buttons(signed_in, people, version):
    client = Client()
    pages = {name: reverse(f"behaviours:own_{name}", args=[version.pk]) for name in ("hand_in", "withdraw", "decide")}
    assert signed_in.post(pages["hand_in"], {"edition": "9"}).status_code == 302
    assert OwnVersion.objects.get().state == State.DRAFT
    signed_in.post(pages["hand_in"], {"edition": "1"})
    client.force_login(people.rui)
    page = text(client.get(version.get_absolute_url()))
    assert "Approve" in page
    assert "Rui Reviewer" in page
    client.post(pages["decide"], {"verdict": "send_back", "note": ""})
    assert OwnVersion.objects.get().state == State.IN_REVIEW
    client.post(pages["decide"], {"verdict": "send_back", "note": "Name the tool."})
    assert "Name the tool." in text(signed_in.get(version.get_absolute_url()))
    signed_in.post(pages["hand_in"], {"edition": "1"})
    assert signed_in.get(reverse("behaviours:own_edit", args=[version.pk])).status_code == 302
    client.post(pages["decide"], {"verdict": "approve", "seen": version.digest})
    assert OwnVersion.objects.get().state == State.APPROVED
    signed_in.post(reverse("behaviours:own_edit", args=[version.pk]), sheet_of(record(title="Next"), edition="1"))
    page = text(signed_in.get(OwnVersion.objects.get(number=2).get_absolute_url()))
    assert "Against version 1" in page
    assert "+ title: Next" in page


def test_the_list_finds_by_words_and_state(signed_in, people, version):
    services.create(people.team, people.ada, record(id="t1490-second", title="Another one", does="It does."))
    page = text(signed_in.get("/behaviours/own/", {"q": "OUR snapshots"}))
    assert "Delete our snapshots" in page
    assert "Another one" not in page
    assert "No behaviour matches" in text(signed_in.get("/behaviours/own/", {"state": "approved"}))
    assert "Another one" in text(signed_in.get("/behaviours/own/", {"state": "nonsense", "q": "\x00"}))


def test_copies_of_built_in_and_own_ones_get_an_id_of_their_own(signed_in, version):
    page = text(signed_in.get(NEW, {"copy": "t1490-btrfs-delete"}))
    assert 'value="t1490-btrfs-delete-ours"' in page
    assert 'value="t1490-snapctl-ours"' in text(signed_in.get(NEW, {"copy": version.reference}))
    for unknown in ("t0000-none", "own-99999", "own-x"):
        assert signed_in.get(NEW, {"copy": unknown}).status_code == 404


def test_a_described_command_is_saved_as_a_behaviour(signed_in):
    pasted = "sudo applictl wipe --target /srv/data"
    page = signed_in.post("/behaviours/describe/", {"text": pasted})
    assert "Save as a behaviour of the team" in text(page)
    clause = next(p.clause for p in page.context["described"].proposals if not p.behaviour)
    begun = text(signed_in.post(NEW, {"action": "propose", "text": pasted, "clause": clause, "technique": "T1485"}))
    assert 'value="t1485-applictl' in begun
    assert "applictl wipe --target /srv/data" in begun
    lost = signed_in.post(NEW, {"action": "propose", "text": "ls", "clause": clause})
    assert "no such clause any more" in text(lost)


def test_files_go_out_and_come_in(signed_in, people, version):
    one = signed_in.get(reverse("behaviours:own_file", args=[version.pk]))
    assert yaml.safe_load(one.content) == [record()]
    with zipfile.ZipFile(io.BytesIO(signed_in.get("/behaviours/own/export/").content)) as archive:
        assert archive.namelist() == ["t1490-snapctl.yaml"]
        assert yaml.safe_load(archive.read("t1490-snapctl.yaml")) == [record()]
    whole = signed_in.get("/behaviours/own/export/", {"as": "yaml"}).content
    assert yaml.safe_load(whole) == [record()]
    page = signed_in.post("/behaviours/own/import/", {"file": SimpleUploadedFile("a.yaml", whole)})
    assert "word for word" in text(page)


def test_an_import_is_seen_before_it_is_written(signed_in):
    listed = yaml.safe_dump([record(id="t1490-a"), record(id="t1490-b")])
    page = signed_in.post("/behaviours/own/import/", {"file": SimpleUploadedFile("a.yaml", listed.encode())})
    assert "2 behaviours read" in text(page)
    assert OwnVersion.objects.count() == 0
    done = signed_in.post("/behaviours/own/import/", {"texts": page.context["texts"], "hand_in": "1"})
    assert done.url == "/behaviours/own/"
    assert {one.state for one in OwnVersion.objects.all()} == {State.IN_REVIEW}


def test_an_import_says_what_is_wrong_by_line_and_writes_nothing(signed_in, version):
    services.hand_in(version.pk, version.behaviour.team, version.changed_by, 1)
    text_of = TEXT.replace("snapctl\n", "a\n", 1)
    files = {
        "a.yaml": text_of.replace("run: snapctl list", "run: snapctl delete"),
        "b.yaml": "a: [",
        "c.yaml": TEXT.replace("title: Delete our snapshots", "title: New words"),
        "d.yaml": TEXT.replace("id: t1490-snapctl", "id: t1490-rm-recursive-force"),
        "e.yaml": text_of,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, one in files.items():
            archive.writestr(name, one)
    page = signed_in.post("/behaviours/own/import/", {"file": SimpleUploadedFile("a.zip", buffer.getvalue())})
    assert page.status_code == 422
    for words in (
        "line 22, benign 1: The clause fires on",
        "line 2: This is not YAML",
        "line 1, id: It is in review",
        "t1490-rm-recursive-force is built in",
        "The id stands twice",
    ):
        assert words in text(page), words
    forced = signed_in.post("/behaviours/own/import/", {"texts": json.dumps(files)})
    assert forced.status_code == 422
    assert OwnVersion.objects.count() == 1


@pytest.mark.parametrize("sent", ["", "[", "{}", "7", '{"a": 7}', "[" * 100_000])
def test_an_import_that_arrives_broken_is_refused(signed_in, sent):
    assert signed_in.post("/behaviours/own/import/", {"texts": sent}).status_code == 302
    for data in ({}, {"file": SimpleUploadedFile("a.zip", b"PK\x03\x04")}, {"file": SimpleUploadedFile("a", b"")}):
        assert signed_in.post("/behaviours/own/import/", data).status_code == 422


def test_approved_ones_stand_beside_the_built_in_ones(signed_in, people, version, catalogue):
    client = Client()
    client.force_login(people.vic)
    assert "Delete our snapshots" not in text(client.get("/behaviours/", {"technique": "T1490"}))
    assert "Harbour, draft" in text(signed_in.get("/behaviours/", {"technique": "T1490"}))
    approved(people, version)
    for address in ("/behaviours/?technique=T1490", "/attack/techniques/T1490/", "/search/?q=our+snapshots"):
        assert "Delete our snapshots" in text(client.get(address, follow=True)), address
    assert client.get(f"/behaviours/{version.reference}/").url == version.get_absolute_url()
    client.force_login(people.sam)
    assert "Delete our snapshots" not in text(client.get("/behaviours/", {"technique": "T1490"}))


def test_a_rule_uses_one_and_a_stranger_cannot(signed_in, people, version, catalogue):
    client = Client()
    approved(people, version)
    draft = authoring.create(people.team, people.ada, ("T1490",))
    step = reverse("authoring:step", args=[draft.pk, "behaviours"])
    page = text(signed_in.get(step))
    assert "Delete our snapshots" in page
    assert "Harbour" in page
    answer = signed_in.post(step, {"version": draft.version, "action": "choose", "behaviour": version.reference})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert "snapctl" in draft.rule_content().condition
    exam = examine(draft.rule_content(), draft.samples_id)
    assert [(one.sample.name, one.matched) for one in exam.lab.attacks] == [("Delete one", True)]
    assert [one.sample.name for one in exam.lab.benign] == ["List them", "The rotation"]
    theirs = authoring.create(people.other_team, people.sam, ("T1490",))
    client.force_login(people.sam)
    for more in ({}, {"chosen": "1"}):
        posted_to = reverse("authoring:step", args=[theirs.pk, "behaviours"])
        data = {"version": theirs.version, "action": "choose", "behaviour": version.reference, **more}
        assert client.post(posted_to, data).status_code == 422
    assert client.post("/drafts/new/", {"technique": "T1490", "behaviour": version.reference}).status_code == 422


def test_a_rule_is_begun_from_its_page(signed_in, people, version, catalogue):
    page = text(signed_in.get(version.get_absolute_url()))
    assert "Start a rule" in page
    answer = signed_in.post("/drafts/new/", {"technique": "T1490", "behaviour": version.reference})
    assert answer.status_code == 302
    assert "snapctl" in text(signed_in.get(answer.url))
    services.withdraw(version.pk, people.team, people.ada)
    assert "Start a rule" not in text(signed_in.get(version.get_absolute_url()))


def test_the_events_of_a_draft_follow_its_changes(people, version, catalogue):
    draft = authoring.create(people.team, people.ada, ("T1490",))
    clause = record()["clause"].replace("$verb", "delete")
    edit = choose_behaviour(version.reference, "x", {}, clause)
    draft = authoring.edit(draft.pk, authoring.Seen(people.ada, people.team, draft.version), edit)
    assert len(examine(draft.rule_content(), draft.samples_id).lab.attacks) == 1
    two = [*record()["attack"], {"name": "Another", "run": "snapctl delete x"}]
    services.save(version.pk, people.team, people.ada, 1, record(attack=two))
    assert len(examine(draft.rule_content(), draft.samples_id).lab.attacks) == 2


def test_a_blank_sheet_says_nothing_yet():
    assert entering.blank("T1490").look.complaints == ()
