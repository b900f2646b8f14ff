"""`manage.py verify_audit`: an emptied log, missing triggers, and deeds that are otherwise than the log says."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from studio.accounts.models import User
from studio.audit import guards, retention
from studio.audit.models import JournalEntry
from studio.audit.services import record
from studio.authoring import edits
from studio.packs import release_services
from studio.packs.models import Release
from studio.review.models import Decision, Revision
from tests.studio.packs.test_releases import own_folder
from tests.studio.packs.test_releases import pack as unreviewed_pack
from tests.studio.review.conftest import catalogue, desk, draft, house

__all__ = ["catalogue", "desk", "draft", "house", "own_folder", "unreviewed_pack"]

pytestmark = pytest.mark.django_db
AT = "2020-01-01 00:00:00"


def tampered(*statements: str) -> None:
    """Run the statements as somebody does who can write to the database, and puts the triggers back afterwards."""
    with connection.cursor() as cursor:
        for guard in guards.guards():
            cursor.execute(guards.drop(guard, connection))
        for statement in statements:
            cursor.execute(statement)
    guards.install()


def complaints() -> str:
    err = StringIO()
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit", stderr=err)
    return err.getvalue()


def holds(**options: object) -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def reviewed(house, people):
    """A revision that went back once and its successor, approved."""
    house.send_back(house.hand_in(), "Name the user.")
    house.edit(edits.set_output("Recovery disabled (user=%user.name command=%proc.cmdline)"))
    revision = house.hand_in()
    return house.approve(revision)


@pytest.fixture
def release(unreviewed_pack, people):
    """A finished release. Its rule was put into the tables by hand, so only packs are compared."""
    unreviewed_pack.refresh_from_db()
    started = release_services.start(unreviewed_pack, people.mai, unreviewed_pack.version, "1.0.0", "First.")
    return release_services.carry_out(started)


def of_releases() -> list[str]:
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_audit", stderr=err)
    return [line for line in err.getvalue().splitlines() if line.startswith("Release")]


def test_a_log_that_was_emptied_is_noticed(people):
    record(people.ada, people.team, "draft.created", "x")
    tampered("DELETE FROM audit_journalentry", "DELETE FROM audit_journalhead")
    assert f"The audit log is empty, but there are {User.objects.count()} accounts" in complaints()


def test_a_log_that_begins_anew_after_it_was_emptied_is_noticed(people):
    record(people.ada, people.team, "draft.created", "x")
    tampered("DELETE FROM audit_journalentry", "DELETE FROM audit_journalhead")
    User.objects.filter(pk=people.ada.pk).update(date_joined=timezone.now() - timedelta(days=3))
    record(people.ada, people.team, "draft.created", "y")
    assert [one.verb for one in JournalEntry.objects.order_by("number")] == ["journal.seal_broken", "draft.created"]
    assert "Entry 1 is the first, but Ada Author has had an account since" in complaints()


@pytest.mark.parametrize("name", [guard.name for guard in guards.guards()])
def test_a_missing_trigger_is_noticed_and_migrate_restores_it(people, name):
    record(people.ada, people.team, "draft.created", "x")
    guard = next(one for one in guards.guards() if one.name == name)
    with connection.cursor() as cursor:
        cursor.execute(guards.drop(guard, connection))
    assert f"The trigger {name} on {guard.table} is missing" in complaints()
    call_command("migrate", verbosity=0)
    assert "The audit log holds" in holds()


def test_a_trigger_that_does_nothing_is_noticed(people):
    record(people.ada, people.team, "draft.created", "x")
    guard = guards.OWN[0]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {guard.table} DISABLE TRIGGER {guard.name}")
        else:
            cursor.execute(guards.drop(guard, connection))
            cursor.execute(f"{guard.header} WHEN 1 = 0 BEGIN SELECT 1; END")
    assert f"The trigger {guard.name}" in complaints()


def test_deeds_as_they_were_hold(reviewed):
    assert "The audit log holds" in holds()


@pytest.mark.parametrize(
    ("deed", "complaint"),
    [
        ("UPDATE review_decision SET by_id = {mai} WHERE verdict = 'approve'", "has no entry in the audit log"),
        ("UPDATE review_decision SET by_id = {mai} WHERE verdict = 'approve'", "of which|tells of it"),
        ("UPDATE review_decision SET note = 'Fine.' WHERE verdict = 'changes'", "(decision.objection): note"),
        ("UPDATE review_decision SET content_hash = 'x' WHERE verdict = 'approve'", "(decision.approval): hash"),
        ("UPDATE review_decision SET override = 'Urgent.' WHERE verdict = 'approve'", "(decision.approval): override"),
        (f"UPDATE review_decision SET at = '{AT}+00' WHERE verdict = 'approve'", "(decision.approval): time"),
        ("DELETE FROM review_decision WHERE verdict = 'approve'", "A decision by Rui Reviewer on revision"),
        ("UPDATE review_revision SET approved_at = handed_in_at WHERE number = 1", "was approved without an entry"),
        ("UPDATE review_revision SET state = 'withdrawn' WHERE number = 2", "is withdrawn, but the audit log says"),
        (f"UPDATE review_revision SET approved_at = '{AT}+00' WHERE number = 2", "(revision.approved): time"),
        ("UPDATE review_revision SET closed_by_id = {mai} WHERE number = 2", "(revision.approved): person"),
        ("UPDATE review_revision SET handed_in_by_id = {mai} WHERE number = 2", "(revision.handed_in): person"),
        ("UPDATE review_revision SET content_hash = 'x' WHERE number = 2", "has other content than its hash says"),
        ("UPDATE review_revision SET content = '{{}}' WHERE number = 2", "has other content than its hash says"),
        ("UPDATE review_revision SET required = 2 WHERE number = 2", "requires 2 approvals"),
    ],
)  # fmt: skip
def test_a_review_that_was_tampered_with_is_noticed(reviewed, people, deed, complaint):
    deed = deed.format(mai=people.mai.pk)
    tampered(deed.replace("+00", "") if connection.vendor == "sqlite" else deed)
    said = complaints()
    assert any(words in said for words in complaint.split("|"))


def test_a_decision_that_was_added_is_noticed(reviewed, people):
    Decision.objects.create(
        revision=Revision.objects.get(number=2), by=people.mai, verdict="approve", content_hash=reviewed.content_hash
    )
    assert "has no entry in the audit log" in complaints()


@pytest.mark.parametrize(
    ("deed", "complaint"),
    [
        ("UPDATE packs_release SET version = '2.0.0'", "(release.started): version"),
        ("UPDATE packs_release SET members = '[]'", "(release.started): rules, members"),
        ("UPDATE packs_release SET exception = 'Urgent.'", "(release.started): exception"),
        ("UPDATE packs_release SET made_by_id = {ann}", "(release.started): person"),
        (f"UPDATE packs_release SET made_at = '{AT}+00'", "(release.started): time"),
        ("UPDATE packs_release SET files = '{{}}'", "(release.done): files, digest"),
        ("UPDATE packs_release SET state = 'refused'", "is refused, but entry"),
        (f"UPDATE packs_release SET yanked_at = '{AT}+00', yanked_by_id = {{ann}}, yank_reason = 'x'",
         "was yanked without an entry"),
    ],
)  # fmt: skip
def test_a_release_that_was_tampered_with_is_noticed(release, people, deed, complaint):
    assert not of_releases()
    deed = deed.format(ann=people.ann.pk)
    tampered(deed.replace("+00", "") if connection.vendor == "sqlite" else deed)
    assert any(complaint in one for one in of_releases())


def test_a_yank_is_compared_with_its_entry(release, people):
    release_services.yank(release, people.mai, "It is noisy.")
    assert not of_releases()
    tampered("UPDATE packs_release SET yank_reason = 'None.'")
    assert any("(release.yanked): reason" in one for one in of_releases())
    tampered("UPDATE packs_release SET yanked_at = NULL, yank_reason = ''")
    assert any("but is not" in one for one in of_releases())


def test_a_release_that_was_removed_is_noticed(release):
    tampered("DELETE FROM packs_releasedrule", "DELETE FROM packs_release")
    assert any("is missing" in one for one in of_releases())


@pytest.mark.parametrize(
    "deed",
    [
        {"version": "2.0.0"}, {"members": []}, {"changelog": "x"}, {"made_at": timezone.now()}, {"state": "failed"},
        {"files": {}}, {"summary": {}},
    ],
)  # fmt: skip
def test_the_database_refuses_to_change_a_release(release, deed):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(**deed)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM packs_release")
    assert Release.objects.filter(pk=release.pk).update(stage="x", percent=90) == 1


def test_the_database_refuses_a_second_yank(release, people):
    release_services.yank(release, people.mai, "It is noisy.")
    with pytest.raises(DatabaseError, match="yanked once"), transaction.atomic():
        Release.objects.update(yank_reason="Another one.")


def test_the_database_refuses_to_delete_revisions_and_decisions(reviewed):
    for table in ("review_decision", "review_revision"):
        with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")


def test_deeds_whose_entries_are_in_archives_are_checked_with_the_archives(reviewed, people, tmp_path):
    record(people.ada, people.team, "draft.created", "x")
    retention.archive(timezone.now() + timedelta(seconds=1), tmp_path)
    assert "older than the entries at hand" in holds()
    assert "older than" not in holds(archives=tmp_path)
    tampered("UPDATE review_decision SET note = 'Fine.' WHERE verdict = 'changes'")
    holds()
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_audit", archives=tmp_path, stderr=err)
    assert "(decision.objection): note" in err.getvalue()
