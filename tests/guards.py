"""Tests that do what the database refuses: guards of a table set aside for a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from studio.audit.guards import drop, guards, install


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    """The table without its guards."""
    with connection.cursor() as cursor:
        for guard in guards():
            if guard.table == table:
                cursor.execute(drop(guard, connection))
    try:
        yield
    finally:
        install()
