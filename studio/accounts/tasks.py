"""The worker's part of mail: thin, the row is the truth."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from studio.accounts import letters


@shared_task(ignore_result=True)
def send_letter(pk: int) -> None:
    """Send one letter now."""
    letters.send(pk)


@shared_task(ignore_result=True)
def send_waiting() -> None:
    """The clock's turn: letters that were put off, or whose message was lost."""
    for pk in letters.due(timezone.now()):
        letters.send(pk)
    letters.forget_old()
