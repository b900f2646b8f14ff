"""The worker's part of mail: thin, the row is the truth."""

from __future__ import annotations

import time

from celery import shared_task
from django.utils import timezone

from studio.accounts import letters

#: Seconds that one turn of the clock may take: a mail server that doesn't answer must not keep exports waiting.
LONGEST_TURN = 40.0


@shared_task(ignore_result=True)
def send_letter(pk: int) -> None:
    """Send one letter now."""
    letters.send(pk)


@shared_task(ignore_result=True)
def send_waiting() -> None:
    """The clock's turn: letters that were put off, or whose message was lost."""
    until = time.monotonic() + LONGEST_TURN
    for pk in letters.due(timezone.now()):
        if time.monotonic() < until:
            letters.send(pk)
    letters.forget_old()
