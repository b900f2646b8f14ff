"""What a webhook is sent: our own JSON, or a message as Slack takes it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings

from studio.notices.models import Webhook

#: Characters of what people wrote that go out.
LONGEST_TEXT = 1000


def body(shape: str, event: str, at: datetime, sentence: str, url: str, data: dict[str, Any]) -> str:
    """The body for an event, as text: what is signed is what is sent."""
    address = f"{settings.PUBLIC_URL}{url}" if url.startswith("/") else url
    short = {key: value[:LONGEST_TEXT] if isinstance(value, str) else value for key, value in data.items()}
    content = (
        _slack(sentence, address, short)
        if shape == Webhook.Shape.SLACK
        else {"type": event, "timestamp": at.isoformat(), "data": {**short, "text": sentence, "url": address}}
    )
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _slack(sentence: str, address: str, data: dict[str, Any]) -> dict[str, Any]:
    said = f"{_plain(sentence)} (<{address}|open>)"
    blocks: list[dict[str, Any]] = [{"type": "section", "text": {"type": "mrkdwn", "text": said}}]
    if note := " ".join(str(data.get("note", "")).split()):
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": _plain(note)[:LONGEST_TEXT]}]})
    return {"text": said, "blocks": blocks}


def _plain(text: str) -> str:
    """Slack's three signs escaped, so that nobody's text pings a channel or draws a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
