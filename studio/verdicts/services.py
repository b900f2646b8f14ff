"""Ask Falco once for each text, and say loudly where it disagrees with us."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.carrying import send
from studio.failures import optional_write
from studio.verdicts import falco
from studio.verdicts.models import FalcoCheck

log = structlog.get_logger(__name__)


def asked(files: Sequence[falco.RulesFile], *, loads: bool, codes: Iterable[str] = ()) -> FalcoCheck | None:
    """The check of these files beside our verdict, sent to the worker if it is new.

    None where there is no Falco, where too many questions wait already, and where the database cannot take it now.
    """
    if falco.binary() is None:
        return None
    sent = [asdict(one) for one in files]
    ours = sorted(set(codes))
    digest = hashlib.sha256(json.dumps([sent, loads, ours], sort_keys=True).encode()).hexdigest()
    known = FalcoCheck.objects.filter(digest=digest).first()
    if known is not None or stranded().count() >= settings.MAX_FALCO_CHECKS:
        return known
    with optional_write("question to Falco"):
        check, new = FalcoCheck.objects.get_or_create(
            digest=digest, defaults={"files": sent, "ours_loads": loads, "ours_codes": ours}
        )
        if new:
            transaction.on_commit(lambda: _send(check))
        return check
    return None


def answer(check: FalcoCheck) -> FalcoCheck:
    """Ask now, in this process, and keep the answer. Asking again is harmless."""
    said = falco.ask([falco.RulesFile(**one) for one in check.files])
    check.state = FalcoCheck.State.FAILED if said.loads is None else FalcoCheck.State.DONE
    check.loads, check.trouble, check.falco_version = said.loads, said.trouble, said.version
    check.complaints = [asdict(complaint) for complaint in said.complaints]
    check.answered_at = timezone.now()
    check.save()
    if check.agrees is False:
        log.warning(
            "falco_disagrees",
            digest=check.digest,
            falco_loads=check.loads,
            ours_loads=check.ours_loads,
            falco_codes=sorted({complaint.code for complaint in said.complaints}),
            ours_codes=check.ours_codes,
        )
    return check


def fail(check: FalcoCheck, trouble: str) -> None:
    """Note that something of ours broke."""
    waiting = FalcoCheck.objects.filter(pk=check.pk, state=FalcoCheck.State.WAITING)
    waiting.update(state=FalcoCheck.State.FAILED, trouble=trouble, answered_at=timezone.now())


def stranded() -> QuerySet[FalcoCheck]:
    """Checks that a lost message or a killed worker left behind."""
    return FalcoCheck.objects.filter(state=FalcoCheck.State.WAITING).defer("files")


def _send(check: FalcoCheck) -> None:
    from studio.verdicts.tasks import ask_falco

    send(ask_falco, check)
