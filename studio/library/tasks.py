"""The worker's part of imports: thin, the row is the truth."""

from __future__ import annotations

from celery import shared_task

from studio.carrying import carry, sent_again
from studio.library import import_jobs, import_worker
from studio.library.models import RulesFile

#: Seconds after which the worker gives up: a child has limits of its own, but thousands of drafts take long to submit.
MAX_SECONDS = 3000


@shared_task(ignore_result=True, reject_on_worker_lost=True, soft_time_limit=MAX_SECONDS, time_limit=MAX_SECONDS + 60)
def import_rules(pk: int) -> None:
    """Read, import or submit the file `pk`, as its row asks."""
    rows = RulesFile.objects.select_related("team", "by", "imported_by").defer(*import_jobs.HEAVY)
    carry(rows, pk, import_worker.carry_out, import_worker.fail, import_worker.BROKEN)


sent_again(import_rules, import_jobs.stranded)
