"""The worker's part of any work whose truth is a row: carry it out, and have what a dead worker left sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import structlog
from celery import shared_task
from celery.signals import worker_ready
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
log = structlog.get_logger(__name__)

#: Of a task whose truth is a row: its message comes back where the worker dies.
carried = shared_task(ignore_result=True, reject_on_worker_lost=True)


def carry(
    rows: QuerySet[Row], pk: object, work: Callable[[Row], object], fail: Callable[[Row, str], object], words: str
) -> None:
    """Do the work of the row `pk`, if it is still there; what breaks is logged, and told on its page in these words."""
    row = rows.filter(pk=pk).first()
    if row is None:
        return
    try:
        work(row)
    except Exception:
        log.exception("work_failed", of=row._meta.label_lower, key=str(pk))
        fail(row, words)


def sent_again(task: Any, stranded: Callable[[], Iterable[Model]]) -> None:
    """At every start of a worker, send the stranded rows again: the filesystem broker loses a message that a killed
    worker had taken."""

    def send(**_: Any) -> None:
        for row in stranded():
            task.delay(row.pk)

    worker_ready.connect(send, weak=False, dispatch_uid=f"sent again: {stranded.__module__}")
