"""Imports in the worker: read under limits, imported all or nothing, once, whoever dies or clicks meanwhile."""

from __future__ import annotations

import io
import os
import signal
import time
import zipfile

import pytest
from django.db import connection

from studio.audit.models import JournalEntry
from studio.authoring import services as authoring
from studio.authoring.models import Draft
from studio.authoring.services import Seen
from studio.claims import claimed
from studio.definitions.models import Definition
from studio.library import import_jobs, import_services, import_worker, importing, reading_files, tasks
from studio.library.import_items import Change
from studio.library.import_jobs import AlreadyImportedError, BusyError, ChangedChoicesError
from studio.library.models import RulesFile
from studio.review.models import Revision
from tests.studio.authoring.conftest import catalogue
from tests.studio.library.imports import FILE, RULE, choices, on_disk, read, start, work

__all__ = ["catalogue", "on_disk"]


def nothing(*_):
    """Progress that nobody looks at."""


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, monkeypatch):
    """Nothing is sent: the tests say when the worker works."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(import_jobs, "_send", nothing)


# --- reading ---


@pytest.mark.django_db
def test_the_request_only_stores_the_upload(signed_in, monkeypatch):
    monkeypatch.setattr(importing, "plan", lambda *_: pytest.fail("the request made the plan"))
    answer = signed_in.post("/library/import/", {"text": FILE})
    file = RulesFile.objects.get()
    assert (answer.url, file.state) == (file.get_absolute_url(), "reading")
    page = signed_in.get(answer.url).content.decode()
    assert "Waiting for the worker" in page
    assert 'hx-trigger="load delay' in page
    assert '<noscript><meta http-equiv="refresh" content="3">' in page


@pytest.mark.django_db
def test_the_plan_is_stored_and_no_page_makes_it_again(signed_in, people, monkeypatch):
    file = read(people)
    assert file.state == "ready"
    assert list(file.items.values_list("kind", flat=True)) == ["rule", "rule", "rule", "macro", "list"]
    monkeypatch.setattr(importing, "plan", lambda *_: pytest.fail("a page made the plan"))
    assert "Crane started" in signed_in.get(file.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_needs_too_much_memory_fails_with_a_sentence_and_can_be_tried_again(
    people, on_disk, settings, monkeypatch
):
    settings.IMPORT_MEMORY_MIB = 256
    file = start(people)
    own = importing.plan
    monkeypatch.setattr(importing, "plan", lambda *_: bytearray(3 * 1024**3))
    file = work(file)
    assert file.state == "failed"
    assert "more than the 256 MiB of memory that an import may use" in file.trouble
    monkeypatch.setattr(importing, "plan", own)
    import_jobs.retry(file.pk, people.team, people.ada)
    assert work(file).state == "ready"


@pytest.mark.django_db(transaction=True)
def test_an_archive_whose_reading_allocates_is_stopped_in_the_child(people, on_disk, settings, monkeypatch):
    settings.IMPORT_MEMORY_MIB = 256
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rules.yaml", FILE)
    own = reading_files.unpacked

    def hostile(*what):
        held = [bytearray(64 * 1024**2) for _ in range(48)]  # 3 GiB, bit by bit
        return own(*what) if held else {}

    monkeypatch.setattr(reading_files, "unpacked", hostile)
    file = import_jobs.start(people.team, people.ada, "rules.zip", data.getvalue())
    assert work(file).state == "failed"
    monkeypatch.setattr(reading_files, "unpacked", own)
    import_jobs.retry(file.pk, people.team, people.ada)
    file = work(file)
    assert (file.state, file.data, file.items.count()) == ("ready", None, 5)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_takes_too_long_fails_with_a_sentence(people, on_disk, settings, monkeypatch):
    settings.IMPORT_SECONDS = 1
    monkeypatch.setattr(importing, "plan", lambda *_: time.sleep(60))
    assert "takes longer than the 1 s that an import may take" in work(start(people)).trouble


@pytest.mark.django_db(transaction=True)
def test_a_child_that_is_killed_fails_the_import_with_a_sentence(people, on_disk, monkeypatch):
    monkeypatch.setattr(importing, "plan", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    assert "was killed (signal 9)" in work(start(people)).trouble


@pytest.mark.django_db
def test_what_breaks_inside_is_told_without_details(people, monkeypatch):
    monkeypatch.setattr(importing, "plan", lambda *_: 1 / 0)
    file = work(start(people))
    assert (file.state, file.trouble) == ("failed", import_worker.BROKEN)


@pytest.mark.django_db
def test_a_file_that_falco_cannot_read_shows_where(signed_in, people):
    file = read(people, "- rule: x\n  foo: [\n")
    page = signed_in.get(file.get_absolute_url()).content.decode()
    assert file.state == "failed"
    assert "Falco cannot read this file." in page
    assert "ine 3" in page


@pytest.mark.django_db
def test_a_lost_message_is_sent_again_and_a_second_one_does_nothing(people):
    file = start(people)
    assert list(import_jobs.stranded()) == [file]
    file = work(file)
    assert list(import_jobs.stranded()) == []
    stamp = list(file.items.values_list("pk", flat=True))
    assert list(work(file).items.values_list("pk", flat=True)) == stamp


@pytest.mark.django_db
def test_while_one_process_reads_another_leaves_it_alone(people):
    file = start(people)
    with claimed(f"import-{file.pk}"):
        tasks.import_rules(file.pk)
        assert RulesFile.objects.get(pk=file.pk).state == "reading"
    assert work(file).state == "ready"


@pytest.mark.django_db
def test_a_file_over_which_workers_die_is_given_up(people):
    file = start(people)
    RulesFile.objects.filter(pk=file.pk).update(attempts=import_worker.MAX_ATTEMPTS)
    file = work(file)
    assert "The worker stopped 5 times" in file.trouble


@pytest.mark.django_db
def test_a_change_of_placing_while_it_is_read_is_not_lost(people, monkeypatch):
    file = start(people)
    own = importing.plan
    wanted = []

    def plan(team, files, placing, progress):
        if not wanted:  # while the worker reads, the row asks for another plan
            RulesFile.objects.filter(pk=file.pk).update(
                placing={"where": "inline", "title": "", "rule_set": ""}, request=2
            )
        wanted.append(placing.where)
        return own(team, files, placing, progress)

    monkeypatch.setattr(importing, "plan", plan)
    assert work(file).state == "ready"
    assert wanted == ["team", "inline"]


@pytest.mark.django_db
def test_a_new_placing_makes_the_plan_again_and_choices_stay(people):
    file = read(people)
    import_jobs.choose(file.pk, people.team, people.ada, Change({"rule:Hoist started": "skip"}))
    file = import_jobs.place(file.pk, people.team, people.ada, importing.Placing("inline"))
    assert file.state == "reading"
    file = work(file)
    assert choices(file) == {
        "rule:Crane started": "add", "rule:Hoist started": "skip", "rule:Typo": "add",
        "macro:tool": "skip", "list:tools": "skip",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_change_of_the_teams_rules_makes_the_plan_again(signed_in, people):
    file = read(people)
    other = read(people, RULE.format(name="Crane started", tool="winch"))
    import_jobs.ask(other.pk, people.team, people.ada)
    work(other)
    assert "Waiting for the worker" in signed_in.get(file.get_absolute_url()).content.decode()
    file = work(file)
    assert file.items.get(key="rule:Crane started").standing == "differs"
    assert "Differs from the team" in signed_in.get(file.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_change_of_other_rules_does_not(people):
    file = read(people)
    authoring.create(people.team, people.ada)
    assert import_jobs.refresh(file).state == "ready"


@pytest.mark.django_db
def test_old_and_too_many_unfinished_imports_are_deleted(people, monkeypatch):
    monkeypatch.setattr(import_jobs, "MAX_UNFINISHED", 3)
    files = [start(people) for _ in range(5)]
    assert set(RulesFile.objects.all()) == set(files[2:])


# --- importing ---


@pytest.mark.django_db
def test_it_imports_once_and_says_who_did(people):
    file = read(people)
    import_jobs.ask(file.pk, people.team, people.rui)
    with pytest.raises(BusyError, match="is being imported by Rui Reviewer"):
        import_jobs.ask(file.pk, people.team, people.ada)
    file = work(file)
    assert (file.state, file.imported_by, Draft.objects.count()) == ("imported", people.rui, 3)
    assert file.items.count() == 0
    tasks.import_rules(file.pk)
    assert Draft.objects.count() == 3
    with pytest.raises(AlreadyImportedError, match="was imported already"):
        import_jobs.ask(file.pk, people.team, people.ada)
    verbs = JournalEntry.objects.filter(verb__startswith="rules_file.").order_by("number").values_list("verb", "actor")
    assert list(verbs) == [
        ("rules_file.kept", "Ada Author"),
        ("rules_file.import_requested", "Rui Reviewer"),
        ("rules_file.imported", "Rui Reviewer"),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_child_that_is_killed_midway_imports_nothing(people, on_disk, monkeypatch):
    file = read(people)
    import_jobs.ask(file.pk, people.team, people.ada)
    own = import_services._Carrying.rule

    def rule(carrying, item):
        if item.name == "Typo":
            os.kill(os.getpid(), signal.SIGKILL)
        return own(carrying, item)

    monkeypatch.setattr(import_services._Carrying, "rule", rule)
    file = work(file)
    assert file.state == "failed"
    assert "Nothing was imported" in file.trouble
    assert not Draft.objects.exists()
    assert not Definition.objects.exists()
    monkeypatch.setattr(import_services._Carrying, "rule", own)
    import_jobs.retry(file.pk, people.team, people.ada)
    file = work(file)
    import_jobs.ask(file.pk, people.team, people.ada)
    assert work(file).state == "imported"
    assert Draft.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_midway_leaves_an_import_that_the_next_one_finishes(people, on_disk, monkeypatch):
    file = read(people)
    import_jobs.ask(file.pk, people.team, people.ada)
    connection.close()
    worker = os.fork()
    if worker == 0:  # a worker whose child writes for a minute
        own = import_services._Carrying.rule
        monkeypatch.setattr(import_services._Carrying, "rule", lambda *what: (time.sleep(60), own(*what))[1])
        try:
            tasks.import_rules(file.pk)
        finally:
            os._exit(1)
    until = time.monotonic() + 20
    while not RulesFile.objects.filter(pk=file.pk, attempts=1).exists() and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    time.sleep(0.5)
    assert list(import_jobs.stranded()) == [file]
    assert not Draft.objects.exists()
    assert work(file).state == "imported"
    assert Draft.objects.count() == 3


@pytest.mark.django_db
def test_what_changed_since_the_preview_is_shown_again_and_not_imported(signed_in, people):
    file = read(people)
    other = read(people, RULE.format(name="Crane started", tool="winch"))
    import_jobs.ask(file.pk, people.team, people.ada)
    import_jobs.ask(other.pk, people.team, people.rui)
    work(other)
    file = work(file)
    assert (file.state, Draft.objects.count()) == ("ready", 1)
    page = signed_in.get(file.get_absolute_url()).content.decode()
    assert "changed since you checked this import: 1 item differs now" in page


@pytest.mark.django_db
def test_an_edit_between_preview_and_import_is_not_overwritten_by_a_stale_version(people):
    file = read(people)
    import_jobs.ask(file.pk, people.team, people.ada)
    work(file)
    again = read(people, FILE.replace("hoist", "winch"))
    import_jobs.choose(again.pk, people.team, people.ada, Change({"rule:Hoist started": "replace"}))
    draft = Draft.objects.get(title="Hoist started")
    authoring.edit(
        draft.pk,
        Seen(people.rui, people.team, draft.version),
        authoring.Edit("Changed", lambda now: importing.replace(now, desc="Changed by Rui.")),
    )
    assert import_jobs.refresh(again).state == "reading"


@pytest.mark.django_db
def test_choices_of_another_person_are_not_imported_unseen(people):
    file = read(people)
    import_jobs.choose(file.pk, people.team, people.rui, Change({"rule:Typo": "skip"}), file.version)
    with pytest.raises(ChangedChoicesError, match="Rui Reviewer changed the choices"):
        import_jobs.ask(file.pk, people.team, people.ada, file.version)
    with pytest.raises(ChangedChoicesError):
        import_jobs.choose(file.pk, people.team, people.ada, Change({"rule:Typo": "add"}), file.version)
    import_jobs.ask(file.pk, people.team, people.ada, file.version + 1)
    work(file)
    assert not Draft.objects.filter(title="Typo").exists()


@pytest.mark.django_db
def test_nothing_selected_is_not_imported(people):
    file = read(people)
    import_jobs.choose(file.pk, people.team, people.ada, Change({}, "skip"))
    with pytest.raises(BusyError, match="Select at least one item"):
        import_jobs.ask(file.pk, people.team, people.ada)


@pytest.mark.django_db
def test_a_person_who_lost_the_role_meanwhile_imports_nothing(people):
    file = read(people)
    import_jobs.ask(file.pk, people.team, people.ada)
    people.ada.memberships.update(role="viewer")
    file = work(file)
    assert "no longer an author" in file.trouble
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_drafts_are_submitted_one_by_one(signed_in, people, catalogue):
    file = read(people)
    import_jobs.ask(file.pk, people.team, people.ada)
    work(file)
    page = signed_in.get(file.get_absolute_url()).content.decode()
    assert "Submit all 3 drafts for review" in page
    signed_in.post(file.get_absolute_url(), {"do": "submit"})
    assert "0 of 3 drafts" in signed_in.get(file.get_absolute_url()).content.decode()
    assert list(import_jobs.stranded()) == [file]
    file = work(file)
    page = signed_in.get(file.get_absolute_url()).content.decode()
    submitted = {name: done for name, _, done, _ in file.submission if name}
    assert set(submitted) == {"Crane started", "Hoist started", "Typo"}
    assert submitted["Typo"] is False
    assert f"Submitted {sum(submitted.values())} of 3 drafts for review" in page
    assert Revision.objects.count() == sum(submitted.values())


@pytest.mark.django_db
def test_other_teams_and_viewers_have_no_part_in_it(client, people):
    file = read(people)
    client.force_login(people.sam)
    assert client.get(file.get_absolute_url()).status_code == 404
    assert client.post(file.get_absolute_url(), {"do": "import"}).status_code == 404
    client.force_login(people.vic)
    assert client.post(file.get_absolute_url(), {"do": "import"}).status_code == 403
    client.force_login(people.ada)
    assert client.post("/library/import/99999999999999999999/").status_code == 404
    assert client.post(file.get_absolute_url(), {"do": "nothing"}).status_code == 404
