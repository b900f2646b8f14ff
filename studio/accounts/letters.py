"""Mail: written to a table in the transaction of the deed, sent by the worker after it, tried again for a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from studio.accounts.models import Letter
from studio.carrying import publish

log = structlog.get_logger(__name__)

#: Minutes from one try to the next; after the last the letter is given up.
PAUSES = (1, 5, 15, 60, 240, 720)
#: Letters sent by one run of the worker's clock.
AT_ONCE = 200
#: How long a try may take before another process may begin one.
CLAIM = timedelta(minutes=5)
#: Days after which letters that went out, or were given up, are forgotten.
FORGET_AFTER = 30


def possible() -> bool:
    """Whether the environment names a mail server."""
    return bool(settings.EMAIL_HOST)


def compose(to: str, subject: str, template: str, context: dict[str, Any]) -> Letter:
    """A letter from templates/letters/<template>.txt and .html, not kept yet."""
    words = {**context, "house": settings.PUBLIC_URL, "subject": subject}
    text = render_to_string(f"letters/{template}.txt", words).strip() + "\n"
    html = render_to_string(f"letters/{template}.html", words)
    return Letter(to=to, subject=" ".join(subject.split())[:200], text=text, html=html)


def write(to: str, subject: str, template: str, context: dict[str, Any]) -> Letter | None:
    """Keep a letter, and have it sent when the transaction is done; nothing where there is no mail server."""
    if not possible():
        return None
    letter = compose(to, subject, template, context)
    letter.save()
    transaction.on_commit(lambda: _hurry(letter.pk))
    return letter


def _hurry(pk: int) -> None:
    """Ask the worker at once. Where the broker is away, the worker's clock finds the letter within a minute."""
    from studio.accounts.tasks import send_letter

    publish(send_letter, pk)


def due(now: datetime) -> list[int]:
    """Letters whose time has come, the oldest first."""
    return list(
        Letter.objects.filter(next_try_at__lte=now).order_by("next_try_at").values_list("pk", flat=True)[:AT_ONCE]
    )


def send(pk: int) -> bool:
    """Send the letter if it is due and nobody else does; whether it went out now."""
    now = timezone.now()
    if not Letter.objects.filter(pk=pk, next_try_at__lte=now).update(next_try_at=now + CLAIM):
        return False
    letter = Letter.objects.get(pk=pk)
    try:
        mail(letter).send()
    except (SMTPException, OSError, ValueError) as error:
        _put_off(letter, error)
        return False
    letter.sent_at, letter.next_try_at, letter.trouble = timezone.now(), None, ""
    letter.text = letter.html = ""
    letter.tries += 1
    letter.save()
    return True


def mail(letter: Letter) -> EmailMultiAlternatives:
    """The letter as a mail server takes it."""
    found = EmailMultiAlternatives(letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.to])
    found.extra_headers["Auto-Submitted"] = "auto-generated"
    if letter.html:
        found.attach_alternative(letter.html, "text/html")
    return found


def _put_off(letter: Letter, error: Exception) -> None:
    log.warning("letter_not_sent", letter=letter.pk, tries=letter.tries + 1, error=str(error))
    now = timezone.now()
    letter.trouble = f"{type(error).__name__}: {error}"[:300]
    if letter.tries < len(PAUSES):
        letter.next_try_at = now + timedelta(minutes=PAUSES[letter.tries])
    else:
        letter.next_try_at, letter.given_up_at = None, now
        letter.text = letter.html = ""
    letter.tries += 1
    letter.save()


def forget_old() -> int:
    """Delete letters that went out, or were given up, some time ago."""
    old = Letter.objects.filter(next_try_at=None, written_at__lt=timezone.now() - timedelta(days=FORGET_AFTER))
    return old.delete()[0]
