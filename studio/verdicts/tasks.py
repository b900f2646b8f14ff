"""The worker's part: thin, the row is the truth."""

from __future__ import annotations

from celery import shared_task

from studio.verdicts import services
from studio.verdicts.models import FalcoCheck


@shared_task(ignore_result=True)
def ask_falco(pk: int) -> None:
    """Answer the check `pk`; a row that is gone or answered is left alone."""
    check = FalcoCheck.objects.filter(pk=pk, state=FalcoCheck.State.WAITING).first()
    if check is not None:
        services.answer(check)
