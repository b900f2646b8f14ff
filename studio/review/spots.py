"""Spots inside a part that a comment may hang on: a clause of the condition, a row of an exception."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import Truncator

from studio.authoring.builder import rows
from studio.authoring.clauses import parsed
from studio.authoring.content import ExceptionTable, RuleContent

CLAUSE, ROW = "clause", "row"

#: Clauses of one condition that have a spot of their own; what stands behind them is commented on as a whole.
MOST_CLAUSES = 300


@dataclass(frozen=True, slots=True)
class Spot:
    """One place. key: its address within the part. words: what people read ("clause “proc.name = rm”").

    depth: how deep a clause stands in the condition, at most 8; text: what the clause says.
    """

    place: str
    key: str
    words: str
    depth: int = 0
    text: str = ""

    @property
    def address(self) -> str:
        """Place and key as one word."""
        return f"{self.place} {self.key}"

    @property
    def id(self) -> str:
        """The id of its element on the page."""
        return f"{self.place}-{self.key.replace('.', '-')}"


def clauses(content: RuleContent) -> list[Spot]:
    """Every group and check of the condition, top down; none where it does not parse."""
    tree = parsed(content.condition)
    if tree is None:
        return []
    drawn = (one for one in rows.marks(tree, lambda node: None) if one.what != "close")
    return [spot for _, spot in zip(range(MOST_CLAUSES), map(_clause, drawn), strict=False)]


def rows_of(number: int, table: ExceptionTable) -> list[Spot]:
    """Every row of the exception that stands at `number`, from 0."""
    return [Spot(ROW, f"{number}.{row}", f"{table.name}, row {row + 1}") for row in range(len(table.rows))]


def find(content: RuleContent, place: str, key: str) -> Spot | None:
    """The spot of this address, None where the content has none."""
    found = clauses(content) if place == CLAUSE else _rows(content) if place == ROW else ()
    return next((one for one in found if one.key == key), None)


def _rows(content: RuleContent) -> Iterator[Spot]:
    return (spot for number, table in enumerate(content.exceptions) for spot in rows_of(number, table))


def _clause(mark: rows.Mark) -> Spot:
    text = mark.text if mark.what == "row" else mark.title
    words = f"clause “{Truncator(text).chars(120)}”" if mark.what == "row" else f"{mark.place} ({mark.title})"
    return Spot(CLAUSE, mark.key or "all", words, min(len(mark.path), 8), text)
