"""The matrix as it is drawn, and the numbers over it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from studio.accounts.models import Team
from studio.attack import matrix
from studio.attack.models import Tactic
from studio.coverage import queries
from studio.coverage.asked import Asked
from studio.coverage.counting import LEVELS, CoveringRule, Mark, Standing, marks

#: Gaps that the page lists.
SHOWN_GAPS = 12
NO_MARK = Mark()


@dataclass(frozen=True, slots=True)
class Cell:
    """A technique with its mark. `meant`: it was asked for itself, and not only one of its sub-techniques."""

    attack_id: str
    name: str
    mark: Mark
    meant: bool = True
    subs: tuple[Cell, ...] = ()

    @property
    def covered_subs(self) -> int:
        """Sub-techniques that a rule covers."""
        return sum(sub.mark.is_covered for sub in self.subs)


@dataclass(frozen=True, slots=True)
class Column:
    """A tactic and its cells."""

    tactic: Tactic
    cells: tuple[Cell, ...]

    @property
    def meant(self) -> list[Cell]:
        """Techniques and sub-techniques that were asked for."""
        return [cell for top in self.cells for cell in (top, *top.subs) if cell.meant]

    @property
    def covered(self) -> int:
        """How many of them a rule covers."""
        return sum(cell.mark.is_covered for cell in self.meant)


@dataclass(frozen=True, slots=True)
class Gap:
    """A technique that no rule covers, with how many groups use it."""

    cell: Cell
    groups: int
    tactics: tuple[str, ...]
    sentence: str = ""

    @property
    def plain(self) -> str:
        """MITRE's sentence as one line of text: links as their words, without the marks of sources."""
        text = re.sub(r"\(Citation: [^)]*\)", "", self.sentence)
        return " ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).split())


@dataclass(frozen=True, slots=True)
class Share:
    """One level in numbers. `start` and `width` place it in a bar of 1000."""

    level: str
    title: str
    meaning: str
    count: int
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Board:
    """All that the page shows. `total` counts techniques, each once, whatever `show` hides."""

    columns: tuple[Column, ...]
    shares: tuple[Share, ...]
    total: int
    covered: int
    gaps: tuple[Gap, ...]
    elsewhere: int = 0
    rules: tuple[CoveringRule, ...] = field(default=(), repr=False)


def build(team: Team, rules: Sequence[CoveringRule], asked: Asked) -> Board:
    """The board of some rules of a team. Eleven queries, whatever the size."""
    found = marks(rules, queries.behaviours(team))
    used = queries.used_by(asked.actor) if asked.actor else None
    whole = _columns(matrix.build(**asked.filters.search), found, used)
    once = {cell.attack_id: cell for column in whole for cell in column.meant}
    kept = (_shown(column, asked.show) for column in whole)
    elsewhere = len([one for one in used if one not in once]) if used is not None else 0
    covered = sum(cell.mark.is_covered for cell in once.values())
    columns = tuple(column for column in kept if column.cells)
    return Board(columns, _shares(once), len(once), covered, _gaps(whole, used), elsewhere, tuple(rules))


def _columns(
    drawn: list[matrix.Column], found: Mapping[str, Mark], used: Mapping[str, str] | None
) -> tuple[Column, ...]:
    return tuple(Column(column.tactic, tuple(_cells(column, found, used))) for column in drawn)


def _cells(column: matrix.Column, found: Mapping[str, Mark], used: Mapping[str, str] | None) -> list[Cell]:
    cells = []
    for cell in column.cells:
        subs = tuple(made for entry in cell.subtechniques if (made := _cell(entry, found, used)).meant)
        top = _cell(cell.entry, found, used, subs)
        if top.meant or subs:
            cells.append(top)
    return cells


def _cell(
    entry: matrix.Entry, found: Mapping[str, Mark], used: Mapping[str, str] | None, subs: tuple[Cell, ...] = ()
) -> Cell:
    meant = entry.found and (used is None or entry.attack_id in used)
    return Cell(entry.attack_id, entry.name, found.get(entry.attack_id, NO_MARK), meant, subs)


def _shown(column: Column, show: str) -> Column:
    """The column with those cells only that `show` asks for, and the parents that they stand in."""
    if not show:
        return column
    cells = []
    for cell in column.cells:
        subs = tuple(sub for sub in cell.subs if _fits(sub, show))
        if subs or _fits(cell, show):
            cells.append(Cell(cell.attack_id, cell.name, cell.mark, _fits(cell, show), subs))
    return Column(column.tactic, tuple(cells))


def _fits(cell: Cell, show: str) -> bool:
    return cell.meant and cell.mark.is_covered == (show == "covered")


def _shares(once: Mapping[str, Cell]) -> tuple[Share, ...]:
    counts = Counter(cell.mark.level for cell in once.values())
    shares, start, before = [], 0, 0
    for level, about in LEVELS.items():
        before += counts[level]
        end = round(1000 * before / len(once)) if once else 0
        shares.append(Share(str(level), about.title, about.meaning, counts[level], start, end - start))
        start = end
    return tuple(shares)


def _gaps(columns: tuple[Column, ...], used: Mapping[str, str] | None) -> tuple[Gap, ...]:
    """What to begin with: used by many groups and with many behaviours first; only what has a behaviour."""
    groups = queries.groups_by_technique()
    tactics: dict[str, list[str]] = {}
    cells: dict[str, Cell] = {}
    for column in columns:
        for cell in column.meant:
            if not cell.mark.is_covered and cell.mark.behaviours and not _covered_below(cell):
                tactics.setdefault(cell.attack_id, []).append(column.tactic.name)
                cells[cell.attack_id] = cell
    gaps = [
        Gap(cell, groups.get(one, 0), tuple(tactics[one]), (used or {}).get(one, "")) for one, cell in cells.items()
    ]
    gaps.sort(key=lambda gap: (-gap.groups, -gap.cell.mark.behaviours, gap.cell.attack_id))
    return tuple(gaps)


def _covered_below(cell: Cell) -> bool:
    return bool(cell.covered_subs)


def totals(board: Board) -> dict[str, Any]:
    """How many rules of each standing there are."""
    return {str(standing): sum(rule.standing == standing for rule in board.rules) for standing in Standing}
