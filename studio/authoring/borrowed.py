"""Events of the behaviour library, found by behaviour, to be kept with a rule."""

from __future__ import annotations

from dataclasses import dataclass

from studio.behaviours import queries as library
from studio.behaviours.records import Behaviour
from studio.lab.events import ParsedEvent
from studio.lab.models import Expectation

#: Behaviours of one page.
MOST = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """One event of a behaviour. key names it in a post; expectation is what its behaviour says."""

    key: str
    name: str
    expectation: str
    event: ParsedEvent

    @property
    def is_attack(self) -> bool:
        """Whether a rule should fire."""
        return self.expectation == Expectation.MATCH


def search(text: str) -> list[tuple[Behaviour, list[Offer]]]:
    """The first behaviours that hold all words of the text, or belong to the technique that it names."""
    word = text.strip().upper()
    found = library.for_techniques([word]) if word in library.by_technique() else library.search(text)
    return [(one, offers(one)) for one in found[:MOST]]


def offers(behaviour: Behaviour) -> list[Offer]:
    """The behaviour's attack events, then its benign ones."""
    groups = (("a", Expectation.MATCH, behaviour.attack_events), ("b", Expectation.NO_MATCH, behaviour.benign_events))
    return [
        Offer(f"{behaviour.id}:{kind}{number}", one.name, str(expected), ParsedEvent(one.name[:120], one.fields))
        for kind, expected, events in groups
        for number, one in enumerate(events)
    ]


def offer(key: str) -> Offer | None:
    """The event that a post names."""
    try:
        behaviour = library.get(key.partition(":")[0])
    except KeyError:
        return None
    return next((one for one in offers(behaviour) if one.key == key), None)
