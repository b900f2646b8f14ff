"""The worker's part of imports: thin, the row is the truth."""

from __future__ import annotations

from studio.carrying import carried, carry, sent_again
from studio.library import import_jobs, import_worker
from studio.library.models import RulesFile


@carried
def import_rules(pk: int) -> None:
    """Read, import or submit the file `pk`, as its row asks."""
    rows = RulesFile.objects.select_related("team", "by", "imported_by").defer(*import_jobs.HEAVY)
    carry(rows, pk, import_worker.carry_out, import_worker.fail, import_worker.BROKEN)


sent_again(import_rules, import_jobs.stranded)
