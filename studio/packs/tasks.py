"""The worker's part of exports, previews, releases and deliveries: thin, the row is the truth."""

from __future__ import annotations

from studio.carrying import carried, carry, sent_again
from studio.packs import delivering, previewing, release_services, services
from studio.packs.models import Delivery, ExportRun, PackPreview, Release


@carried
def make_export(pk: str) -> None:
    """Carry out the run `pk`."""
    words = "Something of ours broke while the file was made. It is in the server's log; try again."
    carry(ExportRun.objects.all(), pk, services.carry_out, services.fail, words)


@carried
def make_preview(pk: int) -> None:
    """Find what a release of the pack would be now."""
    rows = PackPreview.objects.select_related("pack__team")
    carry(rows, pk, previewing.carry_out, lambda preview, _: previewing.fail(preview), "")


@carried
def make_release(pk: int) -> None:
    """Make the files of the release `pk`."""
    words = "Something of ours broke while the files were made. It is in the server's log."
    rows = Release.objects.select_related("pack__team", "made_by")
    carry(rows, pk, release_services.carry_out, release_services.fail, words)


@carried
def deliver(pk: int) -> None:
    """Push a release to its destination."""
    words = "Something of ours broke on the way. It is in the server's log; try again."
    rows = Delivery.objects.select_related("release__pack__team", "release__made_by", "destination", "asked_by")
    carry(rows, pk, delivering.carry_out, delivering.fail, words)


sent_again(make_export, services.stranded)
sent_again(make_preview, previewing.stranded)
sent_again(make_release, release_services.stranded)
sent_again(deliver, delivering.stranded)
