"""The sixth step: what the rule is called, how urgent it is, and its tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rules_export.catalog.tags import ACTIVITIES, MATURITIES, WORKLOADS, in_order
from rules_export.ruleset.model import PRIORITIES
from studio.authoring import facts, suggestions
from studio.authoring.forms.details import DetailsForm
from studio.authoring.pages.subject import Subject

#: What a priority means where rules are tuned well.
MEANINGS = {
    "EMERGENCY": "The system cannot be used any more.",
    "ALERT": "Somebody must act at once.",
    "CRITICAL": "An attack on what the business depends on; wake somebody.",
    "ERROR": "Something on the machine was changed that should not be.",
    "WARNING": "Something was read or tried by somebody who should not.",
    "NOTICE": "Behaviour that nobody expects; look at it within the day.",
    "INFORMATIONAL": "Bad practice, worth knowing about.",
    "DEBUG": "Only of use while a rule is being written.",
}


@dataclass(frozen=True, slots=True)
class TagGroup:
    """Tags to add with one click, under what they say."""

    title: str
    tags: tuple[str, ...]


def context(subject: Subject) -> dict[str, Any]:
    """form, priorities (value, meaning), tag groups, suggestions by part that differ from what is written, order."""
    content = subject.content
    known = facts.known(content)
    suggested = {
        "name": suggestions.name(content, known),
        "desc": suggestions.desc(content, known),
        "tags": ", ".join(suggestions.tags(known)),
    }
    written = {"name": content.name, "desc": content.desc, "tags": ", ".join(content.tags)}
    priorities = [item.priority for item in known.behaviours if item.priority in PRIORITIES]
    return {
        "form": DetailsForm(initial={**written, "priority": content.priority, "enabled": content.enabled}),
        "priorities": [(item, MEANINGS[item]) for item in PRIORITIES],
        "advised": min(priorities, key=PRIORITIES.index, default=""),
        "tag_groups": _groups(content.tags, suggestions.tags(known)),
        "suggested": {part: text for part, text in suggested.items() if text and text != written[part]},
        "by_hand": content.touched,
        "tags_in_order": in_order(content.tags),
        "own_findings": [item for item in subject.exam.findings if item.place in subject.exam.places("details")],
    }


def _groups(present: tuple[str, ...], attack: tuple[str, ...]) -> list[TagGroup]:
    """Tags that are not there yet. One maturity is enough, so none is offered beside another."""
    offers = [
        TagGroup("ATT&CK", attack),
        TagGroup("Maturity", () if any(tag in MATURITIES for tag in present) else MATURITIES[:3]),
        TagGroup("Where it runs", WORKLOADS),
        TagGroup("What it watches", ACTIVITIES[:4]),
    ]
    left = [TagGroup(item.title, tuple(tag for tag in item.tags if tag not in present)) for item in offers]
    return [item for item in left if item.tags]
