"""Every complaint of the engine is a Finding: a stable code, a severity, a place and, where one is safe, a fix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules_export.spans import Span


class Severity(StrEnum):
    """How much a finding weighs. Only `ERROR` keeps Falco from loading a rule."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that settles a finding: replace `span` of the text that the finding speaks of by `replacement`."""

    title: str
    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint.

    code: `LOAD_…` for Falco's own, `MEWS_…` for the studio's. message: Falco's own words for its codes. hint: what to
    do about it, for a person. place: which part of a rule it speaks of (condition, output, exceptions, name, desc,
    priority, tags, file). item: the name of the rule, macro or list. span: where in that part; None for the whole part.
    further: Falco would have stopped before reaching this one.
    """

    code: str
    severity: Severity
    message: str
    place: str = "condition"
    item: str = ""
    span: Span | None = None
    hint: str = ""
    fix: Fix | None = None
    further: bool = False
