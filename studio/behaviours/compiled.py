"""The built-in library, read once from its YAML and then kept as JSON under VAR_DIR, which loads ten times as fast.

The kept file bears a digest of the library's texts and of this package's code in its name, so it can't be out of date.
Anything wrong with it (missing, cut off, not ours, nowhere to write) only means that the YAML is read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

from studio.behaviours.loader import LIBRARY, load_texts
from studio.behaviours.records import (
    Behaviour,
    Kind,
    LookAlike,
    Noise,
    Parameter,
    Reference,
    SampleEvent,
    SuggestedException,
    Variant,
)

PREFIX = "library-"
T = TypeVar("T")


def keeping_place() -> Path:
    """The directory for the kept file: `behaviours` under VAR_DIR, or under the checkout's var/."""
    return Path(os.environ.get("VAR_DIR") or Path(__file__).parents[2] / "var") / "behaviours"


def load(directory: Path = LIBRARY, place: Path | None = None) -> tuple[Behaviour, ...]:
    """All behaviours of a directory's *.yaml files, in file order; from the kept file where there is one.

    Raises LibraryError with every complaint at once.
    """
    texts = {path.name: path.read_text("utf-8") for path in sorted(directory.glob("*.yaml"))}
    kept = (place or keeping_place()) / f"{PREFIX}{_digest(texts)}.json"
    found = _read(kept)
    if found is None:
        found = load_texts(texts)
        _keep(kept, found)
    return found


def _digest(texts: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    for name, text in texts.items():
        digest.update(f"\0{name}\0{text}".encode())
    return digest.hexdigest()[:24]


def _read(kept: Path) -> tuple[Behaviour, ...] | None:
    try:
        return _many(_behaviour, json.loads(kept.read_bytes())) or None
    except (OSError, ValueError, TypeError, IndexError, AttributeError):
        return None


def _keep(kept: Path, behaviours: Sequence[Behaviour]) -> None:
    """Write beside and rename, so that nobody reads half a file; then take away what older code or texts left."""
    try:
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps(behaviours, default=_row, ensure_ascii=False, separators=(",", ":"))
        with tempfile.NamedTemporaryFile(
            "w", dir=kept.parent, prefix=".draft-", delete=False, encoding="utf-8"
        ) as draft:
            draft.write(text)
        Path(draft.name).replace(kept)
        for old in (*kept.parent.glob(f"{PREFIX}*.json"), *kept.parent.glob(".draft-*")):
            if old != kept:
                old.unlink(missing_ok=True)
    except OSError:
        return  # a read-only or full disk costs time, not the library


def _row(value: object) -> list[Any]:
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    raise TypeError(f"{type(value).__name__} has no place in the library")


def _many(make: Callable[[list[Any]], T], rows: list[list[Any]]) -> tuple[T, ...]:
    return tuple(make(row) for row in rows)


def _behaviour(row: list[Any]) -> Behaviour:
    values = dict(zip(_BEHAVIOUR, row, strict=True))
    return Behaviour(**values | {name: make(values[name]) for name, make in _MAKERS.items()})


def _parameter(row: list[Any]) -> Parameter:
    name, kind, label, default, text = row
    return Parameter(name, Kind(kind), label, tuple(default) if isinstance(default, list) else default, text)


def _look_alike(row: list[Any]) -> LookAlike:
    who, exception, event = row
    return LookAlike(who, _exception(exception) if exception else None, SampleEvent(*event) if event else None)


def _exception(row: list[Any]) -> SuggestedException:
    name, names, comps, values = row
    rows = tuple(tuple(tuple(cell) if isinstance(cell, list) else cell for cell in line) for line in values)
    return SuggestedException(name, tuple(names), tuple(comps), rows)


def _events(rows: list[Any]) -> tuple[SampleEvent, ...]:
    return _many(lambda row: SampleEvent(*row), rows)


_BEHAVIOUR = tuple(field.name for field in fields(Behaviour))
_MAKERS: dict[str, Callable[[Any], object]] = {
    "techniques": tuple,
    "noise": Noise,
    "parameters": lambda rows: _many(_parameter, rows),
    "variants": lambda rows: _many(lambda row: Variant(*row), rows),
    "event_types": tuple,
    "output_fields": tuple,
    "look_alikes": lambda rows: _many(_look_alike, rows),
    "attack_events": _events,
    "benign_events": _events,
    "references": lambda rows: _many(lambda row: Reference(*row), rows),
}
