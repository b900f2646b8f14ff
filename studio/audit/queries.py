"""Named reads of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from studio.accounts.models import Team, User
from studio.audit.models import JournalArchive, JournalEntry, JournalHead

#: People offered in the filter.
MOST_ACTORS = 300
ARCHIVED = "journal.archived"
#: From the first account to the first entry; both are written at set-up.
SETUP_TIME = timedelta(days=1)
#: Written before the next entry where the head's seal does not hold.
SEAL_BROKEN = "journal.seal_broken"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: text in actor or target, an actor, a verb or its first word, an object as "type:id", days."""

    q: str = ""
    who: str = ""
    about: str = ""
    object: str = ""
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def words(self) -> dict[str, str]:
        """The same for the journal's own entry about an export."""
        return {name: str(value) for name, value in asdict(self).items() if value}


def of_team(team: Team, wanted: Wanted | None = None) -> QuerySet[JournalEntry]:
    """The team's entries that fit, newest first."""
    entries, wanted = JournalEntry.objects.filter(team_id=team.pk), wanted or Wanted()
    if wanted.q:
        entries = entries.filter(Q(actor__icontains=wanted.q) | Q(target__icontains=wanted.q))
    if wanted.who:
        entries = entries.filter(actor=wanted.who)
    if wanted.about:
        entries = entries.filter(Q(verb=wanted.about) | Q(verb__startswith=f"{wanted.about}."))
    if wanted.object:
        kind, _, pk = wanted.object.partition(":")
        entries = entries.filter(target_type=kind, target_id=pk)
    if wanted.since:
        entries = entries.filter(at__gte=_midnight(wanted.since))
    if wanted.until and wanted.until < date.max:
        entries = entries.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return entries


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def verb_groups(team: Team) -> list[str]:
    """What the team's entries are about: the first words of the verbs ("draft" of "draft.created"), in order."""
    verbs = JournalEntry.objects.filter(team_id=team.pk).order_by().values_list("verb", flat=True).distinct()
    return sorted({verb.split(".")[0] for verb in verbs})


def actors(team: Team) -> list[str]:
    """Who did something in the team, by name."""
    found = JournalEntry.objects.filter(team_id=team.pk).order_by("actor").values_list("actor", flat=True).distinct()
    return list(found[:MOST_ACTORS])


def newest_archive() -> JournalArchive | None:
    """The archive that the journal goes on from, if there is one."""
    return JournalArchive.objects.order_by("-last_number").first()


def newest() -> tuple[int, str]:
    """Number and hash of the newest entry, in the table or in an archive; 0 and nothing where there is none."""
    last = JournalEntry.objects.order_by("-number").values_list("number", "hash").first()
    archive = newest_archive()
    return last or ((archive.last_number, archive.last_hash) if archive else (0, ""))


def seals_broken() -> QuerySet[JournalEntry]:
    """Entries that say that the seal did not hold when they were written."""
    return JournalEntry.objects.filter(verb=SEAL_BROKEN).order_by("number")


def emptied() -> list[str]:
    """A sentence where people have worked here and the log begins later, or not at all."""
    if JournalArchive.objects.exists():
        return []
    first = JournalEntry.objects.order_by("number").first()
    people = User.objects.order_by("date_joined")
    if first is None:
        return [f"The audit log is empty, but there are {people.count()} accounts."] if people.exists() else []
    earlier = people.filter(date_joined__lt=first.at - SETUP_TIME).first()
    if earlier:
        return [f"Entry {first.number} is the first, but {earlier} has had an account since {earlier.date_joined:%F}."]
    return []


def people_before(moment: datetime) -> bool:
    """Whether somebody had an account so long before that the log cannot begin then."""
    return User.objects.filter(date_joined__lt=moment - SETUP_TIME).exists()


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: the entry's number and what is wrong with it."""

    number: int
    what: str


def breaks() -> Iterator[Break]:
    """Walk the whole chain, from the archives on, and report each place where it does not hold."""
    yield from _breaks_of_archives()
    newest = newest_archive()
    before, expected = (newest.last_hash, newest.last_number + 1) if newest else ("", 1)
    for entry in JournalEntry.objects.order_by("number").iterator(chunk_size=1000):
        if entry.number != expected:
            yield Break(expected, f"missing: entry {entry.number} follows {expected - 1}")
        if entry.prev_hash != before:
            yield Break(entry.number, "does not follow the entry before it")
        if entry.hash != entry.digest():
            yield Break(entry.number, "was changed after it was written")
        before, expected = entry.hash, entry.number + 1
    yield from _breaks_of_end(expected - 1, before)


def _breaks_of_end(last: int, last_hash: str) -> Iterator[Break]:
    """The head names the last entry, and its seal holds: nothing was cut off."""
    head = JournalHead.objects.filter(pk=1).first()
    if head is None:
        if last:
            yield Break(last, "is the last, but the seal that says so is missing")
    elif not head.holds:
        yield Break(last, "is the last, but the seal that says so was not made with SECRET_KEY or a fallback of it")
    elif head.number > last:
        yield Break(last + 1, f"missing: the seal says that entry {head.number} is the last")
    elif (head.number, head.hash) != (last, last_hash):
        yield Break(last, f"is the last, but the seal says that entry {head.number} is")


def _breaks_of_archives() -> Iterator[Break]:
    """Archives follow each other without a gap, and the newest is written down in the journal."""
    expected, known = 1, list(JournalArchive.objects.order_by("last_number"))
    for archive in known:
        if archive.first_number != expected:
            yield Break(expected, f"missing: the archive {archive.file} begins with {archive.first_number}")
        expected = archive.last_number + 1
    if known:
        said = [one.details for one in JournalEntry.objects.filter(verb=ARCHIVED)]
        if known[-1].facts() not in said:
            yield Break(known[-1].last_number, f"was archived in {known[-1].file}, of which the journal says nothing")
