"""What the database refuses about revisions and decisions: moves that are not in the table of states, changes, loss."""

from __future__ import annotations

from studio.audit.guards import Guard, kept
from studio.review.lifecycle import TRANSITIONS

_REVISION, _DECISION = "review_revision", "review_decision"
_MOVES = ", ".join(sorted(f"'{start}>{end}'" for start, ends in TRANSITIONS.items() for end in ends))

GUARDS = (
    Guard(
        "review_revision_moves",
        _REVISION,
        "update",
        "a revision does not go from this state to that",
        when=f"OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ({_MOVES})",
    ),
    kept(
        "review_revision_kept",
        _REVISION,
        (
            "team_id", "draft_id", "number", "name", "content", "frozen", "content_hash", "yaml", "note", "required",
            "handed_in_by_id", "handed_in_at",
        ),
        "what was handed in is never changed",
    ),
    Guard("review_revision_no_delete", _REVISION, "delete", "a revision is never deleted"),
    kept(
        "review_decision_kept",
        _DECISION,
        ("revision_id", "by_id", "verdict", "note", "override", "content_hash", "at"),
        "a decision is never changed",
    ),
    Guard("review_decision_no_delete", _DECISION, "delete", "a decision is never deleted"),
)  # fmt: skip
