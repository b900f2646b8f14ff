"""The library's YAML files, read into behaviours; every complaint names file, behaviour and key.

Pure: no Django, no engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

from studio.behaviours.defaults import PRIORITIES, default_output, reference
from studio.behaviours.events import EventSpellingError, build
from studio.behaviours.parameters import ParameterError, read
from studio.behaviours.records import (
    Behaviour,
    Kind,
    LookAlike,
    Noise,
    Parameter,
    SampleEvent,
    SuggestedException,
    Variant,
)

LIBRARY = Path(__file__).parent / "library"
REQUIRED = ("id", "techniques", "title", "group", "does", "why", "kernel", "clause", "noise", "attack", "benign")
OPTIONAL = ("parameters", "variants", "lookalikes", "output", "priority", "emulate", "references")
T = TypeVar("T")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")


class LibraryError(ValueError):
    """The library cannot be read. `complaints`: one line each, `file: behaviour: what`."""

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(self.complaints))


def load_texts(texts: Mapping[str, str]) -> tuple[Behaviour, ...]:
    """All behaviours, in the order of the files, from file name → YAML text.

    Raises LibraryError with every complaint at once.
    """
    behaviours: list[Behaviour] = []
    complaints: list[str] = []
    for name, text in texts.items():
        for number, record in enumerate(_records(name, text, complaints), 1):
            where = (
                f"{name}: {record.get('id', f'record {number}') if isinstance(record, dict) else f'record {number}'}"
            )
            try:
                behaviours.append(behaviour(record))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                complaints.append(f"{where}: {error}")
    seen: set[str] = set()
    complaints += [f"{b.id}: the id is used twice" for b in behaviours if b.id in seen or seen.add(b.id)]  # type: ignore[func-returns-value]
    if complaints:
        raise LibraryError(complaints)
    return tuple(behaviours)


def _records(name: str, text: str, complaints: list[str]) -> list[Any]:
    try:
        data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (a safe loader)
    except yaml.YAMLError as error:
        complaints.append(f"{name}: not YAML: {error}")
        return []
    if not isinstance(data, list):
        complaints.append(f"{name}: a library file is a list of behaviours")
        return []
    return data


def behaviour(record: Mapping[str, Any]) -> Behaviour:
    """One behaviour from its record. Raises ValueError with a sentence that names the key."""
    if not isinstance(record, Mapping):
        raise ValueError("a behaviour is a mapping")
    _keys(record, REQUIRED, OPTIONAL)
    parameters = _each(record, "parameters", _parameter)
    attack = _each(record, "attack", lambda spec: _event(spec, "deploy"))
    benign = _each(record, "benign", lambda spec: _event(spec, "root"))
    if not attack or not benign:
        raise ValueError("attack and benign need at least one event each")
    techniques = _texts(record, "techniques", _TECHNIQUE)
    return Behaviour(
        id=_text(record, "id", _ID),
        techniques=techniques,
        title=_text(record, "title"),
        group=_text(record, "group"),
        does=_text(record, "does"),
        why=_text(record, "why"),
        kernel=_text(record, "kernel"),
        template=_text(record, "clause"),
        noise=Noise(record["noise"]),
        priority=_one_of(record.get("priority", "WARNING"), PRIORITIES, "priority"),
        parameters=parameters,
        variants=_each(record, "variants", _variant),
        event_types=tuple(dict.fromkeys(event.type for event in attack)),
        output_fields=default_output(attack, record.get("output", ())),
        look_alikes=_each(record, "lookalikes", _look_alike),
        attack_events=attack,
        benign_events=benign,
        emulation=str(record.get("emulate", "")).strip(),
        references=tuple(reference(text) for text in (*techniques, *record.get("references", ()))),
    )


def _keys(record: Mapping[str, Any], required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    if missing := [key for key in required if key not in record]:
        raise ValueError(f"missing: {', '.join(missing)}")
    if unknown := [str(key) for key in record if key not in required and key not in optional]:
        raise ValueError(f"unknown keys: {', '.join(unknown)}")


def _each(record: Mapping[str, Any], key: str, read_one: Callable[[Any], T]) -> tuple[T, ...]:
    values = record.get(key, ())
    if not isinstance(values, list | tuple):
        raise ValueError(f"{key}: must be a list")
    read_values = []
    for number, value in enumerate(values, 1):
        try:
            read_values.append(read_one(value))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{key} {number}: {error}") from error
    return tuple(read_values)


def _text(record: Mapping[str, Any], key: str, pattern: re.Pattern[str] | None = None) -> str:
    value = record[key]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key}: must be text")
    text = " ".join(value.split())
    if pattern and not pattern.fullmatch(text):
        raise ValueError(f"{key}: {text!r} does not look right")
    return text


def _texts(record: Mapping[str, Any], key: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    return _each(record, key, lambda value: _text({key: value}, key, pattern))


def _one_of(value: object, allowed: tuple[str, ...], key: str) -> str:
    if value not in allowed:
        raise ValueError(f"{key}: {value!r} is none of {', '.join(allowed)}")
    return str(value)


def _parameter(record: Mapping[str, Any]) -> Parameter:
    _keys(record, ("name", "kind", "default"), ("label", "help"))
    default = record["default"]
    name = str(record["name"])
    kind = Kind(record["kind"])
    label = str(record.get("label", name.replace("_", " ").capitalize()))
    shell = Parameter(name, kind, label, tuple(default) if kind.is_list else default, str(record.get("help", "")))
    try:
        value = read(shell, default)
    except ParameterError as error:
        raise ValueError(f"default: {error}") from error
    return Parameter(name, kind, label, value, shell.help)


def _variant(record: Mapping[str, Any]) -> Variant:
    _keys(record, ("id", "kind", "title", "clause"), ())
    kind = _one_of(record["kind"], ("narrower", "wider"), "kind")
    return Variant(_text(record, "id", _ID), kind, _text(record, "title"), _text(record, "clause"))


def _event(record: Mapping[str, Any], user: str) -> SampleEvent:
    try:
        return SampleEvent(_text(record, "name"), build(record, user=user))
    except EventSpellingError as error:
        raise ValueError(f"{record.get('name', 'event')}: {error}") from error


def _look_alike(record: Mapping[str, Any]) -> LookAlike:
    _keys(record, ("who",), ("exception", "event"))
    exception = _exception(record["exception"]) if "exception" in record else None
    event = _event({"name": record["who"], **record["event"]}, "root") if "event" in record else None
    return LookAlike(_text(record, "who"), exception, event)


def _exception(record: Mapping[str, Any]) -> SuggestedException:
    _keys(record, ("name", "fields", "values"), ("comps",))
    fields = tuple(record["fields"])
    comps = tuple(record.get("comps", ["="] * len(fields)))
    rows = tuple(
        tuple(tuple(cell) if isinstance(cell, list) else str(cell) for cell in row) for row in record["values"]
    )
    if len(comps) != len(fields) or any(len(row) != len(fields) for row in rows):
        raise ValueError(f"exception {record['name']}: fields, comps and each row of values need the same length")
    return SuggestedException(_text(record, "name"), fields, comps, rows)
