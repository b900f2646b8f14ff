"""Outgoing webhooks of the team, and what was delivered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import ADMINISTER, not_too_often
from studio.api.refusals import checked
from studio.api.shapes import Asked, Given, Key, Page, page
from studio.notices import addresses, webhooks
from studio.notices.forms import WebhookForm
from studio.notices.models import Event, Webhook, WebhookDelivery

router = Router()


class WebhookOut(Schema):
    """A webhook. The address is not told: it often holds a secret; host is its host."""

    id: int
    name: str
    host: str
    shape: str
    events: list[str]
    is_active: bool

    @staticmethod
    def resolve_host(hook: Webhook) -> str:
        return webhooks.host_of(hook)


class MadeWebhook(Schema):
    """A new webhook, and the secret that signs its messages. It is told this once."""

    webhook: WebhookOut
    secret: str


class NewSecret(Schema):
    """A secret that is told this once; the one before signs nothing from now on."""

    secret: str


class GivenWebhook(Given):
    """Where to send what."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    url: Annotated[str, Field(min_length=1, max_length=addresses.LONGEST)]
    shape: Literal["generic", "slack"] = "generic"
    events: Annotated[list[Literal[*Event.values]], Field(min_length=1, max_length=20)]  # type: ignore[valid-type]


class WebhookChange(GivenWebhook):
    """All of it. is_active: whether it is told anything."""

    is_active: bool = True


class TryOut(Schema):
    """One try. status: of the answer, 0 for none."""

    at: datetime
    status: int
    words: str
    ms: int


class DeliveryRow(Schema):
    """A delivery. state: waiting, done or failed."""

    id: int
    event: str
    message_id: str
    state: str
    created_at: datetime
    next_try_at: datetime | None
    tries: list[TryOut]


class DeliveryOut(DeliveryRow):
    """A delivery with what is sent."""

    body: str


@router.get("/webhooks", auth=ADMINISTER, response=list[WebhookOut])
def list_webhooks(request: TeamRequest) -> list[Webhook]:
    """List the team's webhooks."""
    return list(Webhook.objects.filter(team=request.team))


@router.post("/webhooks", auth=ADMINISTER, response={201: MadeWebhook})
def create_webhook(request: TeamRequest, data: GivenWebhook) -> dict[str, Any]:
    """Make a webhook; its secret is told this once."""
    fields = _fields(data)
    del fields["is_active"]
    hook, secret = webhooks.create(request.user, request.team, **fields)
    return {"webhook": hook, "secret": secret}


@router.put("/webhooks/{pk}", auth=ADMINISTER, response=WebhookOut)
def change_webhook(request: TeamRequest, pk: Key, data: WebhookChange) -> Webhook:
    """Change what a webhook is told, and where."""
    hook = _hook(request, pk)
    webhooks.change(request.user, hook, **_fields(data))
    return hook


@router.delete("/webhooks/{pk}", auth=ADMINISTER, response={204: None})
def delete_webhook(request: TeamRequest, pk: Key) -> None:
    """Take a webhook away with its log."""
    webhooks.delete(request.user, _hook(request, pk))


@router.post("/webhooks/{pk}/secret", auth=ADMINISTER, response=NewSecret)
def renew_webhook_secret(request: TeamRequest, pk: Key) -> dict[str, str]:
    """Make a new secret."""
    return {"secret": webhooks.renew_secret(request.user, _hook(request, pk))}


@router.post("/webhooks/{pk}/trial", auth=ADMINISTER, response={201: DeliveryOut})
def try_webhook(request: TeamRequest, pk: Key) -> WebhookDelivery:
    """Send an event that means nothing."""
    not_too_often(request, "costly")
    return webhooks.send_trial(request.user, _hook(request, pk))


@router.get("/webhooks/{pk}/deliveries", auth=ADMINISTER, response=Page[DeliveryRow])
def list_webhook_deliveries(request: TeamRequest, pk: Key, asked: Query[Asked]) -> dict[str, Any]:
    """List what a webhook was sent, the newest first."""
    return page(_hook(request, pk).deliveries.defer("body"), asked)


@router.get("/webhook-deliveries/{pk}", auth=ADMINISTER, response=DeliveryOut)
def read_webhook_delivery(request: TeamRequest, pk: Key) -> WebhookDelivery:
    """Read a delivery: what is sent, and what each try brought."""
    return _delivery(request, pk)


@router.post("/webhook-deliveries/{pk}/again", auth=ADMINISTER, response=DeliveryOut)
def send_webhook_again(request: TeamRequest, pk: Key) -> WebhookDelivery:
    """Send a delivery that is over once more, with the same id."""
    not_too_often(request, "costly")
    webhooks.send_again(request.user, _delivery(request, pk))
    return _delivery(request, pk)


def _hook(request: TeamRequest, pk: int) -> Webhook:
    return Webhook.objects.select_related("team").get(team=request.team, pk=pk)


def _delivery(request: TeamRequest, pk: int) -> WebhookDelivery:
    return WebhookDelivery.objects.select_related("webhook__team").get(webhook__team=request.team, pk=pk)


def _fields(data: GivenWebhook) -> dict[str, Any]:
    form = WebhookForm(data.model_dump())
    checked(form)
    return form.cleaned_data
