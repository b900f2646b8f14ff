"""An author asks for a file, the worker makes it, and the journal knows who took it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.authoring.services import create
from studio.packs import services, tasks
from studio.packs.models import ExportRun
from tests.studio.packs.test_making import T1490

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(people):
    made = create(people.team, people.ada)
    made.content, made.title = T1490, T1490["name"]
    made.save()
    return made


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.FALCO_BINARY = "/nowhere/falco"


def test_it_makes_the_file_and_hands_it_over(signed_in, people, draft, django_capture_on_commit_callbacks, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    with django_capture_on_commit_callbacks(execute=False) as sent:
        answer = signed_in.post(reverse("packs:start"), {"draft": draft.pk, "mode": "overlay"})
    run = ExportRun.objects.get()
    assert answer.url == run.get_absolute_url()
    assert (run.state, len(sent)) == ("waiting", 1)
    assert b"Waiting for the worker" in signed_in.get(run.get_absolute_url()).content
    tasks.make_export(str(run.pk))
    page = signed_in.get(run.get_absolute_url()).content.decode()
    assert "- rule: Disable recovery features" in page
    file = signed_in.post(reverse("packs:download", args=[run.pk]))
    assert file["Content-Disposition"] == 'attachment; filename="falco_rules.local.yaml"'
    assert b"- rule: Disable recovery features" in file.content
    verbs = list(
        JournalEntry.objects.filter(verb__startswith="export.").order_by("number").values_list("verb", "actor")
    )
    assert verbs == [
        ("export.requested", "Ada Author"),
        ("export.done", "Ada Author"),
        ("export.downloaded", "Ada Author"),
    ]


def test_it_exports_the_rule_as_it_was_when_asked(people, draft):
    run = services.start(people.team, people.ada, [draft], "overlay")
    draft.content = {**T1490, "name": "Another name"}
    draft.save()
    services.carry_out(run)
    assert "Disable recovery features" in run.path.read_text()


def test_it_refuses_and_says_which_rule_and_why(signed_in, people, draft):
    draft.content = {**T1490, "condition": "spawned_process and proc.nme = rm"}
    draft.save()
    run = services.carry_out(services.start(people.team, people.ada, [draft], "overlay"))
    page = signed_in.get(run.get_absolute_url()).content.decode()
    assert run.state == "refused"
    assert "proc.nme" in page
    assert reverse("authoring:step", args=[draft.pk, "check"]) in page
    assert signed_in.post(reverse("packs:download", args=[run.pk])).status_code == 404


def test_it_does_nothing_when_the_message_comes_twice(people, draft):
    run = services.carry_out(services.start(people.team, people.ada, [draft], "overlay"))
    finished = run.finished_at
    tasks.make_export(str(run.pk))
    run.refresh_from_db()
    assert run.finished_at == finished


def test_it_tells_when_something_of_ours_breaks(signed_in, people, draft, monkeypatch):
    run = services.start(people.team, people.ada, [draft], "overlay")
    monkeypatch.setattr(services, "make", lambda *_: 1 / 0)
    tasks.make_export(str(run.pk))
    page = signed_in.get(run.get_absolute_url()).content.decode()
    assert "Try again" in page


def test_it_sends_stranded_runs_again(people, draft):
    run = services.start(people.team, people.ada, [draft], "overlay")
    assert list(services.stranded()) == [run]
    services.carry_out(run)
    assert list(services.stranded()) == []


def test_it_lets_viewers_look_but_not_export(client, people, draft):
    with pytest.raises(RoleNeeded):
        services.start(people.team, people.vic, [draft], "overlay")
    client.force_login(people.vic)
    assert client.get(reverse("packs:list")).status_code == 200
    assert client.post(reverse("packs:start"), {"draft": draft.pk, "mode": "overlay"}).status_code == 403


def test_it_hides_exports_and_drafts_from_other_teams(client, people, draft):
    run = services.start(people.team, people.ada, [draft], "overlay")
    client.force_login(people.sam)
    assert client.get(run.get_absolute_url()).status_code == 404
    answer = client.post(reverse("packs:start"), {"draft": draft.pk, "mode": "overlay"})
    assert answer.status_code in {200, 422}
    assert ExportRun.objects.count() == 1


@pytest.mark.parametrize("junk", [{}, {"draft": "x" * 5000, "mode": "overlay"}, {"draft": "1\x00", "mode": "zip"}])
def test_it_answers_junk_with_words(signed_in, people, draft, junk):
    answer = signed_in.post(reverse("packs:start"), junk)
    assert answer.status_code == 422
    assert b"rule" in answer.content
