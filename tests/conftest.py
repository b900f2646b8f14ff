"""Fixtures that every story may use."""

from __future__ import annotations

import pytest


@pytest.fixture
def people(db):
    """The cast: a team with one person for each role, and a stranger (tests/people.py)."""
    from tests.people import cast

    return cast()


@pytest.fixture
def signed_in(client, people):
    """A client signed in as Ada, the author."""
    client.force_login(people.ada)
    return client
