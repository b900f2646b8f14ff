"""What large exceptions and many names cost: a block of 500 rows, a changed cell among them, a name
while it is typed, a condition that another rule has.

    python scripts/bench_exceptions.py

Works in a database of its own, with 1,000 other drafts. Times are processor times of whole requests by a signed-in
author, as the wizard sends them: saved, examined, tried on every sample, drawn.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS, DRAFTS = 500, 1000
BEHAVIOURS = ("t1490-rm-recursive-force", "t1490-chattr-immutable", "t1490-disable-rescue", "t1490-remount-readonly")
PASTE, CELL, PAGE, NAME, SAME = 3000.0, 600.0, 400.0, 250.0, 250.0
CLAUSES = "spawned_process and user.uid = 0 and not proc.pname in (systemd, cron) and proc.cmdline contains /backup"


def main() -> int:
    """Print a line for each promise; 1 when one is broken."""
    with tempfile.TemporaryDirectory(prefix="mews-bench-") as folder:
        os.environ.update(VAR_DIR=folder, LOG_LEVEL="ERROR", DJANGO_SETTINGS_MODULE="studio.settings")
        os.environ.pop("DATABASE_URL", None)
        sys.path.insert(0, str(ROOT))
        return _measure()


def _measure() -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0, skip_checks=True)
    from studio.accounts.models import Membership, User
    from studio.accounts.roles import Role
    from studio.accounts.services import create_team
    from studio.authoring.models import Draft

    team = create_team("Bench")
    person = User.objects.create_user("bo@bench.example", "Bo Bench", "a perch above the river")
    Membership.objects.create(user=person, team=team, role=Role.AUTHOR)
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    draft = _drafts(team, person)

    def post(step: str, **data: object) -> None:
        version = Draft.objects.values_list("version", flat=True).get(pk=draft)
        sent = {"version": version, **data}
        answer = client.post(f"/drafts/{draft}/{step}/", sent, headers={"hx-request": "true"})
        assert answer.status_code == 200, answer.content[:300]

    for one in BEHAVIOURS:
        post("behaviours", action="choose", behaviour=one)
    post("exceptions", action="new")
    rows = "\n".join(f"user{number}\tjob{number}.sh\t/opt/jobs/{number}" for number in range(ROWS))
    block = f"user.name\tproc.pname\tproc.cmdline startswith\n{rows}"
    table = {"action": "table", "index": 0, "first": 0}
    details = {"desc": "Detects it.", "priority": "ERROR", "enabled": "on", "tags": ""}
    good = [
        _line(
            f"a block of {ROWS} rows, pasted", lambda n: post("exceptions", **table, do="paste", block=block), PASTE, 1
        ),
        _line("a cell changed", lambda n: post("exceptions", **table, **{"cell-3-0": f"changed{n}"}), CELL, 10),
        _line("the page", lambda n: client.get(f"/drafts/{draft}/exceptions/"), PAGE, 5),
    ]
    post("exceptions", action="table", index=0, do="remove")
    good.append(_line(f"a name, {DRAFTS} others", lambda n: post("details", name=f"Bench ru {n}", **details), NAME, 20))
    typed = [f"proc.name in (rm, tool{n}) and {CLAUSES}" for n in range(DRAFTS)]
    good.append(
        _line(f"an equal condition, {DRAFTS} others", lambda n: post("condition", condition=typed[n]), SAME, 20)
    )
    return 0 if all(good) else 1


def _drafts(team: object, person: object) -> int:
    """Draft after draft; the key of the first."""
    from django.utils import timezone

    from studio.authoring import services
    from studio.authoring.models import Draft
    from studio.lab.models import SampleSet

    first = services.create(team, person, (), "Bench rule")
    sets = SampleSet.objects.bulk_create([SampleSet(team=team) for _ in range(DRAFTS)])
    Draft.objects.bulk_create(
        Draft(
            team=team,
            author=person,
            samples=one,
            title=f"Bench rule {number}",
            updated=timezone.now(),
            content={"condition": f"{CLAUSES} and proc.name in (tool{number}, rm)"},
        )
        for number, one in enumerate(sets)
    )
    return int(first.pk)


def _line(words: str, work: Callable[[int], object], limit: float, rounds: int) -> bool:
    """One measured line: the median in milliseconds of processor time."""
    times = []
    for number in range(rounds):
        began = time.process_time()
        work(number)
        times.append(1000 * (time.process_time() - began))
    median = statistics.median(times)
    print(f"{words:40} {median:8.1f} ms   (at most {limit:.0f})", flush=True)
    return median <= limit


if __name__ == "__main__":
    sys.exit(main())
