"""The migrations give revisions and drafts from before what new ones have."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from studio.authoring import edits, samples
from studio.authoring import services as authoring
from studio.authoring.models import DraftWriter
from studio.authoring.services import Seen
from studio.behaviours.own import services as own
from studio.behaviours.own.queries import as_behaviour
from studio.lab import services as lab
from studio.lab.events import ParsedEvent
from studio.review.models import Revision
from tests.studio.behaviours.own import record

pytestmark = pytest.mark.django_db


def execute(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


EDITOR = SimpleNamespace(connection=connection, execute=execute)


def test_revisions_from_before_get_the_behaviours_and_events_of_their_draft(house, people):
    version = own.create(people.team, people.ada, record())
    behaviour = as_behaviour(version)
    house.edit(edits.choose_behaviour(behaviour.id, behaviour.title, {}, behaviour.clause({})))
    lab.add(house.desk.draft.samples, people.ada, [ParsedEvent("Kept", {"evt.type": "execve"})], "match")
    revision = house.hand_in()
    migration = import_module("studio.review.migrations.0011_frozen_parts")
    migration.guards.unguard(apps, EDITOR)
    Revision.objects.update(frozen={})
    migration.freeze(apps, EDITOR)
    migration.guard(apps, EDITOR)
    again = Revision.objects.get()
    assert (again.frozen, again.content_hash) == (revision.frozen, revision.content_hash)
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.update(frozen={})


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_the_guards_cover_the_frozen_parts(vendor):
    migration = import_module("studio.review.migrations.0011_frozen_parts")
    guards = migration.triggers(vendor)
    assert len(guards) == 3
    assert sum("NEW.frozen" in sql for sql in guards) == 1


def test_a_revision_without_frozen_parts_reads_nothing_else(house, people):
    lab.add(house.desk.draft.samples, people.ada, [ParsedEvent("Kept", {"evt.type": "execve"})], "match")
    mine = own.create(people.team, people.ada, record())
    behaviour = as_behaviour(mine)
    house.edit(edits.choose_behaviour(behaviour.id, behaviour.title, {}, behaviour.clause({})))
    content = Revision(content=house.desk.now().content).rule_content()
    assert (content.samples, content.own_behaviours) == ((), ())
    assert "Delete one" in [one.name for one in samples.of_behaviours(house.desk.now().rule_content())]
    assert "Delete one" not in [one.name for one in samples.of_behaviours(content)]
    assert samples.kept(content, house.desk.draft.samples_id) == ()


def test_drafts_from_before_get_their_writers(house, people):
    house.edit(edits.set_output("Words of Rui %user.name"), people.rui)
    house.edit(edits.set_output("Words of Ada %user.name"))
    now = house.desk.now()
    authoring.step_in_history(now.pk, Seen(people.ada, people.team, now.version), forward=False)
    before = {(one.draft_id, one.user_id): one.went_back_at is not None for one in DraftWriter.objects.all()}
    DraftWriter.objects.all().delete()
    import_module("studio.authoring.migrations.0005_draft_writers").fill(apps, EDITOR)
    after = {(one.draft_id, one.user_id): one.went_back_at is not None for one in DraftWriter.objects.all()}
    assert after == before
    assert (house.desk.draft.pk, people.rui.pk) in after
    assert all(one.first_at <= one.last_at for one in DraftWriter.objects.all())
