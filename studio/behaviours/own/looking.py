"""What is to be seen of a record while it is written: what the checks say, and which events fire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rules_export.catalog import versions
from rules_export.errors import EngineError
from studio.behaviours import conditions, proof
from studio.behaviours.loader import REFUSALS, Complaint
from studio.behaviours.records import Behaviour, SampleEvent

#: Where a complaint leads: from key and number to an anchor's address and a word for the place.
Place = Callable[[str, int], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Said:
    """One complaint as shown."""

    message: str
    where: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fired:
    """One sample event on the clause. `right`: as it has to be."""

    name: str
    attack: bool
    fires: bool

    @property
    def right(self) -> bool:
        """Whether it does what it has to."""
        return self.attack == self.fires


@dataclass(frozen=True, slots=True)
class Look:
    """All of it. `behaviour`: None where the schema refuses the record. `falco`: the lowest release that loads it."""

    complaints: tuple[Said, ...]
    behaviour: Behaviour | None = None
    clause: str = ""
    events: tuple[Fired, ...] = ()
    ordinary: int = 0
    ordinary_of: int = 0
    falco: str = ""


def look(record: object, place: Place) -> Look:
    """Look at a record."""
    made, found = proof.of_record(record)
    said = tuple(_said(found, place))
    if made is None:
        return Look(said)
    try:
        clause = made.clause()
        matcher = conditions.matcher(conditions.tree(made))
        falco = versions.release(made.lowest_engine).falco
    except (EngineError, *REFUSALS):
        return Look(said, made)

    def fires(event: SampleEvent) -> bool:
        try:
            return bool(matcher.matches(event.fields))
        except EngineError:
            return False

    events = [Fired(event.name, True, fires(event)) for event in made.attack_events]
    events += [Fired(event.name, False, fires(event)) for event in made.benign_events]
    return Look(said, made, clause, tuple(events), *proof.ordinary(matcher), falco)


def only(complaints: Iterable[Complaint], place: Place) -> Look:
    """What is said where there is no record to look at."""
    return Look(tuple(_said(complaints, place)))


def in_form(key: str, number: int) -> tuple[str, str]:
    """The place of a complaint on the form."""
    if not key:
        return "", "The whole"
    if number or key in ("attack", "benign", "lookalikes", "parameters", "variants"):
        return f"#own-{key}-{number}" if number else f"#own-{key}", f"{NAMES.get(key, key)} {number or ''}".strip()
    return f"#id_{key}", NAMES.get(key, key.capitalize())


def in_lines(line: Callable[[str, int], int]) -> Place:
    """The place of a complaint in a text, by the line that a key stands on."""

    def place(key: str, number: int) -> tuple[str, str]:
        at = line(key, number)
        words = f"{key} {number}" if number else key
        return "", ", ".join(filter(None, (f"line {at}" if at else "", words)))

    return place


NAMES = {
    "attack": "Attack event",
    "benign": "Benign event",
    "lookalikes": "Look-alike",
    "parameters": "Parameter",
    "variants": "Variant",
    "does": "What the attacker does",
    "why": "Why it matters",
    "kernel": "What the kernel sees",
    "group": "Heading",
    "output": "Fields worth printing",
    "emulate": "Safe emulation",
    "priority": "Suggested priority",
}


def _said(complaints: Iterable[Complaint], place: Place) -> Iterator[Said]:
    for one in complaints:
        url, where = place(one.key, one.number)
        yield Said(one.message[:1].upper() + one.message[1:], where, url)
