"""What ATT&CK, the behaviour library and the condition say about a draft's content, fetched for the suggestions."""

from __future__ import annotations

from collections.abc import Iterable

from rules_export.language.visitor import fields_used
from studio.attack import queries as attack
from studio.authoring.clauses import parsed
from studio.authoring.content import RuleContent
from studio.authoring.suggestions import BehaviourFacts, Known, TechniqueFacts
from studio.behaviours import queries as library
from studio.behaviours.own import queries as own
from studio.behaviours.records import Behaviour


def known(content: RuleContent) -> Known:
    """The facts, in the order in which the content names things. What is not known (any more) is left out."""
    return Known(_techniques(content), _behaviours(content), _fields(content.condition))


def usable(techniques: Iterable[str]) -> tuple[str, ...]:
    """Those of the techniques that ATT&CK has and has not retired."""
    return tuple(row.pk for row in attack.techniques(techniques) if not row.is_retired)


def chosen_behaviours(content: RuleContent) -> list[Behaviour]:
    """The records of the chosen behaviours, in order of choice; those that left the library are skipped."""
    ours = own_behaviours(content)
    found = (ours.get(item.id) or built_in(item.id) for item in content.behaviours)
    return [item for item in found if item is not None]


def own_behaviours(content: RuleContent) -> dict[str, Behaviour]:
    """The team's behaviours among the chosen ones, by id: as a revision froze them, or as they are now for a draft."""
    if content.own_behaviours is None:
        return own.by_reference(item.id for item in content.behaviours)
    made = {one.reference: own.of_record(one.reference, one.digest, one.record) for one in content.own_behaviours}
    return {reference: one for reference, one in made.items() if one is not None}


def behaviour(behaviour_id: str) -> Behaviour | None:
    """One behaviour that a draft has chosen: of the library, or a version of a team's own; None for neither."""
    return own.by_reference([behaviour_id]).get(behaviour_id) or built_in(behaviour_id)


def stamp(content: RuleContent) -> str:
    """Changes whenever what the chosen behaviours say does, the content staying as it is."""
    if content.own_behaviours is not None:
        return ""
    return own.stamp(item.id for item in content.behaviours)


def built_in(behaviour_id: str) -> Behaviour | None:
    """A behaviour of the library; None for one that left it, and for those of teams."""
    try:
        return library.get(behaviour_id)
    except KeyError:
        return None


def _techniques(content: RuleContent) -> tuple[TechniqueFacts, ...]:
    found = attack.techniques(content.techniques)
    return tuple(TechniqueFacts(row.pk, row.name, tuple(t.slug for t in row.tactics.all())) for row in found)


def _behaviours(content: RuleContent) -> tuple[BehaviourFacts, ...]:
    return tuple(
        BehaviourFacts(item.title, tuple(item.output_fields), item.priority) for item in chosen_behaviours(content)
    )


def _fields(condition: str) -> tuple[str, ...]:
    tree = parsed(condition)
    return tuple(dict.fromkeys(item.name for item in fields_used(tree))) if tree else ()
