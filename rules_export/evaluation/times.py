"""The event's clock as Falco prints it: nanoseconds since 1970 to the text of the evt.time family, and back.

Falco prints local time; the engine knows no place and prints UTC, as Falco does on a machine that runs on UTC.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

BILLION = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?")
#: The last second whose year has four digits; later ones (and negative ones) print as bare numbers.
_LAST = 253_402_300_799


def _printer(pattern: str, *, nanoseconds: bool = False, zone: str = "") -> Callable[[int], str]:
    def text(value: int) -> str:
        seconds, rest = divmod(value, BILLION)
        if not 0 <= seconds <= _LAST:
            return str(value)
        clock = (_EPOCH + timedelta(seconds=seconds)).strftime(pattern)
        return f"{clock}.{rest:09d}{zone}" if nanoseconds else clock + zone

    return text


#: Fields whose value is a time in nanoseconds in an alert's JSON, and text everywhere else.
PRINTED: dict[str, Callable[[int], str]] = {
    "evt.time": _printer("%H:%M:%S", nanoseconds=True),
    "evt.time.s": _printer("%H:%M:%S"),
    "evt.time.iso8601": _printer("%Y-%m-%dT%H:%M:%S", nanoseconds=True, zone="+0000"),
    "evt.datetime": _printer("%Y-%m-%d %H:%M:%S", nanoseconds=True),
    "evt.datetime.s": _printer("%Y-%m-%d %H:%M:%S"),
    "evt.outputtime": _printer("%H:%M:%S", nanoseconds=True),
}

#: `time` of a JSON alert.
alert_time = _printer("%Y-%m-%dT%H:%M:%S", nanoseconds=True, zone="Z")


def nanoseconds(text: str) -> int | None:
    """Nanoseconds since 1970 of a date and time such as 2024-03-20T16:00:29.001414928Z; None for anything else."""
    found = _ISO.fullmatch(text.strip())
    if found is None:
        return None
    day, clock, fraction, zone = found.groups()
    zone = "+00:00" if zone in (None, "Z") else zone
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{zone}")
    except ValueError:
        return None
    return int((moment - _EPOCH).total_seconds()) * BILLION + int((fraction or "").ljust(9, "0"))
