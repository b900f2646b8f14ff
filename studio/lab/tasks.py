"""The worker's part of the lab: thin, the row is the truth."""

from __future__ import annotations

from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_ready

from studio.lab import runs
from studio.lab.models import LabRun

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True, reject_on_worker_lost=True)
def try_upload(pk: str) -> None:
    """Carry out the run `pk`; whatever breaks is told on its page and logged."""
    run = LabRun.objects.select_related("team", "asked_by").filter(pk=pk).first()
    if run is None:
        return
    try:
        runs.carry_out(run)
    except Exception:
        log.exception("lab_run_failed", run=pk)
        runs.fail(run, "Something of ours broke while the file was tried. It is in the server's log; try again.")


@worker_ready.connect
def send_again(**_: Any) -> None:
    """Send stranded runs again: the filesystem broker loses a message that a killed worker had taken."""
    for run in runs.stranded():
        try_upload.delay(str(run.pk))
