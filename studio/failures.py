"""What the machine cannot do right now, as an answer for a person or a program: which status, which words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from redis.exceptions import ConnectionError as CacheConnectionError
from redis.exceptions import TimeoutError as CacheTimeoutError

from studio.quotas import QuotaError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer. retry_after: seconds after which trying again makes sense; 0 where that is not known."""

    status: int
    title: str
    reason: str
    retry_after: int = 0


BUSY = Failure(
    503,
    "The database is busy",
    "The database did not answer in time. Nothing was saved. Wait a few seconds, then try again.",
    5,
)
FULL = Failure(
    507,
    "The disk is full",
    "The server cannot write: its disk is full or read-only. Nothing was saved. You can go on reading; whoever runs "
    "Mews has to free space before you can save.",
)
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
#: SQLite's result codes: busy, locked; read-only, I/O error, full, cannot open.
_SQLITE_BUSY, _SQLITE_DISK = frozenset({5, 6}), frozenset({8, 10, 13, 14})
_BUSY_WORDS = ("is locked", "lock timeout", "deadlock", "could not serialize")
_DISK_WORDS = ("disk is full", "no space left", "readonly database", "disk i/o error", "unable to open database")
#: PostgreSQL's classes: operator intervention, connection, rollback, lock not available, too many connections.
_POSTGRESQL_BUSY = ("57", "08", "40", "55P03", "53300", "53400")


def failure_of(error: BaseException | None) -> Failure | None:
    """The answer to an error that is the machine's or a quota's; None for all others."""
    if isinstance(error, QuotaError):
        return Failure(429, "Too much at once", str(error), error.retry_after)
    if isinstance(error, (OperationalError, InterfaceError)):
        return _of_database(error)
    if isinstance(error, OSError) and error.errno in _DISK:
        return FULL
    if isinstance(error, (CacheConnectionError, CacheTimeoutError)):
        return Failure(503, "The cache does not answer", "The server's cache does not answer. Try again soon.", 5)
    return None


def _of_database(error: Exception) -> Failure | None:
    cause, words = error.__cause__, str(error).lower()
    code = getattr(cause, "sqlite_errorcode", None)
    state = getattr(cause, "sqlstate", None)
    if (
        state == "53100"
        or (code is not None and code & 0xFF in _SQLITE_DISK)
        or any(one in words for one in _DISK_WORDS)
    ):
        return FULL
    if code is not None and code & 0xFF in _SQLITE_BUSY:
        return BUSY
    if state is not None:
        return BUSY if state.startswith(_POSTGRESQL_BUSY) else None
    if cause is not None and type(cause).__module__.startswith("psycopg"):
        return BUSY  # without a state there was no answer: the connection was refused or lost
    return BUSY if any(one in words for one in _BUSY_WORDS) else None


@contextmanager
def optional_write(what: str) -> Iterator[None]:
    """A write that a page can do without, such as when somebody was last here: where the database or the disk cannot
    take it now, it is logged and left out."""
    try:
        with transaction.atomic():
            yield
    except (DatabaseError, InterfaceError, OSError) as error:
        if failure_of(error) is None:
            raise
        log.warning("write_left_out", what=what, error=str(error))
