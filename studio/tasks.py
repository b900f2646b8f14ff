"""The worker's part that belongs to no room."""

from __future__ import annotations

from celery import shared_task

from studio import carrying


@shared_task(ignore_result=True, name="studio.tasks.sweep")
def sweep() -> None:
    """The clock's turn: rows whose message the broker did not take, or lost."""
    carrying.sweep()
