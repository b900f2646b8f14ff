"""Tests of races run on PostgreSQL only: the SQLite of the tests lives in memory, where threads share a connection."""

from django.conf import settings

collect_ignore = ["test_delivery_races.py"] if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else []
