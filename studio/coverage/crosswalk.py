"""What ATT&CK 19 made of the techniques and tactics of ATT&CK 18, and what that means for a rule's tags.

The facts lie in data/attack_18_to_19.csv: one row for each technique that was revoked, renamed or stands under other
tactics. Defense Evasion is gone; its techniques went to Stealth and to Defense Impairment.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SPLIT = "mitre_defense_evasion"
#: Choices for the tag of Defense Evasion → their words and the tags that take its place.
CHOICES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "stealth": ("Stealth", ("mitre_stealth",)),
    "impairment": ("Defense Impairment", ("mitre_defense_impairment",)),
    "both": ("Stealth and Defense Impairment", ("mitre_stealth", "mitre_defense_impairment")),
    "remove": ("No tag", ()),
    "keep": ("Leave as it is", (SPLIT,)),
}
_DATA = Path(__file__).with_name("data") / "attack_18_to_19.csv"
_NEW = {"stealth": "stealth", "defense-impairment": "impairment"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A technique of ATT&CK 18: `now` is its identifier in 19, itself or the one that took its place."""

    technique: str
    name_before: str
    tactics_before: frozenset[str]
    now: str
    name: str
    tactics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Move:
    """What a rule would become.

    `replaced`: techniques that have another identifier, each with its fact. `split`: it has the tag of Defense Evasion,
    so that one of CHOICES has to be taken (`default`, `because`). `gone`: tags of tactics under which none of its
    techniques stands any more.
    """

    replaced: tuple[Fact, ...] = ()
    split: bool = False
    default: str = "keep"
    because: str = ""
    gone: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.replaced or self.split or self.gone)


@cache
def facts() -> Mapping[str, Fact]:
    """Technique → its fact; techniques that stay as they are have none."""
    with _DATA.open(encoding="utf-8", newline="") as file:
        return {row["technique"]: _fact(row) for row in csv.DictReader(file)}


def move(techniques: Iterable[str], tags: Sequence[str]) -> Move:
    """What ATT&CK 19 means for a rule with these techniques (identifiers among the tags count too) and tags."""
    named = list(dict.fromkeys([*techniques, *(tag for tag in tags if re.fullmatch(r"T\d{4}(\.\d{3})?", tag))]))
    known = [facts()[one] for one in named if one in facts()]
    replaced = tuple(one for one in known if one.now != one.technique)
    default, because = _split(known) if SPLIT in tags else ("keep", "")
    gone = _gone(known, tags) if len(known) == len(named) else ()
    return Move(replaced, SPLIT in tags, default, because, gone)


def moved(found: Move, techniques: Sequence[str], tags: Sequence[str], choice: str) -> tuple[list[str], list[str]]:
    """Techniques and tags after the move; choice: one of CHOICES for the tag of Defense Evasion."""
    ids = {one.technique: one.now for one in found.replaced}
    names = {slug(one.name_before): slug(one.name) for one in found.replaced}
    after: list[str] = []
    for tag in tags:
        if tag == SPLIT:
            after += CHOICES[choice][1]
        elif tag not in found.gone:
            after.append(ids.get(tag) or names.get(tag) or tag)
    return list(dict.fromkeys(ids.get(one, one) for one in techniques)), list(dict.fromkeys(after))


def slug(name: str) -> str:
    """A technique's or tactic's name as a tag."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _split(known: Sequence[Fact]) -> tuple[str, str]:
    """The choice that the rule's techniques speak for, and which they are."""
    evading = [one for one in known if "defense-evasion" in one.tactics_before]
    if not evading:
        return "keep", "None of its techniques was under Defense Evasion: choose yourself."
    wanted = {_NEW[tactic] for one in evading for tactic in one.tactics if tactic in _NEW}
    told = "; ".join(f"{one.now} is under {_words(one.tactics)}" for one in evading[:4])
    return ("both" if len(wanted) == 2 else wanted.pop() if wanted else "remove"), f"{told}."


def _gone(known: Sequence[Fact], tags: Sequence[str]) -> tuple[str, ...]:
    before = {tactic for one in known for tactic in one.tactics_before} - {"defense-evasion"}
    left = before - {tactic for one in known for tactic in one.tactics}
    wanted = {f"mitre_{slug(tactic)}" for tactic in left}
    return tuple(tag for tag in tags if tag in wanted)


def _words(tactics: Iterable[str]) -> str:
    return " and ".join(sorted(tactic.replace("-", " ").title() for tactic in tactics)) or "no tactic"


def _fact(row: Mapping[str, str]) -> Fact:
    before, after = (frozenset(filter(None, row[key].split("|"))) for key in ("tactics_18", "tactics"))
    return Fact(row["technique"], row["name_18"], before, row["now"], row["name"], after)
