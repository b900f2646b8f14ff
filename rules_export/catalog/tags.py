"""The tags of a rule: their kinds, their order, and the ATT&CK tags that techniques and tactics ask for.

The ecosystem's order: maturity, workload, kind of activity, tactic, technique, compliance. Tactics and techniques come
from the caller as data (`technique_tactics`: T1490 → ["impact"], tactics by their short names in the matrix's order):
ATT&CK changes them from version to version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

MATURITIES = ("maturity_stable", "maturity_incubating", "maturity_sandbox", "maturity_deprecated")
WORKLOADS = ("host", "container")
#: What a rule watches. Others may be used; these are what upstream's rules use.
ACTIVITIES = ("process", "filesystem", "network", "users", "shell", "database", "software_mgmt", "k8s", "aws", "cis")

#: ATT&CK 19 split the tactic Defense Evasion (TA0005) in two; the tag of 18 and what it became.
SPLIT_TACTICS: Mapping[str, tuple[str, ...]] = {"defense-evasion": ("stealth", "defense-impairment")}

_TECHNIQUE = re.compile(r"T[0-9]{4}(\.[0-9]{3})?")
_TACTIC_ID = re.compile(r"TA[0-9]{4}")
_COMPLIANCE = re.compile(r"(PCI_DSS|NIST|CIS|SOC2?|HIPAA|GDPR|ISO|FEDRAMP|HITRUST)[_-].*", re.IGNORECASE)


class TagKind(IntEnum):
    """The kinds of tags, in the order in which they stand. OTHER goes wherever the tag before it goes."""

    MATURITY = 0
    WORKLOAD = 1
    ACTIVITY = 2
    TACTIC = 3
    TECHNIQUE = 4
    COMPLIANCE = 5
    OTHER = 6


def kind(tag: str) -> TagKind:
    """Which kind of tag this is. A tactic's id (TA0040) stands where a technique would."""
    if tag.startswith("maturity_"):
        return TagKind.MATURITY
    if tag in WORKLOADS:
        return TagKind.WORKLOAD
    if tag in ACTIVITIES:
        return TagKind.ACTIVITY
    if tag.startswith("mitre_"):
        return TagKind.TACTIC
    if _TECHNIQUE.fullmatch(tag) or _TACTIC_ID.fullmatch(tag):
        return TagKind.TECHNIQUE
    return TagKind.COMPLIANCE if _COMPLIANCE.fullmatch(tag) else TagKind.OTHER


def order(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags in the ecosystem's order, each once.

    Tags of one kind keep their order among themselves (host before container), and a tag of one's own follows the tag
    that it stood behind: [mitre_impact, inhibit_system_recovery, T1490] is in order.
    """
    keyed = []
    place = int(TagKind.ACTIVITY)
    for tag in dict.fromkeys(tags):
        found = kind(tag)
        if found is not TagKind.OTHER:
            place = int(found)
        keyed.append((place, WORKLOADS.index(tag) if tag in WORKLOADS else 0, tag))
    return tuple(tag for _, _, tag in sorted(keyed, key=lambda entry: entry[:2]))


def in_order(tags: Sequence[str]) -> bool:
    """Whether the tags stand in the ecosystem's order."""
    return order(tags) == tuple(dict.fromkeys(tags))


def tactic_tag(short_name: str) -> str:
    """command-and-control, or Command and Control → mitre_command_and_control."""
    return "mitre_" + re.sub(r"[^a-z0-9]+", "_", short_name.lower()).strip("_")


def tactic_of(tag: str) -> str | None:
    """mitre_command_and_control → command-and-control; None for any other tag."""
    return tag.removeprefix("mitre_").replace("_", "-") if kind(tag) is TagKind.TACTIC else None


def is_technique(tag: str) -> bool:
    """Whether the tag is a technique or sub-technique (T1490, T1059.004)."""
    return _TECHNIQUE.fullmatch(tag) is not None


def tactics_of(technique: str, technique_tactics: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Short names of a technique's tactics; a sub-technique that the data lack has those of its technique."""
    found = technique_tactics.get(technique)
    return tuple(technique_tactics.get(technique.partition(".")[0], ()) if found is None else found)


def attack_tags(
    techniques: Iterable[str], technique_tactics: Mapping[str, Sequence[str]], tactics: Sequence[str] = ()
) -> tuple[str, ...]:
    """The tags that these techniques ask for: the tactics of them all, then the techniques, each once.

    tactics: the matrix's order, by short names; without it tactics come in the order of the techniques. A technique may
    belong to several tactics; all are given, as we can't know which the rule means.
    """
    techniques = tuple(dict.fromkeys(techniques))
    named = dict.fromkeys(tactic for one in techniques for tactic in tactics_of(one, technique_tactics))
    places = {tactic: place for place, tactic in enumerate(tactics)}
    ordered = sorted(named, key=lambda tactic: places.get(tactic, len(places)))
    return (*map(tactic_tag, ordered), *techniques)


def same_tactic(one: str, other: str) -> bool:
    """Whether two short names mean one tactic, across the split that ATT&CK 19 made."""
    return one == other or one in SPLIT_TACTICS.get(other, ()) or other in SPLIT_TACTICS.get(one, ())
