"""Noise on ordinary life in the wizard, and the shortcut that makes an exception of who causes it."""

from __future__ import annotations

import pytest

from studio.authoring import edits, services
from studio.authoring.models import Draft
from studio.authoring.services import Seen

pytestmark = pytest.mark.django_db


def test_it_names_the_processes_and_makes_an_exception_of_one(client, people):
    client.force_login(people.ada)
    draft = services.create(people.team, people.ada)
    change = edits.set_condition("evt.type in (execve, execveat) and proc.name in (logrotate, updatedb)")
    draft = services.edit(draft.pk, Seen(people.ada, people.team, draft.version), change)
    page = client.get(f"/drafts/{draft.pk}/check/").content.decode()
    assert "in a thousand" in page
    assert "Make an exception<span" in page
    posted = {"version": draft.version, "action": "except", "process": "logrotate", "parent": "cron"}
    answer = client.post(f"/drafts/{draft.pk}/exceptions/", posted)
    assert answer.headers["Location"].startswith(f"/drafts/{draft.pk}/exceptions/")
    posted |= {"version": draft.version + 1, "process": "updatedb"}
    client.post(f"/drafts/{draft.pk}/exceptions/", posted)
    (table,) = Draft.objects.get().rule_content().exceptions
    assert table.rows == (("logrotate", "cron"), ("updatedb", "cron"))
    assert 'name="parent" value="cron"' not in client.get(f"/drafts/{draft.pk}/check/").content.decode()
