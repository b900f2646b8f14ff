"""Outgoing webhooks: the verbs on them, and `announce`, by which rooms tell of what happened."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.accounts.roles import Role
from studio.accounts.sealing import CannotUnseal, seal, unseal
from studio.audit.services import record
from studio.carrying import publish
from studio.notices import shapes
from studio.notices.addresses import host
from studio.notices.models import TRIAL, Event, Webhook, WebhookDelivery

#: Webhooks that a team may have.
MOST = 20


class CannotKeep(Exception):
    """The webhook cannot be kept like this; the message says why."""


def announce(team: Team, event: str, by: User | None, sentence: str, url: str = "", **data: Any) -> None:
    """Tell the team's webhooks that chose the event; call it in the transaction of the deed, `data` must be JSON.

    sentence: what happened, for people to read. url: where to see it, beginning with a slash.
    """
    event = Event(event)
    hooks = [one for one in Webhook.objects.filter(team=team, is_active=True) if event in one.events]
    facts = {"team": team.slug, "by": by.name if by else "Mews", **data}
    for hook in hooks:
        _put(hook, event, sentence, url, facts)


def _put(hook: Webhook, event: str, sentence: str, url: str, facts: dict[str, Any]) -> WebhookDelivery:
    now = timezone.now()
    text = shapes.body(hook.shape, event, now, sentence, url, facts)
    delivery = WebhookDelivery.objects.create(
        webhook=hook, message_id=f"msg_{secrets.token_hex(12)}", event=event, body=text, created_at=now, next_try_at=now
    )
    transaction.on_commit(lambda: _hurry(delivery.pk))
    return delivery


def _hurry(pk: int) -> None:
    """Ask the worker at once. Where the broker is away, the worker's clock finds the delivery soon."""
    from studio.notices.tasks import deliver

    publish(deliver, pk)


@transaction.atomic
def create(by: User, team: Team, name: str, url: str, shape: str, events: list[str]) -> tuple[Webhook, str]:
    """A new webhook and its secret, which is not shown again. Raises CannotKeep."""
    require(by, team, Role.ADMINISTRATOR)
    if Webhook.objects.filter(team=team).count() >= MOST:
        raise CannotKeep(f"A team may have {MOST} webhooks. Delete one that is no longer needed.")
    secret = new_secret()
    try:
        with transaction.atomic():
            hook = Webhook.objects.create(
                team=team, name=name, sealed_url=seal(url), sealed_secret=seal(secret), shape=shape, events=events,
                created_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise CannotKeep("There is a webhook of this name already.") from error
    record(by, team, "webhook.created", hook, host=host(url), shape=shape, events=events)
    return hook, secret


@transaction.atomic
def change(by: User, hook: Webhook, name: str, url: str, shape: str, events: list[str], is_active: bool) -> None:
    """Change what a webhook is told, and where. Raises CannotKeep."""
    require(by, hook.team, Role.ADMINISTRATOR)
    hook.name, hook.sealed_url, hook.shape, hook.events, hook.is_active = name, seal(url), shape, events, is_active
    try:
        with transaction.atomic():
            hook.save()
    except IntegrityError as error:
        raise CannotKeep("There is a webhook of this name already.") from error
    record(by, hook.team, "webhook.changed", hook, host=host(url), shape=shape, events=events, active=is_active)


@transaction.atomic
def renew_secret(by: User, hook: Webhook) -> str:
    """A new secret; the one before signs nothing from now on."""
    require(by, hook.team, Role.ADMINISTRATOR)
    secret = new_secret()
    hook.sealed_secret = seal(secret)
    hook.save(update_fields=["sealed_secret"])
    record(by, hook.team, "webhook.secret_renewed", hook)
    return secret


@transaction.atomic
def delete(by: User, hook: Webhook) -> None:
    """Take a webhook away with the log of its deliveries."""
    require(by, hook.team, Role.ADMINISTRATOR)
    record(by, hook.team, "webhook.deleted", hook)
    hook.delete()


@transaction.atomic
def send_trial(by: User, hook: Webhook) -> WebhookDelivery:
    """Send an event that means nothing, so that the receiver can be tried."""
    require(by, hook.team, Role.ADMINISTRATOR)
    record(by, hook.team, "webhook.tried", hook)
    sentence = f"{by.name} tries the webhook {hook.name} of {hook.team}"
    return _put(hook, TRIAL, sentence, hook.get_absolute_url(), {"team": hook.team.slug, "by": by.name})


@transaction.atomic
def send_again(by: User, delivery: WebhookDelivery) -> None:
    """Send a delivery that is over once more, with the same id, so that receivers see that they know it."""
    hook = delivery.webhook
    require(by, hook.team, Role.ADMINISTRATOR)
    over = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(state=WebhookDelivery.State.WAITING)
    now = timezone.now()
    if over.update(state=WebhookDelivery.State.WAITING, next_try_at=now):
        record(by, hook.team, "webhook.sent_again", hook, event=delivery.event, message=delivery.message_id)
        transaction.on_commit(lambda: _hurry(delivery.pk))


def host_of(hook: Webhook) -> str:
    """The host that a webhook is sent to; nothing where its address cannot be read any more."""
    try:
        return host(unseal(hook.sealed_url))
    except CannotUnseal:
        return ""


def new_secret() -> str:
    """A secret as Standard Webhooks write it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
