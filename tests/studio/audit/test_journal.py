"""The journal: only ever added to, chained, and readable by who is responsible."""

from __future__ import annotations

from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from studio.accounts import services
from studio.audit import guards
from studio.audit.models import JournalEntry, JournalError
from studio.audit.services import record
from tests.people import PASSWORD


def test_it_writes_who_did_what_to_which(people):
    entry = record(
        people.ada, people.team, "draft.created", people.team, old=None, new="Ünïcode", when=people.team.created_at
    )
    assert (entry.actor, entry.verb, entry.target, entry.target_type) == (
        "Ada Author",
        "draft.created",
        "Harbour",
        "accounts.team",
    )
    entry.refresh_from_db()
    assert entry.details["new"] == "Ünïcode"
    assert entry.digest() == entry.hash


def test_it_chains_each_entry_to_the_one_before(people):
    first, second = record(people.ada, people.team, "a.b", "x"), record(None, None, "c.d", "y")
    assert second.number == first.number + 1
    assert second.prev_hash == first.hash
    assert second.actor == "Mews"


@pytest.mark.parametrize(
    "deed",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: JournalEntry.objects.update(verb="x"),
        lambda entry: JournalEntry.objects.all().delete(),
        lambda entry: JournalEntry.objects.filter(pk=entry.pk).bulk_update([entry], ["verb"]),
    ],
)
def test_it_refuses_to_forget(people, deed):
    entry = record(people.ada, people.team, "draft.created", "x")
    with pytest.raises(JournalError):
        deed(entry)
    assert JournalEntry.objects.get(pk=entry.pk).verb == "draft.created"


@pytest.mark.parametrize("sql", ["UPDATE audit_journalentry SET verb = 'x'", "DELETE FROM audit_journalentry"])
def test_it_refuses_in_the_database_too(people, sql):
    record(people.ada, people.team, "draft.created", "x")
    with pytest.raises(DatabaseError, match="journal"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def tamper(sql):
    with connection.cursor() as cursor:
        for guard in guards.OWN:
            cursor.execute(guards.drop(guard, connection))
        for one in sql.split(";"):
            cursor.execute(one)


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("UPDATE audit_journalentry SET actor = 'Eve' WHERE number = 2", "Entry 2 was changed"),
        ("DELETE FROM audit_journalentry WHERE number = 2", "Entry 2 missing"),
        ("DELETE FROM audit_journalentry WHERE number = 3", "Entry 3 missing: the seal says that entry 3 is the last"),
        ("DELETE FROM audit_journalentry", "Entry 1 missing: the seal says that entry 3 is the last"),
        (
            "UPDATE audit_journalentry SET number = 105 - number WHERE number > 1;"
            "UPDATE audit_journalentry SET number = number - 100 WHERE number > 100",
            "Entry 2 does not follow",
        ),
        (
            "INSERT INTO audit_journalentry"
            " (number, at, actor, verb, target_type, target_id, target, details, prev_hash, hash)"
            " SELECT 4, at, actor, verb, target_type, target_id, target, details, hash, 'x'"
            " FROM audit_journalentry WHERE number = 3",
            "Entry 4 was changed",
        ),
        ("UPDATE audit_journalhead SET number = 2", "Entry 3 is the last, but the seal"),
        ("DELETE FROM audit_journalhead", "Entry 3 is the last, but the seal that says so is missing"),
    ],
)
def test_it_notices_what_was_tampered_with(people, sql, complaint):
    for verb in ("a.a", "b.b", "c.c"):
        record(people.ada, people.team, verb, "x")
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "The audit log holds: 3 entries" in out.getvalue()
    tamper(sql)
    err = StringIO()
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit", stderr=err)
    assert complaint in err.getvalue()


@pytest.mark.parametrize(
    "lie",
    [
        "UPDATE audit_journalhead SET number = 2, hash = (SELECT hash FROM audit_journalentry WHERE number = 2)",
        "DELETE FROM audit_journalhead",
    ],
)
def test_a_cut_end_stays_visible_when_the_journal_goes_on(people, lie):
    """Whoever cuts the end off and makes the head fit has no key for its seal; the next entry says so."""
    for verb in ("a.a", "b.b", "c.c"):
        record(people.ada, people.team, verb, "x")
    tamper(f"{lie};DELETE FROM audit_journalentry WHERE number = 3")
    record(people.ada, people.team, "d.d", "x")
    assert [one.verb for one in JournalEntry.objects.order_by("number")] == ["a.a", "b.b", "journal.seal_broken", "d.d"]
    err = StringIO()
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit", stderr=err)
    assert "Entry 3 says that the seal did not hold" in err.getvalue()


def test_a_former_secret_key_still_vouches_for_the_end(people, settings):
    record(people.ada, people.team, "a.a", "x")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key-of-many-random-letters"
    call_command("verify_audit", stdout=StringIO())
    record(people.ada, people.team, "b.b", "x")
    settings.SECRET_KEY_FALLBACKS = []
    call_command("verify_audit", stdout=StringIO())


def test_it_writes_down_what_happens_to_people(client, people):
    services.invite(people.ann, people.team, "new@x.example", "author")
    client.post("/account/login/", {"login": people.ada.email, "password": PASSWORD})
    client.post("/account/logout/")
    verbs = list(JournalEntry.objects.order_by("number").values_list("verb", flat=True))
    assert verbs == ["invitation.made", "person.signed_in", "person.signed_out"]


def test_it_falls_with_the_deed(people):
    with suppress(ZeroDivisionError), transaction.atomic():
        record(people.ada, people.team, "draft.created", "x")
        raise ZeroDivisionError
    assert not JournalEntry.objects.exists()


def test_it_shows_the_team_its_own_entries_only(client, people):
    record(people.ada, people.team, "draft.created", "Ours")
    record(people.sam, people.other_team, "draft.created", "Theirs")
    client.force_login(people.mai)
    page = client.get("/journal/").content.decode()
    assert "Ours" in page
    assert "Theirs" not in page


def test_it_is_for_maintainers(client, people):
    client.force_login(people.rui)
    assert client.get("/journal/").status_code == 403


def test_it_filters_and_turns_pages(client, people):
    for number in range(60):
        record(people.ada, people.team, "draft.created", f"Rule {number:02}")
    record(people.rui, people.team, "review.approved", "Rule 07")
    client.force_login(people.ann)
    second = client.get("/journal/?about=draft&page=2").content.decode()
    assert "Rule 09" in second
    assert "51–60 of 60 entries" in second
    assert "?about=draft&amp;page=1" in second
    found = client.get("/journal/?q=rui").content.decode()
    assert "1–1 of 1" in found
    assert "Nothing matches" in client.get("/journal/?q=nobody").content.decode()
    assert client.get("/journal/?page=zzz").status_code == 200


def test_its_page_tells_details_in_words(client, people):
    record(people.ada, people.team, "a.b", "x", content_hash="0" * 64, scopes=["read", "write"], active=True, note="")
    client.force_login(people.mai)
    page = client.get("/journal/").content.decode()
    for words in ("content hash: 000000000000…", "scopes: read, write", "active: yes", "note: none"):
        assert words in page
