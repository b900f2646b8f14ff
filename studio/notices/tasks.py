"""The worker's part of notices: thin, the rows are the truth."""

from __future__ import annotations

import time

from celery import shared_task
from django.utils import timezone

from studio.notices import delivering, mailing

#: Seconds that one turn of the clock may take: receivers that don't answer must not keep exports waiting.
LONGEST_TURN = 20.0
#: And that one try may take in all, however slowly the receiver lets its answer trickle.
LONGEST_TRY = 40


@shared_task(ignore_result=True, name="studio.notices.tasks.send_digests")
def send_digests() -> None:
    """The clock's turn, once a day: what waited since yesterday."""
    mailing.send_digests()


@shared_task(ignore_result=True, soft_time_limit=LONGEST_TRY)
def deliver(pk: int) -> None:
    """Try one delivery now."""
    delivering.attempt(pk)


@shared_task(ignore_result=True, soft_time_limit=LONGEST_TURN + LONGEST_TRY)
def deliver_waiting() -> None:
    """The clock's turn: deliveries that were put off, or whose message was lost; old ones are forgotten."""
    until = time.monotonic() + LONGEST_TURN
    for pk in delivering.due(timezone.now()):
        if time.monotonic() < until:
            delivering.attempt(pk)
    delivering.forget_old()
