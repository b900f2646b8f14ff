"""Logs: one line for one thing that happened, readable on a terminal or as JSON for a collector."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

TOKEN_IN_PATH = re.compile(r"(/(?:setup|invitation|new-password|enter|channels)/)[^/\s'\"]+")


def without_tokens(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor: links with a secret in them are not readable from the log."""
    for key in ("request", "event"):
        if isinstance(event.get(key), str):
            event[key] = TOKEN_IN_PATH.sub(r"\1…", event[key])
    return event


def one_line_a_request(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor: of a request only its end is told, and of health checks nothing as long as they succeed."""
    if event.get("event") == "request_started":
        raise structlog.DropEvent
    if event.get("request") == "GET /healthz" and event.get("code") == 200:
        raise structlog.DropEvent
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_tokens,
]


def logging_config(level: int, as_json: bool) -> dict[str, Any]:
    """The LOGGING dictionary: everything to standard error at `level`; structlog is configured on the way."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            one_line_a_request,
            *SHARED,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "mews": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "mews"}},
        "root": {"handlers": ["terminal"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["terminal"], "level": level, "propagate": False},
            "kombu": {"level": "WARNING"},
        },
    }
