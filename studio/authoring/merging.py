"""Two contents of one draft, and the one that both began from: which parts collide, and the merge that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from studio.authoring.content import TEXTS, ExceptionTable, RuleContent


class Side(StrEnum):
    """Whose version of a part."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Part:
    """A part in which the two differ. changed_by: who changed it since the version that both began from. together: what
    my change makes of theirs, where that is neither of the two, such as both people's new tags."""

    key: str
    label: str
    theirs: str
    mine: str
    changed_by: Side
    together: str = ""

    @property
    def collides(self) -> bool:
        """Whether somebody has to choose."""
        return self.changed_by is Side.BOTH


#: Fields of the content that are chosen together, under the first one's name.
_TOGETHER = {"primary": "techniques"}
_LABELS = {"desc": "Description"}
#: Fields that follow from the others: who wrote by hand, what the names mean today, and whether texts are exact.
_FOLLOWING = ("touched", "definitions", "exact")


@dataclass(frozen=True, slots=True)
class Versions:
    """What there is to merge. base: what both began from, None where it is no longer kept. replayed: my change made of
    theirs instead."""

    base: RuleContent | None
    theirs: RuleContent
    mine: RuleContent
    replayed: RuleContent

    def parts(self) -> list[Part]:
        """All parts that differ, in the order of the wizard. Without a base every one of them collides."""
        return [part for key, names in _groups().items() if (part := self._part(key, names))]

    def _part(self, key: str, names: tuple[str, ...]) -> Part | None:
        theirs, mine, replayed = (_values(one, names) for one in (self.theirs, self.mine, self.replayed))
        if theirs == mine:
            return None
        by = Side.BOTH
        if self.base is not None and theirs == _values(self.base, names):
            by = Side.MINE
        elif self.base is not None and mine == _values(self.base, names):
            by = Side.THEIRS
        label = _LABELS.get(key, key.replace("_", " ").capitalize())
        together = _text(key, self.replayed) if by is Side.BOTH and replayed not in (theirs, mine) else ""
        return Part(key, label, _text(key, self.theirs), _text(key, self.mine), by, together)

    def merge(self, chosen: Mapping[str, str]) -> RuleContent:
        """Their content with my side of every part that only I changed, and what was chosen of those that collide."""
        sources = {Side.MINE.value: self.mine, Side.BOTH.value: self.replayed}
        taken: dict[str, Any] = {}
        touched = set(self.theirs.touched)
        for part in self.parts():
            source = sources.get(chosen.get(part.key, "") if part.collides else part.changed_by)
            for name in _groups()[part.key] if source else ():
                taken[name] = getattr(source, name)
                touched.discard(name)
                touched |= {name} & (source.touched if source else set())
        exact = self.theirs.exact or (any(part in taken for part in TEXTS) and self.mine.exact)
        return replace(self.theirs, **taken, touched=frozenset(touched), exact=exact)


def _groups() -> dict[str, tuple[str, ...]]:
    """Part → the content's fields that make it; `touched` follows the parts."""
    found: dict[str, tuple[str, ...]] = {}
    for one in fields(RuleContent):
        if one.name not in _FOLLOWING:
            key = _TOGETHER.get(one.name, one.name)
            found[key] = (*found.get(key, ()), one.name)
    return found


def _values(content: RuleContent, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(content, name) for name in names)


def _text(key: str, content: RuleContent) -> str:
    """A part as people read it."""
    value = getattr(content, key)
    if key == "techniques":
        return ", ".join(f"{item} (primary)" if item == content.primary else item for item in content.techniques)
    if key == "behaviours":
        return "\n".join(item.id for item in content.behaviours)
    if key == "exceptions":
        return "\n\n".join(_table(table) for table in content.exceptions)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, frozenset)):
        return ", ".join(sorted(map(str, value)) if isinstance(value, frozenset) else map(str, value))
    return str(value)


def _table(table: ExceptionTable) -> str:
    columns = " and ".join(f"{field} {comp}" for field, comp in zip(table.fields, table.comps, strict=False))
    notes = [f"  {word}: {said}" for word in ("owner", "reason", "expires") if (said := getattr(table, word, ""))]
    return "\n".join([f"{table.name}: {columns}", *("  " + " | ".join(row) for row in table.rows), *notes])
