"""The worker's part of an export: thin, the row is the truth."""

from __future__ import annotations

from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_ready

from studio.packs import services
from studio.packs.models import ExportRun

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True)
def make_export(pk: str) -> None:
    """Carry out the run `pk`; whatever breaks is told on its page and logged."""
    run = ExportRun.objects.filter(pk=pk).first()
    if run is None:
        return
    try:
        services.carry_out(run)
    except Exception:
        log.exception("export_failed", run=pk)
        services.fail(run, "Something of ours broke while the file was made. It is in the server's log; try again.")


@worker_ready.connect
def send_again(**_: Any) -> None:
    """The filesystem broker loses a message that a killed worker had taken: send stranded runs again."""
    for run in services.stranded():
        make_export.delay(str(run.pk))
