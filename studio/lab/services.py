"""Keep sample events with a rule, and try a rule on events."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.lab.events import ParsedEvent
from studio.lab.models import Expectation, SampleEvent, SampleSet
from studio.lab.running import run

__all__ = ["MAX_EVENTS", "TooManyEventsError", "add", "copy_samples", "expect", "new_set", "remove", "rename", "run"]

#: Events that one set may hold.
MAX_EVENTS = 500


class TooManyEventsError(Exception):
    """The set is full."""


def new_set(team: Team) -> SampleSet:
    """An empty set; part of making what owns it, which is journalled there."""
    return SampleSet.objects.create(team=team)


@transaction.atomic
def add(samples: SampleSet, by: User, events: Iterable[ParsedEvent], expectation: str) -> list[SampleEvent]:
    """Keep events with one expectation. Raises TooManyEventsError when they don't fit, and keeps none then."""
    require(by, samples.team, "author")
    events = list(events)
    if samples.events.count() + len(events) > MAX_EVENTS:
        raise TooManyEventsError(f"A draft keeps at most {MAX_EVENTS} events. Remove some, or paste fewer.")
    kept = SampleEvent.objects.bulk_create(
        [
            SampleEvent(set=samples, name=item.name, fields=dict(item.fields), expectation=Expectation(expectation))
            for item in events
        ]
    )
    record(by, samples.team, "samples.added", samples, count=len(kept), expectation=expectation)
    return kept


@transaction.atomic
def expect(samples: SampleSet, by: User, event_id: int, expectation: str) -> None:
    """Change what is expected of an event. Raises SampleEvent.DoesNotExist for one of another set."""
    require(by, samples.team, "author")
    event = samples.events.get(pk=event_id)
    event.expectation = Expectation(expectation)
    event.save(update_fields=["expectation"])
    record(by, samples.team, "samples.expected", event, expectation=expectation)


@transaction.atomic
def rename(samples: SampleSet, by: User, event_id: int, name: str) -> None:
    """Give an event another name. Raises SampleEvent.DoesNotExist for one of another set."""
    require(by, samples.team, "author")
    event = samples.events.get(pk=event_id)
    before, event.name = event.name, name.strip()[:120]
    if event.name and event.name != before:
        event.save(update_fields=["name"])
        record(by, samples.team, "samples.renamed", event, old=before, new=event.name)


@transaction.atomic
def remove(samples: SampleSet, by: User, event_id: int) -> None:
    """Forget an event. Raises SampleEvent.DoesNotExist for one of another set."""
    require(by, samples.team, "author")
    event = samples.events.get(pk=event_id)
    record(by, samples.team, "samples.removed", event, name=event.name)
    event.delete()


def copy_samples(source: SampleSet, target: SampleSet) -> None:
    """Copy all events; part of duplicating what owns them."""
    SampleEvent.objects.bulk_create(
        [SampleEvent(set=target, name=e.name, fields=e.fields, expectation=e.expectation) for e in source.events.all()]
    )
