"""What ATT&CK, the behaviour library and the condition say about a draft's content, fetched for the suggestions."""

from __future__ import annotations

from rules_export.language.visitor import fields_used
from studio.attack import queries as attack
from studio.authoring.clauses import parsed
from studio.authoring.content import RuleContent
from studio.authoring.suggestions import BehaviourFacts, Known, TechniqueFacts
from studio.behaviours import queries as library
from studio.behaviours.records import Behaviour


def known(content: RuleContent) -> Known:
    """The facts, in the order in which the content names things. What is not known (any more) is left out."""
    return Known(_techniques(content), _behaviours(content), _fields(content.condition))


def chosen_behaviours(content: RuleContent) -> list[Behaviour]:
    """The library's records of the chosen behaviours, in order of choice; those that left the library are skipped."""
    found = (behaviour(item.id) for item in content.behaviours)
    return [item for item in found if item is not None]


def behaviour(behaviour_id: str) -> Behaviour | None:
    """One behaviour of the library, or None."""
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
