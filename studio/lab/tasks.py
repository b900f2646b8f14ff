"""The worker's part of the lab: thin, the row is the truth."""

from __future__ import annotations

from studio.carrying import carried, carry, sent_again
from studio.lab import runs
from studio.lab.models import LabRun


@carried
def try_upload(pk: str) -> None:
    """Carry out the run `pk`."""
    words = "Something of ours broke while the file was tried. It is in the server's log; try again."
    carry(LabRun.objects.select_related("team", "asked_by"), pk, runs.carry_out, runs.fail, words)


sent_again(try_upload, runs.stranded)
