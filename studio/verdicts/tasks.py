"""The worker's part: thin, the row is the truth."""

from __future__ import annotations

from studio.carrying import carried, carry, sent_again
from studio.verdicts import services
from studio.verdicts.models import FalcoCheck


@carried
def ask_falco(pk: int) -> None:
    """Answer the check `pk`; a row that is gone or answered is left alone."""
    words = "Something broke while Falco was asked. It is in the server's log."
    carry(FalcoCheck.objects.filter(state=FalcoCheck.State.WAITING), pk, services.answer, services.fail, words)


sent_again(ask_falco, services.stranded)
