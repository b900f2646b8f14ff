"""Carries deliveries out: one signed POST, no redirect followed, nothing inside the network reached; tried again."""

from __future__ import annotations

import ipaddress
import random
import time
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from requests import RequestException, Response
from requests_hardened import Config, Manager
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from standardwebhooks.webhooks import Webhook as Signer
from urllib3.exceptions import HTTPError

from studio import networks
from studio.accounts.sealing import CannotUnseal, unseal
from studio.notices.models import Webhook, WebhookDelivery

log = structlog.get_logger(__name__)
State = WebhookDelivery.State

#: Minutes from one try to the next; after the last the delivery has failed.
PAUSES = (0.5, 2, 10, 30, 120, 360, 720)
#: Seconds to connect, and to wait for each piece of the answer.
TIMEOUTS = (5, 10)
#: Bytes of an answer that are read, for the log.
READ = 500
#: How long a try may take before another process may begin one.
CLAIM = timedelta(minutes=3)
AT_ONCE = 100
FORGET_AFTER = timedelta(days=30)


def due(now: datetime) -> list[int]:
    """Deliveries whose time has come, the oldest first."""
    found = WebhookDelivery.objects.filter(state=State.WAITING, next_try_at__lte=now).order_by("next_try_at")
    return list(found.values_list("pk", flat=True)[:AT_ONCE])


def attempt(pk: int) -> None:
    """Try the delivery if it is due and nobody else does."""
    now = timezone.now()
    waiting = WebhookDelivery.objects.filter(pk=pk, state=State.WAITING, next_try_at__lte=now)
    if not waiting.update(next_try_at=now + CLAIM):
        return
    delivery = WebhookDelivery.objects.select_related("webhook").get(pk=pk)
    began = time.monotonic()
    status, words = post(delivery)
    took = round((time.monotonic() - began) * 1000)
    _note(delivery, {"at": now.isoformat(), "status": status, "words": words, "ms": took})


def post(delivery: WebhookDelivery) -> tuple[int, str]:
    """Send it once; the status (0 for no answer) and what to write in the log."""
    hook = delivery.webhook
    try:
        answer = _send(unseal(hook.sealed_url), delivery.body.encode(), _headers(hook, delivery))
    except InvalidIPAddress:
        return 0, "The name leads to an address inside the network, where Mews does not send."
    except CannotUnseal as error:
        return 0, str(error)
    except SoftTimeLimitExceeded:
        return 0, "No answer: it trickled for too long."
    except (RequestException, HTTPError, OSError, ValueError) as error:
        return 0, f"No answer: {_reason(error)}"
    with answer:
        if answer.is_redirect or answer.is_permanent_redirect:
            return (
                answer.status_code,
                "It answers with a redirect. Mews follows none; give the address that it leads to.",
            )
        return answer.status_code, "" if answer.ok else _beginning(answer)


class _PublicOnly(IPFilterAdapter):  # type: ignore[misc] # the library has no types
    """Connects to the address that the name was resolved to, once, and only if that is public (studio.networks)."""

    def build_connection_pool_key_attributes(self, *args: Any, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        host, pool = super().build_connection_pool_key_attributes(*args, **more)
        address = ipaddress.ip_address(host["host"].strip("[]"))
        if not networks.is_public(address):
            raise InvalidIPAddress(address)
        return host, pool


def _send(url: str, body: bytes, headers: dict[str, str]) -> Response:
    config = Config(
        ip_filter_enable=not settings.WEBHOOK_ALLOW_PRIVATE,
        ip_filter_allow_loopback_ips=False,
        never_redirect=True,
        default_timeout=TIMEOUTS,
        user_agent_override="Mews-Webhooks/1",
    )
    with Manager(config).get_session() as session:
        if config.ip_filter_enable:
            session.mount("https://", _PublicOnly(is_https_proto=True))
            session.mount("http://", _PublicOnly(is_https_proto=False))
        session.trust_env = False  # no proxy and no password of the machine is used on behalf of a team
        found: Response = session.post(url, data=body, headers=headers, stream=True, allow_redirects=False)
        return found


def _headers(hook: Webhook, delivery: WebhookDelivery) -> dict[str, str]:
    now = timezone.now()
    signature = Signer(unseal(hook.sealed_secret)).sign(delivery.message_id, now, delivery.body)
    return {
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }


def _beginning(answer: Response) -> str:
    """The first words of an answer, for the log; whatever is wrong with it is no matter."""
    try:
        read = answer.raw.read1(READ) or b""
    except (HTTPError, OSError, ValueError, AttributeError):
        return ""
    return " ".join("".join(one if one.isprintable() else " " for one in read.decode(errors="replace")).split())


def _reason(error: Exception) -> str:
    """The innermost cause in few words, without addresses of the network."""
    name = type(error).__name__
    known = {
        "ConnectTimeout": "it did not answer in time", "ReadTimeout": "it did not answer in time",
        "SSLError": "its certificate is not valid for this name",
        "InvalidURL": "the address is not valid", "ConnectionError": "no connection could be made",
    }  # fmt: skip
    return f"{known.get(name, name)}."


@transaction.atomic
def _note(delivery: WebhookDelivery, tried: dict[str, Any]) -> None:
    """Write the try down, and say what becomes of the delivery."""
    delivery.tries = [*delivery.tries, tried][-50:]
    status, now = int(tried["status"]), timezone.now()
    failures = sum(1 for one in delivery.tries if not 200 <= int(one["status"]) < 300)
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        delivery.state, delivery.next_try_at = State.DONE, None
    elif status == HTTPStatus.GONE:
        delivery.state, delivery.next_try_at = State.FAILED, None
        Webhook.objects.filter(pk=delivery.webhook_id).update(is_active=False)
    elif failures > len(PAUSES):
        delivery.state, delivery.next_try_at = State.FAILED, None
    else:
        pause = PAUSES[failures - 1] * random.uniform(1.0, 1.2)  # noqa: S311 - so that not all come back at one moment
        delivery.next_try_at = now + timedelta(minutes=pause)
    delivery.save(update_fields=["tries", "state", "next_try_at"])
    log.info("webhook_tried", delivery=delivery.pk, status=status, state=delivery.state)


def forget_old() -> int:
    """Delete what was delivered, or given up, some time ago."""
    old = WebhookDelivery.objects.filter(created_at__lt=timezone.now() - FORGET_AFTER).exclude(state=State.WAITING)
    return old.delete()[0]
