"""Old entries go to files; the chain stays checkable across them and the table. Filters and export of the page."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from studio.audit import guards, queries, retention
from studio.audit.lines import NotOurs, check
from studio.audit.models import JournalArchive, JournalEntry, JournalError
from studio.audit.services import record

pytestmark = pytest.mark.django_db


def write(people: Any, number: int, days_ago: int = 0) -> None:
    for one in range(number):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(JournalEntry._meta.get_field("at"), "default", timezone.now() - timedelta(days=days_ago))
            JournalEntry._meta.get_field("at").__dict__.pop("_get_default", None)
            record(people.ada, people.team, "draft.created", f"Rule {one}", text="Ünï\u2028 <&>", number=1.5)
    JournalEntry._meta.get_field("at").__dict__.pop("_get_default", None)


def archive(folder: Any, days: int = 100) -> str:
    out = StringIO()
    call_command("archive_journal", older_than=days, to=folder, stdout=out)
    return out.getvalue()


def verify(**options: Any) -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out, **options)
    return out.getvalue()


def test_old_entries_move_and_the_chain_holds_across(people, tmp_path):
    write(people, 5, days_ago=400)
    write(people, 3, days_ago=200)
    write(people, 2)
    assert "Entries 1 to 5 are in" in archive(tmp_path, 300)
    assert "Entries 6 to 8 are in" in archive(tmp_path, 150)
    assert "No entry is older" in archive(tmp_path, 150)
    numbers = list(JournalEntry.objects.order_by("number").values_list("number", "verb"))
    assert numbers == [(9, "draft.created"), (10, "draft.created"), (11, "journal.archived"), (12, "journal.archived")]
    assert "The audit log holds: 12 entries" in verify()
    assert "Entries 1 to 8 are in archives, and hold" in verify(archives=tmp_path)
    first, second = sorted(tmp_path.iterdir())
    assert check(second).before == check(first).last_hash
    assert json.loads(gzip.decompress(first.read_bytes()).splitlines()[0])["details"]["text"] == "Ünï\u2028 <&>"
    assert first.stat().st_mode & 0o077 == 0
    record(people.ada, people.team, "draft.created", "x")
    assert "13 entries" in verify()


def test_the_newest_entry_stays_and_recent_ones_too(people, tmp_path):
    write(people, 2, days_ago=400)
    archive(tmp_path)
    assert JournalEntry.objects.order_by("number").first().number == 2
    for days in (29, 0, -1, 99_999):
        with pytest.raises(CommandError, match="always stay"):
            archive(tmp_path, days)
    with pytest.raises(CommandError, match="Say how old"):
        call_command("archive_journal", to=tmp_path)


def unguarded(*statements: str) -> None:
    with connection.cursor() as cursor:
        for guard in guards.OWN:
            cursor.execute(guards.drop(guard, connection))
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("deed", "complaint"),
    [
        ("DELETE FROM audit_journalentry WHERE number = 6", "Entry 6 missing"),
        ("UPDATE audit_journalentry SET actor = 'Eve' WHERE number = 7", "Entry 7 was changed"),
        ("DELETE FROM audit_journalarchive", "Entry 1 missing"),
        ("UPDATE audit_journalarchive SET last_number = 6", "Entry 6 was archived"),
        ("UPDATE audit_journalarchive SET last_hash = 'x'", "Entry 6 does not follow"),
        ("UPDATE audit_journalarchive SET sha256 = 'x'", "of which the journal says nothing"),
        ("UPDATE audit_journalarchive SET first_number = 2", "Entry 1 missing: the archive"),
    ],
)
def test_it_finds_what_was_tampered_with_afterwards(people, tmp_path, deed, complaint):
    write(people, 5, days_ago=400)
    write(people, 3)
    archive(tmp_path)
    unguarded(deed)
    err = StringIO()
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_audit", stderr=err)
    assert complaint in err.getvalue()
    with pytest.raises(CommandError, match="is not archived"):
        archive(tmp_path, 30)


def test_it_finds_files_that_were_changed_cut_or_lost(people, tmp_path):
    write(people, 5, days_ago=400)
    write(people, 1)
    archive(tmp_path)
    [path] = tmp_path.iterdir()
    whole = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    changed = [b"".join(whole).replace(b"Rule 2", b"Rule X"), b"".join(whole[1:]), b"".join(whole[:-1])]
    changed += [b"".join([*whole[:2], *whole[3:]]), b"", b"[" * 50_000, b"[1]\n", b"not json"]
    for content in changed:
        path.write_bytes(gzip.compress(content))
        assert len(retention.check_files(tmp_path)) == 1
    path.write_bytes(path.read_bytes()[:20])
    assert "cannot be read" in retention.check_files(tmp_path)[0]
    path.unlink()
    with pytest.raises(NotOurs):
        check(path)
    with pytest.raises(CommandError):
        call_command("verify_audit", archives=tmp_path, stderr=StringIO())


def test_the_database_lets_only_archived_entries_go(people, tmp_path):
    write(people, 3, days_ago=400)
    write(people, 1)
    archive(tmp_path)
    for sql in (
        "DELETE FROM audit_journalentry",
        "DELETE FROM audit_journalarchive",
        "UPDATE audit_journalarchive SET entries = 1",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    kept = JournalArchive.objects.get()
    for deed in (kept.save, kept.delete):
        with pytest.raises(JournalError):
            deed()


def test_the_page_filters_by_who_what_when_and_object(client, people):
    write(people, 2, days_ago=10)
    record(people.rui, people.team, "decision.approval", people.vic)
    client.force_login(people.mai)
    day = f"{timezone.now() - timedelta(days=5):%Y-%m-%d}"
    counts = {
        "?who=Rui+Reviewer": 1, f"?until={day}": 2, "?about=decision.approval": 1, "?who=Ada+Author": 2,
        f"?object=accounts.user:{people.vic.pk}": 1, f"?since={day}&about=draft": 0,
    }  # fmt: skip
    for query, number in counts.items():
        page = client.get(f"/journal/{query}").content.decode()
        assert (f"of {number} entries" in page) if number else ("Nothing matches" in page), query
    assert f'href="?object=accounts.user:{people.vic.pk}"' in client.get("/journal/").content.decode()


@pytest.mark.parametrize(
    "query", ["since=x", "until=9999-12-31", "since=2026-02-31", "who=Nobody", "object=x", "q=%00", "about=" + "x" * 99]
)
def test_odd_filters_are_said_not_failed(client, people, query):
    client.force_login(people.mai)
    assert client.get(f"/journal/?{query}").status_code == 200


def test_an_administrator_exports_what_fits_and_the_journal_says_so(client, people):
    write(people, 3)
    record(people.sam, people.other_team, "draft.created", "Theirs")
    record(people.rui, people.team, "decision.approval", people.vic)
    client.force_login(people.ann)
    answer = client.post("/journal/export/", {"about": "draft", "who": "Ada Author"})
    rows = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert [row["target"] for row in rows] == ["Rule 0", "Rule 1", "Rule 2"]
    assert rows[0]["hash"] == JournalEntry.objects.get(number=rows[0]["number"]).hash
    assert answer["Content-Disposition"].startswith('attachment; filename="journal-harbour-')
    said = JournalEntry.objects.get(verb="journal.exported")
    assert said.details == {"entries": 3, "about": "draft", "who": "Ada Author"}


def test_words_of_a_filter():
    assert not queries.Wanted()
    assert queries.Wanted(q="x").words() == {"q": "x"}
