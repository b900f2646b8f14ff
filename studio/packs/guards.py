"""What the database refuses about releases: other contents, a changed outcome, a second yank, loss."""

from __future__ import annotations

from studio.audit.guards import Guard, kept
from studio.packs.models.release import FROZEN

_TABLE = "packs_release"

GUARDS = (
    kept("packs_release_kept", _TABLE, (*FROZEN, "made_at"), "a release is never changed"),
    kept(
        "packs_release_done",
        _TABLE,
        ("state", "files", "summary", "findings", "finished_at"),
        "the outcome of a release is never changed",
        when="OLD.state IN ('done', 'refused')",
    ),
    kept(
        "packs_release_yanked",
        _TABLE,
        ("yanked_at", "yanked_by_id", "yank_reason"),
        "a release is yanked once",
        when="OLD.yanked_at IS NOT NULL",
    ),
    Guard("packs_release_no_delete", _TABLE, "delete", "a release is yanked, never deleted"),
)
