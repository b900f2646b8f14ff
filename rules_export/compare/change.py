"""One change between two states of a rule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a change does to the events that the rule matches."""

    MORE = "more"
    FEWER = "fewer"
    SAME = "same"
    OTHER = "other"

    @property
    def contrary(self) -> Effect:
        """What it does where it stands behind `not`."""
        return {Effect.MORE: Effect.FEWER, Effect.FEWER: Effect.MORE}.get(self, self)


@dataclass(frozen=True, slots=True)
class Change:
    """One change. place: the part of the rule, as in findings. before, after: "" for what was not or is not there."""

    place: str
    before: str
    after: str
    effect: Effect
    says: str
