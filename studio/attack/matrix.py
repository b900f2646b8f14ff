"""The matrix as it is drawn: columns of tactics, cells of techniques, sub-techniques inside their parents' cells."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from studio.attack import queries
from studio.attack.models import Tactic, Technique


@dataclass(frozen=True, slots=True)
class Entry:
    """A technique in the matrix. `found` is False for a parent that is shown only because of a sub-technique."""

    attack_id: str
    name: str
    found: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """A technique and those of its sub-techniques that were found."""

    entry: Entry
    subtechniques: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A tactic and its cells."""

    tactic: Tactic
    cells: tuple[Cell, ...]

    @property
    def found(self) -> list[str]:
        """Identifiers of the techniques and sub-techniques that were found in it."""
        entries = [entry for cell in self.cells for entry in (cell.entry, *cell.subtechniques)]
        return [entry.attack_id for entry in entries if entry.found]


def build(text: str = "", tactic: str | None = None, platforms: Iterable[str] = ()) -> list[Column]:
    """The matrix of the techniques that `queries.search` finds. Five queries, whatever the size."""
    found = queries.search(text, tactic, platforms).order_by("attack_id").prefetch_related(None).select_related(None)
    rows = list(found.values_list("attack_id", "name", "parent_id"))
    wanted = {attack_id for attack_id, _, _ in rows}
    places = _places(wanted)
    names = {attack_id: name for attack_id, name, _ in rows}
    missing = {parent for _, _, parent in rows if parent} - wanted
    names.update(Technique.objects.filter(attack_id__in=missing).order_by().values_list("attack_id", "name"))
    cells: dict[str, dict[str, Entry]] = defaultdict(dict)
    subs: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for attack_id, name, parent in rows:  # in the order of identifiers, so a parent comes before its sub-techniques
        for place in places[attack_id]:
            if parent is None:
                cells[place][attack_id] = Entry(attack_id, name)
            else:
                subs[place, parent].append(Entry(attack_id, name))
                cells[place].setdefault(parent, Entry(parent, names[parent], found=False))
    shown = [row for row in queries.tactics() if tactic in (None, "", row.slug)]
    return [_column(row, cells[row.attack_id], subs) for row in shown]


def _places(wanted: set[str]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = defaultdict(list)
    for attack_id, tactic_id in Technique.tactics.through.objects.values_list("technique_id", "tactic_id"):
        if attack_id in wanted:
            places[attack_id].append(tactic_id)
    return places


def _column(tactic: Tactic, cells: dict[str, Entry], subs: dict[tuple[str, str], list[Entry]]) -> Column:
    ordered = sorted(cells.values(), key=lambda entry: entry.name.lower())
    filled = [Cell(entry, tuple(subs.get((tactic.attack_id, entry.attack_id), ()))) for entry in ordered]
    return Column(tactic, tuple(filled))
