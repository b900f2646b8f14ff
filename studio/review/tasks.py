"""The worker's part of reviews."""

from __future__ import annotations

from celery import shared_task

from studio.review import expiring


@shared_task(ignore_result=True, name="studio.review.tasks.tell_expiring")
def tell_expiring() -> None:
    """The clock's turn: exceptions of approved rules whose last day is near or past."""
    expiring.tell()
