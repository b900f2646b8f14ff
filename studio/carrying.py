"""Work whose truth is a row: send its task, carry it out, and send it again where the message was lost.

A request never fails because the broker is away: `send` logs it and the row waits. The worker's clock runs `sweep`
every 20 seconds; it sends the rows that nobody has at hand, so that they begin within a minute of the broker's return.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import structlog
from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
log = structlog.get_logger(__name__)

#: Seconds after which a row that still waits is sent again.
RESEND_AFTER = 60
#: Seconds for which a row that a worker has begun is not sent again: twice CELERY_TASK_TIME_LIMIT.
AT_WORK = 600

#: Of a task whose truth is a row: its message comes back where the worker dies.
carried = shared_task(ignore_result=True, reject_on_worker_lost=True)

_sweeps: dict[str, tuple[Any, Callable[[], Iterable[Model]]]] = {}


def send(task: Any, row: Model, pause: int = 0) -> bool:
    """Have a worker do the row's work, `pause` seconds from now; whether the broker took it. Never raises."""
    if not publish(task, row.pk, pause=pause):
        return False
    _mark(row, RESEND_AFTER + pause)
    return True


def publish(task: Any, pk: object, pause: int = 0) -> bool:
    """Give the broker a message; whether it took it. Never raises: the row is the truth, and is sent again."""
    key = pk if isinstance(pk, int) else str(pk)
    try:
        if pause:
            task.apply_async((key,), countdown=pause)
        else:
            task.delay(key)
    except Exception as error:  # whatever a broker and its client raise
        log.warning("task_not_sent", task=task.name, key=str(pk), error=f"{type(error).__name__}: {error}")
        return False
    return True


def carry(
    rows: QuerySet[Row], pk: object, work: Callable[[Row], object], fail: Callable[[Row, str], object], words: str
) -> None:
    """Do the work of the row `pk`, if it is still there; what breaks is logged, and told on its page in these words."""
    row = rows.filter(pk=pk).first()
    if row is None:
        return
    _mark(row, AT_WORK)
    try:
        work(row)
    except Exception:
        log.exception("work_failed", of=row._meta.label_lower, key=str(pk))
        fail(row, words)


def sent_again(task: Any, stranded: Callable[[], Iterable[Model]]) -> None:
    """Have the rows that `stranded` gives sent again: all at the start of a worker (the filesystem broker loses a
    message that a killed worker had taken), and those that nobody has at hand by every `sweep`."""
    _sweeps[task.name] = task, stranded

    def send_all(**_: Any) -> None:
        for row in stranded():
            send(task, row)

    worker_ready.connect(send_all, weak=False, dispatch_uid=f"sent again: {task.name}")


def sweep() -> int:
    """Send the rows that wait and whose message was not taken, or was lost; how many the broker took."""
    sent = 0
    for task, stranded in _sweeps.values():
        for row in stranded():
            if not _is_marked(row):
                if not send(task, row):
                    return sent  # the broker is away; the next sweep tries again
                sent += 1
    return sent


def _key(row: Model) -> str:
    return f"sent:{row._meta.label_lower}:{row.pk}"


def _mark(row: Model, seconds: int) -> None:
    try:
        cache.set(_key(row), 1, seconds)
    except Exception as error:  # the cache may live where the broker does; without it the row is sent once more
        log.warning("mark_not_kept", error=f"{type(error).__name__}: {error}")


def _is_marked(row: Model) -> bool:
    try:
        return cache.get(_key(row)) is not None
    except Exception as error:
        log.warning("mark_not_read", error=f"{type(error).__name__}: {error}")
        return False
