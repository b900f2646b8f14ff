"""Several writers of the journal at once, on PostgreSQL only (conftest.py)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from studio.audit.models import JournalEntry
from studio.audit.queries import breaks
from studio.audit.services import record
from tests.people import cast

WRITERS, DEEDS = 4, 10


@pytest.mark.django_db(transaction=True)
def test_they_wait_for_each_other_and_make_one_chain():
    people = cast()

    def write(number):
        try:
            for deed in range(DEEDS):
                record(people.ada, people.team, "a.b", f"{number}-{deed}")
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    assert JournalEntry.objects.count() == WRITERS * DEEDS
    assert list(breaks()) == []
