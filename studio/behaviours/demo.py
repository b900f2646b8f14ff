"""What the demo shows of this room: one behaviour of the team that is approved, one in review, one draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.accounts.models import Team, User
from studio.behaviours.models import OwnBehaviour
from studio.behaviours.own import services

BACKUP: dict[str, Any] = {
    "id": "t1490-harbour-backup-agent",
    "techniques": ["T1490"],
    "title": "Drop restore points of the backup agent",
    "group": "Backups",
    "does": "Tells the harbour's backup agent to drop restore points.",
    "why": "Without restore points an encrypted host cannot be brought back.",
    "kernel": "execve hbackup drop …",
    "clause": "spawned_process and proc.name = hbackup and proc.args contains $verbs",
    "parameters": [
        {"name": "verbs", "kind": "texts", "label": "Verbs", "default": ["drop ", "expire --now"]},
    ],
    "noise": "low",
    "priority": "ERROR",
    "lookalikes": [
        {
            "who": "The nightly rotation",
            "exception": {
                "name": "backup_rotation",
                "fields": ["proc.pname"],
                "comps": ["in"],
                "values": [[["hrotate"]]],
            },
            "event": {"run": "hbackup drop --older-than 90d", "parent": "hrotate", "user": "root"},
        }
    ],
    "attack": [
        {"name": "Drop all restore points", "run": "hbackup drop --all"},
        {"name": "Expire at once", "run": "hbackup expire --now", "user": "root"},
    ],
    "benign": [{"name": "List restore points", "run": "hbackup list"}],
    "emulate": 'cp "$(command -v true)" ./hbackup && ./hbackup drop --all',
}
CRANE: dict[str, Any] = {
    "id": "t1565-crane-settings",
    "techniques": ["T1565.001"],
    "title": "Change crane settings outside of the console",
    "group": "Cranes",
    "does": "Writes the settings of the cranes with a program other than their console.",
    "why": "Wrong limits stop loading or damage a ship.",
    "kernel": "openat /etc/crane/… for writing",
    "clause": "open_write and fd.name startswith /etc/crane/ and not proc.name = crane-console",
    "noise": "low",
    "attack": [{"name": "Edit limits", "edit": "/etc/crane/limits.toml", "by": "vi /etc/crane/limits.toml"}],
    "benign": [
        {"name": "The console", "edit": "/etc/crane/limits.toml", "by": "crane-console --apply", "user": "root"}
    ],
    "emulate": "true   # open a file below /etc/crane for writing on a test host; needs root",
}


def load(team: Team, people: Mapping[str, User]) -> None:
    """Add them, unless the team has behaviours of its own already."""
    if OwnBehaviour.objects.filter(team=team).exists():
        return
    author, reviewer = people["author"], people["reviewer"]
    first = services.create(team, author, BACKUP)
    services.hand_in(first.pk, team, author, first.edition)
    services.approve(first.pk, team, reviewer, first.digest, "Saw it fire on the test host.")
    second = services.create(team, author, CRANE)
    services.hand_in(second.pk, team, author, second.edition)
    services.create(team, author, {**CRANE, "id": "t1485-crane-logs", "title": "Remove crane logs", "benign": []})
