"""The worker's part of exports and releases: thin, the row is the truth."""

from __future__ import annotations

from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_ready

from studio.packs import delivering, release_services, services
from studio.packs.models import Delivery, ExportRun, Release

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True, reject_on_worker_lost=True)
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


@shared_task(ignore_result=True, reject_on_worker_lost=True)
def make_release(pk: int) -> None:
    """Make the files of the release `pk`; whatever breaks is told on its page and logged."""
    release = Release.objects.select_related("pack__team", "made_by").filter(pk=pk).first()
    if release is None:
        return
    try:
        release_services.carry_out(release)
    except Exception:
        log.exception("release_failed", release=pk)
        release_services.fail(release, "Something of ours broke while the files were made. It is in the server's log.")


@shared_task(ignore_result=True, reject_on_worker_lost=True)
def deliver(pk: int) -> None:
    """Push a release to its destination; whatever breaks is told on the release's page and logged."""
    found = Delivery.objects.select_related("release__pack__team", "release__made_by", "destination", "asked_by")
    delivery = found.filter(pk=pk).first()
    if delivery is None:
        return
    try:
        delivering.carry_out(delivery)
    except Exception:
        log.exception("delivery_failed", delivery=pk)
        delivering.fail(delivery, "Something of ours broke on the way. It is in the server's log; try again.")


@worker_ready.connect
def send_again(**_: Any) -> None:
    """The filesystem broker loses a message that a killed worker had taken: send stranded runs again."""
    for run in services.stranded():
        make_export.delay(str(run.pk))
    for release in release_services.stranded():
        make_release.delay(release.pk)
    for delivery in delivering.stranded():
        deliver.delay(delivery.pk)
