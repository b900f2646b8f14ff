"""Where something stands in a text.

Offsets are byte offsets from 0 into the UTF-8 text. Lines and columns of a *condition* count from 1, and CR and LF each
begin a new line (Falco's condition parser); lines and columns of a *YAML file* count from 0 (yaml-cpp's marks).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Position:
    """One place: byte offset from 0, line and column in the counting of the text it belongs to."""

    offset: int
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of text, from `start` up to and without `end`."""

    start: Position
    end: Position
