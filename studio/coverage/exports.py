"""The board for other tools: a layer of the ATT&CK Navigator, and rows for a spreadsheet."""

from __future__ import annotations

from rules_export.artifacts.navigator import LayerTechnique, layer
from rules_export.artifacts.table import csv_bytes
from studio.coverage.board import Board, Cell
from studio.coverage.counting import LEVELS, Standing

#: The score of a technique by its level, so that a layer's colours say what the page's say.
SCORES = {"approved": 5, "in_review": 4, "draft": 3, "disabled": 2, "possible": 1, "nothing": 0}
HEAD = ("Technique", "Name", "Tactics", "Level", "Approved", "In review", "Drafts", "Disabled", "Behaviours", "Rules")


def navigator_layer(board: Board, title: str, attack_version: str, platforms: tuple[str, ...]) -> bytes:
    """The layer: the score is the level, the comment its words, the metadata the names of the rules."""
    found = [
        LayerTechnique(cell.attack_id, SCORES[cell.mark.level], cell.mark.words, tactic, _rules(cell))
        for tactic, cell in _cells(board)
    ]
    scores = ", ".join(f"{SCORES[str(level)]} {about.title.lower()}" for level, about in LEVELS.items())
    about = f"Coverage by rules for Falco. Scores: {scores}."
    return layer(title, found, description=about, attack_version=attack_version, platforms=platforms, highest=5)


def rows(board: Board) -> bytes:
    """A row for each technique, as CSV."""
    return csv_bytes(HEAD, table(board))


def table(board: Board) -> list[tuple[object, ...]]:
    """A row for each technique, under HEAD."""
    tactics: dict[str, list[str]] = {}
    cells: dict[str, Cell] = {}
    for column in board.columns:
        for cell in column.meant:
            tactics.setdefault(cell.attack_id, []).append(column.tactic.name)
            cells[cell.attack_id] = cell
    return [_row(cells[one], ", ".join(tactics[one])) for one in sorted(cells)]


def _row(cell: Cell, tactics: str) -> tuple[object, ...]:
    mark = cell.mark
    counts = [mark.count(standing) for standing in Standing]
    names = "; ".join(rule.name if rule.standing.covers else f"{rule.name} (disabled)" for rule in mark.rules)
    return (cell.attack_id, cell.name, tactics, LEVELS[mark.level].title, *counts, mark.behaviours, names)


def _cells(board: Board) -> list[tuple[str, Cell]]:
    return [(column.tactic.slug, cell) for column in board.columns for cell in column.meant]


def _rules(cell: Cell) -> tuple[tuple[str, str], ...]:
    return tuple((LEVELS[rule.standing].title, rule.name) for rule in cell.mark.rules)
