"""What the demo shows of this room: lists and macros of a team that keeps backups, one of them with a history."""

from __future__ import annotations

from collections.abc import Mapping

from studio.accounts.models import Team, User
from studio.definitions import services
from studio.definitions.models import Definition
from studio.definitions.values import LIST, MACRO, Term

BACKUP_TOOLS = ("rsync", "restic", "borg", "duplicity", "rclone", "tar", "pg_dump", "mysqldump")
TERMS = (
    Term(LIST, "our_backup_binaries", "", BACKUP_TOOLS[:5], "Programs that our backup jobs start."),
    Term(LIST, "our_backup_directories", "", ("/backup", "/srv/backup", "/var/backups"), "Where our backups lie."),
    Term(MACRO, "our_backup_started", "spawned_process and proc.name in (our_backup_binaries)", (),
         "One of our backup programs was started."),
    Term(MACRO, "below_our_backups", "fd.name pmatch (our_backup_directories)", (),
         "It happened to a file below our backup directories."),
)  # fmt: skip


def load(team: Team, people: Mapping[str, User]) -> None:
    """Add them, by the demo's author, unless the team has macros or lists already."""
    if Definition.objects.filter(team=team).exists():
        return
    author = people["author"]
    made = [services.create(team, author, term) for term in TERMS]
    whole = Term(LIST, "our_backup_binaries", "", BACKUP_TOOLS, TERMS[0].description)
    services.change(made[0].pk, services.Seen(author, team, 1), whole, "Added what the database servers use")
