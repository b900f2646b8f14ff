"""The first step: the chosen techniques, and a search over the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.attack import queries as attack
from studio.attack.models import Technique
from studio.authoring.pages.subject import Subject
from studio.behaviours import queries as library
from studio.behaviours.own import queries as own

#: Techniques shown for one search; the list says how many there are.
SHOWN = 25


@dataclass(frozen=True, slots=True)
class Found:
    """A technique in the list of results."""

    technique: Technique
    chosen: bool
    behaviours: int


def context(subject: Subject) -> dict[str, Any]:
    """chosen, unknown, tactics, found, found_count, asked (text and tactic), found_now (the one chosen last).

    Without words to search for, techniques that the library knows behaviours of come first.
    """
    content, query = subject.content, subject.query
    text, tactic = query.get("q", "")[:200], query.get("tactic", "")[:60]
    chosen = attack.techniques(content.techniques)
    everywhere = query.get("everywhere") == "1"
    results = attack.search(text, tactic or None, () if everywhere else attack.DEFAULT_PLATFORMS)
    ids = list(results.values_list("attack_id", flat=True))
    ours = own.by_technique(subject.draft.team)
    last = chosen[-1:]
    counts = {
        attack_id: len(library.by_technique().get(attack_id, ())) + len(ours.get(attack_id, ()))
        for attack_id in (*ids, *(item.pk for item in last))
    }
    if not text.strip():
        ids.sort(key=lambda attack_id: not counts[attack_id])
    shown = attack.techniques(ids[:SHOWN])
    known = {item.pk for item in chosen}
    return {
        "chosen": chosen,
        "unknown": [item for item in content.techniques if item not in known],
        "tactics": attack.tactics(),
        "found": [Found(item, item.pk in known, counts[item.pk]) for item in shown],
        "found_count": len(ids),
        "asked": {"q": text, "tactic": tactic, "everywhere": everywhere},
        "found_now": [Found(item, True, counts[item.pk]) for item in last],
        "catalogue": attack.catalogue(),
    }
