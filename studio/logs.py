"""Logs: one line for one thing that happened, readable on a terminal or as JSON for a collector."""

from __future__ import annotations

from typing import Any

import structlog

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_config(level: int, as_json: bool) -> dict[str, Any]:
    """The LOGGING dictionary: everything to standard error at `level`; structlog is configured on the way."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
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
