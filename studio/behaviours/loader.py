"""The library's YAML files, read into behaviours; every complaint names file, behaviour and key.

Pure: no Django, no engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
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
    Reference,
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


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a record: the key, the item of its list (from 1; 0 for the key itself), and a sentence."""

    key: str
    number: int
    message: str

    @property
    def where(self) -> str:
        """The place in words: `attack 2`, `title`; empty for the record as a whole."""
        return f"{self.key} {self.number}" if self.number else self.key


#: What reading a record may raise; anything else is an error of ours.
REFUSALS = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


def complaints(record: object) -> list[Complaint]:
    """Everything that the schema has against a record, key by key; none where `behaviour` takes it."""
    if not isinstance(record, Mapping):
        return [Complaint("", 0, "a behaviour is a mapping of keys such as id, techniques and clause")]
    found = [Complaint(key, 0, "is missing") for key in REQUIRED if key not in record]
    found += [
        Complaint(str(key)[:60], 0, "is no key of a behaviour") for key in record if key not in REQUIRED + OPTIONAL
    ]
    for key in (key for key in REQUIRED + OPTIONAL if key in record):
        found += _complaints_of(key, record)
    if found:
        return found
    try:
        behaviour(record)
    except REFUSALS as error:
        return [Complaint("", 0, _sentence(error))]
    return []


def _complaints_of(key: str, record: Mapping[str, Any]) -> Iterator[Complaint]:
    """What is wrong under one key."""
    if key not in _ITEMS:
        try:
            _WHOLE[key](record)
        except REFUSALS as error:
            yield Complaint(key, 0, _sentence(error).removeprefix(f"{key}: "))
        return
    if not isinstance(record[key], list | tuple):
        yield Complaint(key, 0, "must be a list")
        return
    if not record[key] and key in ("techniques", "attack", "benign"):
        yield Complaint(key, 0, "needs at least one")
    for number, item in enumerate(record[key], 1):
        try:
            _ITEMS[key](item)
        except REFUSALS as error:
            yield Complaint(key, number, _sentence(error).removeprefix(f"{key}: "))


def _sentence(error: BaseException) -> str:
    """The message of our own complaints; words for those of Python, which speak of types."""
    if isinstance(error, ValueError) and not isinstance(error, UnicodeError):
        return str(error)
    if isinstance(error, KeyError) and error.args:
        return f"{str(error.args[0])[:60]} is missing or unknown here"
    return "a value has the wrong shape here, such as a list where a text belongs"


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
    techniques = _each(record, "techniques", _technique)
    if not techniques:
        raise ValueError("techniques: name at least one")
    return Behaviour(
        id=_text(record, "id", _ID),
        techniques=techniques,
        title=_text(record, "title"),
        group=_text(record, "group"),
        does=_text(record, "does"),
        why=_text(record, "why"),
        kernel=_text(record, "kernel"),
        template=_text(record, "clause"),
        noise=_noise(record),
        priority=_priority(record),
        parameters=parameters,
        variants=_each(record, "variants", _variant),
        event_types=tuple(dict.fromkeys(event.type for event in attack)),
        output_fields=default_output(attack, _each(record, "output", _plain)),
        look_alikes=_each(record, "lookalikes", _look_alike),
        attack_events=attack,
        benign_events=benign,
        emulation=_emulation(record),
        references=(*map(reference, techniques), *_each(record, "references", _reference)),
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


def _plain(value: object) -> str:
    return _text({"value": value}, "value")


def _technique(value: object) -> str:
    return _text({"techniques": value}, "techniques", _TECHNIQUE)


def _reference(value: object) -> Reference:
    return reference(_plain(value))


def _noise(record: Mapping[str, Any]) -> Noise:
    return Noise(_one_of(record["noise"], tuple(Noise), "noise"))


def _priority(record: Mapping[str, Any]) -> str:
    return _one_of(record.get("priority", "WARNING"), PRIORITIES, "priority")


def _emulation(record: Mapping[str, Any]) -> str:
    if not isinstance(text := record.get("emulate", ""), str):
        raise ValueError("emulate: must be text")
    return text.strip()


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
    if kind not in (Kind.PORTS, Kind.NUMBER):
        _all_text(default)
    shell = Parameter(name, kind, label, tuple(default) if kind.is_list else default, str(record.get("help", "")))
    try:
        value = read(shell, default)
    except ParameterError as error:
        raise ValueError(f"default: {error}") from error
    return Parameter(name, kind, label, value, shell.help)


def _all_text(value: object) -> None:
    """Refuse what YAML reads as something else: a bare yes, no, on or 1.5."""
    for item in value if isinstance(value, list | tuple) else (value,):
        if not isinstance(item, str):
            raise ValueError(f"{item!r} is not text; write it in quotes")


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
    for row in record["values"]:
        for cell in row:
            _all_text(cell)
    rows = tuple(
        tuple(tuple(cell) if isinstance(cell, list) else str(cell) for cell in row) for row in record["values"]
    )
    if len(comps) != len(fields) or any(len(row) != len(fields) for row in rows):
        raise ValueError(f"exception {record['name']}: fields, comps and each row of values need the same length")
    return SuggestedException(_text(record, "name"), fields, comps, rows)


#: How each key is read: those that hold one value, and those that hold a list.
_WHOLE: Mapping[str, Callable[[Mapping[str, Any]], object]] = {
    "id": lambda record: _text(record, "id", _ID),
    **{key: partial(_text, key=key) for key in ("title", "group", "does", "why", "kernel", "clause")},
    "noise": _noise,
    "priority": _priority,
    "emulate": _emulation,
}
_ITEMS: Mapping[str, Callable[[Any], object]] = {
    "techniques": _technique,
    "parameters": _parameter,
    "variants": _variant,
    "lookalikes": _look_alike,
    "attack": partial(_event, user="deploy"),
    "benign": partial(_event, user="root"),
    "output": _plain,
    "references": _reference,
}
