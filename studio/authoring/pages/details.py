"""The sixth step: what the rule is called, how urgent it is, and its tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rules_export.catalog.tags import ACTIVITIES, MATURITIES, WORKLOADS, TagKind, in_order, kind
from rules_export.catalog.versions import since
from rules_export.language.ast import Identifier
from rules_export.language.visitor import fields_used
from rules_export.lints.context import Subject as RuleSubject
from rules_export.ruleset.model import PRIORITIES
from studio.attack import queries as attack
from studio.authoring import facts, guidance, namesakes, outputs, suggestions
from studio.authoring.content import RARE
from studio.authoring.forms.details import FRAMEWORKS, DetailsForm
from studio.authoring.pages.subject import Subject
from studio.definitions import queries as definitions
from studio.definitions.lexicon import lexicon
from studio.lab.compiled import library

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

#: Kind → how its group is called, and what it says.
GROUPS = {
    TagKind.MATURITY: ("Maturity", "One of them: how far others may rely on the rule."),
    TagKind.WORKLOAD: ("Where it runs", "On hosts, in containers, or both."),
    TagKind.ACTIVITY: ("What it watches", ""),
    TagKind.TACTIC: ("Tactic", "What the attacker wants."),
    TagKind.TECHNIQUE: ("Technique", "How they go about it."),
    TagKind.COMPLIANCE: ("Compliance", "Controls that ask for this rule."),
    TagKind.OTHER: ("Your own", ""),
}


@dataclass(frozen=True, slots=True)
class TagGroup:
    """Tags of one kind. present: on the rule; offers: to add with one click, the fitting ones first."""

    slug: str
    title: str
    says: str
    present: tuple[str, ...]
    offers: tuple[str, ...]
    fitting: frozenset[str]


def context(subject: Subject) -> dict[str, Any]:
    """form, priorities (value, meaning), advice, points, rules alike, tag groups, differing suggestions, rare keys."""
    content = subject.content
    known = facts.known(content)
    rule = RuleSubject(subject.exam.rule, library(subject.exam.rule.brings))
    suggested = {
        "name": suggestions.name(content, known),
        "desc": suggestions.desc(content, known),
        "tags": ", ".join(suggestions.tags(known)),
    }
    written = {"name": content.name, "desc": content.desc, "tags": ", ".join(content.tags)}
    others = list(namesakes.known(subject.draft.team, subject.draft.pk))
    names = lexicon(definitions.own(subject.draft.team_id).within(subject.content.rule_set))
    points = guidance.description(content.name, content.desc)
    return {
        "form": DetailsForm(
            initial={**written, **{key: getattr(content, key) for key in ("priority", "enabled", *RARE)}}
        ),
        "rare_set": [key for key, usual in RARE.items() if getattr(content, key) != usual],
        "capture_since": known_key.since.falco if (known_key := since("item_key", "rule.capture")) else "",
        "priorities": [(item, MEANINGS[item]) for item in PRIORITIES],
        "advice": guidance.priorities(content, rule),
        "points": points,
        "can_say_tuning": not points[1].done,
        "namesakes": namesakes.alike(content.name, others),
        "same_condition": namesakes.saying_the_same(content.condition, others, names),
        "tag_groups": _groups(content.tags, suggestions.tags(known), _fitting(rule)),
        "tactics": attack.tactics(),
        "frameworks": {name: example for name, (_, example) in FRAMEWORKS.items()},
        "suggested": {part: text for part, text in suggested.items() if text and text != written[part]},
        "by_hand": content.touched,
        "tags_in_order": in_order(content.tags),
        "own_findings": [item for item in subject.exam.findings if item.place in subject.exam.places("details")],
    }


def _fitting(rule: RuleSubject) -> frozenset[str]:
    """Tags that the condition speaks for: where it runs, and what it watches."""
    if rule.tree is None:
        return frozenset()
    used = [one.name for one in fields_used(rule.whole if rule.whole is not None else rule.tree)]
    names = [node.name for node in rule.nodes if isinstance(node, Identifier)]
    fits = {one.slug for one in outputs.sets(rule.events, used, names) if one.fits}
    found = {"file": "filesystem", "network": "network", "container": "container"}
    tags = {tag for slug, tag in found.items() if slug in fits}
    if not tags & {"filesystem", "network"}:
        tags.add("process")
    return frozenset(tags if "container" in tags else {*tags, *WORKLOADS})


def _groups(present: tuple[str, ...], wanted: tuple[str, ...], fitting: frozenset[str]) -> list[TagGroup]:
    """A group for each kind, in the ecosystem's order."""
    usual = (*MATURITIES[:3], *WORKLOADS, *ACTIVITIES)
    offers = [tag for tag in dict.fromkeys((*wanted, *usual)) if tag not in present]
    fits = fitting | set(wanted)
    return [
        TagGroup(
            one.name.lower(),
            title,
            says,
            tuple(tag for tag in present if kind(tag) is one),
            tuple(sorted((tag for tag in offers if kind(tag) is one), key=lambda tag: tag not in fits)),
            frozenset(fits),
        )
        for one, (title, says) in GROUPS.items()
    ]
