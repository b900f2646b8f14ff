"""Stories with threads need a database that they can meet in; the server lane tells them on PostgreSQL."""

from django.conf import settings

collect_ignore = ["test_at_once.py"] if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else []
