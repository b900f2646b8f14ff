"""Named reads of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from studio.accounts.models import Team
from studio.audit.models import JournalEntry


def of_team(team: Team, text: str = "", verb: str = "") -> QuerySet[JournalEntry]:
    """The team's entries, newest first: those with `text` in actor or target, and a verb of that name or group."""
    entries = JournalEntry.objects.filter(team_id=team.pk)
    if text:
        entries = entries.filter(Q(actor__icontains=text) | Q(target__icontains=text))
    if verb:
        entries = entries.filter(Q(verb=verb) | Q(verb__startswith=f"{verb}."))
    return entries


def verb_groups(team: Team) -> list[str]:
    """What the team's entries are about: the first words of the verbs ("draft" of "draft.created"), in order."""
    verbs = JournalEntry.objects.filter(team_id=team.pk).order_by().values_list("verb", flat=True).distinct()
    return sorted({verb.split(".")[0] for verb in verbs})


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: the entry's number and what is wrong with it."""

    number: int
    what: str


def breaks() -> Iterator[Break]:
    """Walk the whole chain from the first entry and report each place where it does not hold."""
    before, expected = "", 1
    for entry in JournalEntry.objects.order_by("number").iterator(chunk_size=1000):
        if entry.number != expected:
            yield Break(expected, f"missing: entry {entry.number} follows {expected - 1}")
        if entry.prev_hash != before:
            yield Break(entry.number, "does not follow the entry before it")
        if entry.hash != entry.digest():
            yield Break(entry.number, "was changed after it was written")
        before, expected = entry.hash, entry.number + 1
