"""What a revision keeps beside the rule's text: the team's own behaviours that it uses, and its sample events."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: The keys under which a revision's JSON holds them.
BEHAVIOURS, SAMPLES = "own_behaviours", "samples"


@dataclass(frozen=True, slots=True)
class FrozenBehaviour:
    """A version of a behaviour of the team at the time of submission.

    `reference` is the id under which the rule names it, `number` its version, `digest` the SHA-256 of `record`.
    """

    reference: str
    number: int
    digest: str
    record: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.record.get("title") or self.record.get("id") or self.reference)


@dataclass(frozen=True, slots=True)
class FrozenSample:
    """A sample event of the draft at the time of submission. `expectation`: a value of lab.models.Expectation.

    `key` follows from the event alone, so equal events give equal content hashes in every database.
    """

    key: str
    name: str
    expectation: str
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)


def frozen_samples(events: Iterable[tuple[str, str, Mapping[str, Any]]]) -> tuple[FrozenSample, ...]:
    """The events, each given as name, expectation and fields, with their keys; equal events are numbered."""
    seen: Counter[str] = Counter()
    found = []
    for name, expectation, fields in events:
        text = json.dumps([name, expectation, dict(fields)], sort_keys=True, ensure_ascii=False)
        key = f"kept-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
        seen[key] += 1
        found.append(FrozenSample(key if seen[key] == 1 else f"{key}-{seen[key]}", name, expectation, fields))
    return tuple(found)


def behaviours_to_json(behaviours: Iterable[FrozenBehaviour]) -> list[dict[str, Any]]:
    """The JSON form of the behaviours."""
    return [
        {"id": one.reference, "version": one.number, "digest": one.digest, "record": dict(one.record)}
        for one in behaviours
    ]


def behaviours_from_json(data: object) -> tuple[FrozenBehaviour, ...] | None:
    """What `behaviours_to_json` wrote; None where nothing was frozen."""
    if not isinstance(data, (list, tuple)):
        return None
    return tuple(
        FrozenBehaviour(str(item["id"]), int(item["version"]), str(item["digest"]), dict(item["record"]))
        for item in data
    )


def samples_to_json(samples: Iterable[FrozenSample]) -> list[dict[str, Any]]:
    """The JSON form of the sample events."""
    return [
        {"key": one.key, "name": one.name, "expectation": one.expectation, "fields": dict(one.fields)}
        for one in samples
    ]


def samples_from_json(data: object) -> tuple[FrozenSample, ...] | None:
    """What `samples_to_json` wrote; None where nothing was frozen."""
    if not isinstance(data, (list, tuple)):
        return None
    return tuple(
        FrozenSample(str(item["key"]), str(item["name"]), str(item["expectation"]), dict(item["fields"]))
        for item in data
    )
