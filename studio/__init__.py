"""The web application of Mews: the Django project and its rooms."""

from __future__ import annotations

from studio.celery import app as celery_app

__all__ = ["celery_app"]
