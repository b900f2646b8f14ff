"""The settings of the tests: as in operation, but in a directory of their own, with plain file names and no waiting."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_room = tempfile.TemporaryDirectory(prefix="mews-tests-")
os.environ["VAR_DIR"] = _room.name
for _name in ("DEBUG", "SECURE", "DEMO", "METRICS_TOKEN", "CACHE_URL", "CELERY_BROKER_URL"):
    os.environ.pop(_name, None)

from studio.settings import *  # noqa: E402, F403

VAR_DIR = Path(_room.name)
(VAR_DIR / "static").mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
ALLOWED_HOSTS = ["*"]
