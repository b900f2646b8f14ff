"""A behaviour as a value: what an attacker does, the clause that catches it and the events that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a parameter holds. Lists are lists of text; `PORTS` is a list of numbers from 0 to 65535."""

    TEXT = "text"
    TEXTS = "texts"
    PATHS = "paths"
    NAMES = "names"
    NUMBER = "number"
    PORTS = "ports"

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return self not in (Kind.TEXT, Kind.NUMBER)


class Noise(StrEnum):
    """How often ordinary work looks the same."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def ceiling(self) -> int:
        """The most that a clause of this level may raise on the baseline, in events of a thousand."""
        return {"low": 2, "medium": 10, "high": 50}[self.value]


Setting = str | int | tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that a person may adjust in a clause: `$name` in its template."""

    name: str
    kind: Kind
    label: str
    default: Setting
    help: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """Another clause for the same behaviour. `kind` is `narrower` (catches less, quieter) or `wider` (catches more)."""

    id: str
    kind: str
    title: str
    template: str


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """One event with a name for people. `fields`: Falco's field names to values (text, number, bool, list of text)."""

    name: str
    fields: Mapping[str, object] = field(hash=False)

    @property
    def type(self) -> str:
        """The event type, as `evt.type` gives it."""
        return str(self.fields["evt.type"])


@dataclass(frozen=True, slots=True)
class SuggestedException:
    """A structured exception of Falco that silences a look-alike: one value per field in each row of `values`."""

    name: str
    fields: tuple[str, ...]
    comps: tuple[str, ...]
    values: tuple[tuple[str | tuple[str, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Legitimate work that the clause catches too. `event` fires the clause; `exception`, where given, silences it."""

    who: str
    exception: SuggestedException | None = None
    event: SampleEvent | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Where to read on."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing that attackers do. Text fields are plain sentences; `kernel` is one short line for a card.

    `owner`: the team that wrote it, empty for those that are built in. `standing`: its state where it is not approved.
    """

    id: str
    techniques: tuple[str, ...]
    title: str
    group: str
    does: str
    why: str
    kernel: str
    template: str
    noise: Noise
    priority: str
    parameters: tuple[Parameter, ...] = ()
    variants: tuple[Variant, ...] = ()
    event_types: tuple[str, ...] = ()
    output_fields: tuple[str, ...] = ()
    look_alikes: tuple[LookAlike, ...] = ()
    attack_events: tuple[SampleEvent, ...] = ()
    benign_events: tuple[SampleEvent, ...] = ()
    emulation: str = ""
    references: tuple[Reference, ...] = ()
    owner: str = ""
    standing: str = ""

    @property
    def lowest_engine(self) -> str:
        """The engine version of the oldest Falco that loads the clause and means the same (0.31.0 is Falco 0.37)."""
        from studio.behaviours.conditions import lowest_engine  # the engine is loaded on first use

        return lowest_engine(self.clause())

    @property
    def primary_technique(self) -> str:
        """The technique that the behaviour is filed under."""
        return self.techniques[0]

    @property
    def look_alike_events(self) -> tuple[SampleEvent, ...]:
        """Events of legitimate work that fire the clause until their exception is added."""
        return tuple(look.event for look in self.look_alikes if look.event)

    def variant(self, variant_id: str) -> Variant:
        """The variant of this id. Raises KeyError."""
        for variant in self.variants:
            if variant.id == variant_id:
                return variant
        raise KeyError(variant_id)

    def clause(self, parameters: Mapping[str, object] | None = None, variant: str | None = None) -> str:
        """The clause in Falco's language, with macros by name.

        parameters: by name; missing ones keep their default; lists may be given as one text with a value on each line.
        Raises ParameterError (a value that cannot be used) and KeyError (an unknown variant).
        """
        from studio.behaviours.templates import fill  # the engine's parser is loaded on first use

        template = self.variant(variant).template if variant else self.template
        return fill(template, self.parameters, parameters or {})
