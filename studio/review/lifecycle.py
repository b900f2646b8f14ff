"""The life of a revision as one table: which verb leads from which state to which, and who may do it.

What is not in the table does not happen; migration 0003 has the database refuse it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from studio.accounts.roles import Role
from studio.review.permissions import NEEDS


class State(models.TextChoices):
    """Where a revision stands."""

    IN_REVIEW = "in_review", "In review"
    CHANGES_REQUESTED = "changes", "Changes requested"
    APPROVED = "approved", "Approved"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SUPERSEDED = "superseded", "Superseded"
    DEPRECATED = "deprecated", "Deprecated"


#: States in which somebody still has to do something.
OPEN = (State.IN_REVIEW, State.CHANGES_REQUESTED)


@dataclass(frozen=True, slots=True)
class Verb:
    """One step. role: the least that may take it; None for steps that only follow from another. says: the rule."""

    name: str
    start: frozenset[State]
    end: State
    role: Role | None
    says: str


APPROVE = Verb(
    "approved",
    frozenset({State.IN_REVIEW}),
    State.APPROVED,
    NEEDS["decide"],
    "Not who handed it in, nor who wrote any of it since the last approval; "
    "an administrator may all the same, with a reason that is kept.",
)
REQUEST_CHANGES = Verb(
    "changes_requested",
    frozenset({State.IN_REVIEW}),
    State.CHANGES_REQUESTED,
    NEEDS["decide"],
    "With a note that says what to change. Also who wrote it may.",
)
WITHDRAW = Verb(
    "withdrawn", frozenset(OPEN), State.WITHDRAWN, NEEDS["withdraw"], "Takes it out of review; the draft stays."
)
SUPERSEDE = Verb(
    "superseded",
    frozenset({*OPEN, State.APPROVED, State.DEPRECATED}),
    State.SUPERSEDED,
    None,
    "An open revision when its draft is handed in again, an approved or deprecated one when a later one is approved.",
)
DEPRECATE = Verb(
    "deprecated",
    frozenset({State.APPROVED}),
    State.DEPRECATED,
    NEEDS["deprecate"],
    "With a reason. The rule leaves the packs with their next release; what is released stays as it is.",
)
REINSTATE = Verb(
    "reinstated",
    frozenset({State.DEPRECATED}),
    State.APPROVED,
    NEEDS["deprecate"],
    "With a reason. The approval still holds, because the content is the same.",
)
VERBS: tuple[Verb, ...] = (APPROVE, REQUEST_CHANGES, WITHDRAW, SUPERSEDE, DEPRECATE, REINSTATE)

#: From which state a revision may go to which.
TRANSITIONS: Mapping[State, frozenset[State]] = {
    state: frozenset(verb.end for verb in VERBS if state in verb.start) for state in State
}


class WrongStateError(Exception):
    """The revision is no longer where this step begins."""


def check(verb: Verb, state: str, what: str) -> None:
    """Raise WrongStateError unless `verb` begins at `state`; `what` names the revision."""
    if State(state) not in verb.start:
        raise WrongStateError(f"{what} is {State(state).label.lower()} already.")
