"""What a revision keeps beside the rule's text: the team's own behaviours that it uses, and its sample events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: The keys under which a revision's JSON holds them.
BEHAVIOURS, SAMPLES = "own_behaviours", "samples"


@dataclass(frozen=True, slots=True)
class FrozenBehaviour:
    """A version of a behaviour of the team at the time of submission.

    `reference` is the id under which the rule names it, `number` its version, `digest` the SHA-256 of `record`, and
    `team` the name of its owner.
    """

    reference: str
    number: int
    digest: str
    record: Mapping[str, Any] = field(default_factory=dict, hash=False)
    team: str = ""

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.record.get("title") or self.record.get("id") or self.reference)


@dataclass(frozen=True, slots=True)
class FrozenSample:
    """A sample event of the draft at the time of submission. `expectation`: a value of lab.models.Expectation."""

    key: str
    name: str
    expectation: str
    fields: Mapping[str, Any] = field(default_factory=dict, hash=False)


def behaviours_to_json(behaviours: Iterable[FrozenBehaviour]) -> list[dict[str, Any]]:
    """The JSON form of the behaviours."""
    return [
        {"id": one.reference, "version": one.number, "digest": one.digest, "team": one.team, "record": dict(one.record)}
        for one in behaviours
    ]


def behaviours_from_json(data: object) -> tuple[FrozenBehaviour, ...] | None:
    """What `behaviours_to_json` wrote; None where nothing was frozen."""
    if not isinstance(data, (list, tuple)):
        return None
    return tuple(
        FrozenBehaviour(
            str(item["id"]), int(item["version"]), str(item["digest"]), dict(item["record"]), str(item.get("team", ""))
        )
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
