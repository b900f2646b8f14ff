"""The second step: the library's behaviours as cards, and clauses from a pasted command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from studio.authoring import clauses, facts
from studio.authoring.content import ChosenBehaviour, RuleContent
from studio.authoring.forms.behaviours import PREFIX, VARIANT, as_text
from studio.authoring.pages.subject import Subject
from studio.behaviours import queries as library
from studio.behaviours.own import queries as own
from studio.behaviours.parameters import ParameterError
from studio.behaviours.records import Behaviour, Parameter


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter with its present value as it stands in its field. `name`: of the field."""

    parameter: Parameter
    name: str
    value: str

    @property
    def lines(self) -> int:
        """Rows of the field."""
        return min(8, self.value.count("\n") + 1)


@dataclass(frozen=True, slots=True)
class Card:
    """A behaviour on the page. `edited`: it was chosen, and its clause was changed by hand since."""

    behaviour: Behaviour
    chosen: bool
    edited: bool
    clause: str
    variant: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading."""

    title: str
    cards: tuple[Card, ...]

    @property
    def chosen(self) -> int:
        """How many of them are chosen."""
        return sum(1 for card in self.cards if card.chosen)


def context(subject: Subject) -> dict[str, Any]:
    """groups, gone (chosen ones that left the library), and whether the condition does not parse."""
    content = subject.content
    known = {item.id for item in facts.chosen_behaviours(content)}
    return {
        "groups": groups(content, own.for_techniques(subject.draft.team, subject.person, content.techniques)),
        "gone": [item for item in content.behaviours if item.id not in known],
        "unparsable": bool(content.condition.strip()) and clauses.parsed(content.condition) is None,
    }


def groups(content: RuleContent, of_team: Sequence[Behaviour] = ()) -> list[Group]:
    """The behaviours of the chosen techniques and those chosen otherwise, those filed under them first.

    of_team: the team's own ones of the techniques, which stand before the built-in ones of their heading.
    """
    ours = sorted(
        library.for_techniques(content.techniques), key=lambda item: item.primary_technique not in content.techniques
    )
    records = {item.id: item for item in (*of_team, *ours)}
    records |= {item.id: item for item in facts.chosen_behaviours(content) if item.id not in records}
    chosen = {item.id: item for item in content.behaviours}
    titles = list(dict.fromkeys(item.group for item in records.values()))
    return [
        Group(
            title, tuple(_card(item, chosen.get(item.id), content) for item in records.values() if item.group == title)
        )
        for title in titles
    ]


def _card(behaviour: Behaviour, chosen: ChosenBehaviour | None, content: RuleContent) -> Card:
    parameters = dict(chosen.parameters) if chosen else {}
    variant = parameters.pop(VARIANT, "")
    settings = tuple(
        Setting(item, PREFIX + item.name, parameters.get(item.name, as_text(item.default)))
        for item in behaviour.parameters
    )
    clause = chosen.clause if chosen else _clause(behaviour)
    edited = chosen is not None and not clauses.holds(content.condition, chosen.clause)
    return Card(behaviour, chosen is not None, edited, clause, variant, settings)


def _clause(behaviour: Behaviour) -> str:
    try:
        return behaviour.clause()
    except ParameterError as error:
        return str(error)
