"""What large exceptions and many names cost: a block of 500 rows, a changed cell among them, a name
while it is typed, a condition that another rule has.

    python scripts/bench_exceptions.py

Works in a database of its own, with 1,000 other drafts. Times are processor times of whole requests by a signed-in
author, as the wizard sends them: saved, examined, tried on every sample, drawn.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from benching import Somebody, author, kept, studio, times

ROWS, DRAFTS = 500, 1000
BEHAVIOURS = ("t1490-rm-recursive-force", "t1490-chattr-immutable", "t1490-disable-rescue", "t1490-remount-readonly")
PASTE, CELL, PAGE, NAME, SAME = 3000.0, 600.0, 400.0, 250.0, 250.0
CLAUSES = "spawned_process and user.uid = 0 and not proc.pname in (systemd, cron) and proc.cmdline contains /backup"
TABLE: dict[str, object] = {"action": "table", "index": 0, "first": 0}
DETAILS: dict[str, object] = {"desc": "Detects it.", "priority": "ERROR", "enabled": "on", "tags": ""}


def main() -> int:
    """Print a line for each promise; 1 when one is broken."""
    with studio():
        ada = author()
        draft = _drafts(ada)
        post = _poster(ada, draft)
        for one in BEHAVIOURS:
            post("behaviours", action="choose", behaviour=one)
        post("exceptions", action="new")
        rows = "\n".join(f"user{number}\tjob{number}.sh\t/opt/jobs/{number}" for number in range(ROWS))
        block = f"user.name\tproc.pname\tproc.cmdline startswith\n{rows}"
        good = [
            _line(
                f"a block of {ROWS} rows, pasted",
                lambda n: post("exceptions", **TABLE, do="paste", block=block),
                PASTE,
                1,
            ),
            _line("a cell changed", lambda n: post("exceptions", **TABLE, **{"cell-3-0": f"changed{n}"}), CELL, 10),
            _line("the page", lambda n: ada.get(f"/drafts/{draft}/exceptions/"), PAGE, 5),
        ]
        post("exceptions", action="table", index=0, do="remove")
        typed = [f"proc.name in (rm, tool{n}) and {CLAUSES}" for n in range(DRAFTS)]
        names = _line(f"a name, {DRAFTS} others", lambda n: post("details", name=f"Bench ru {n}", **DETAILS), NAME, 20)
        same = _line(f"an equal condition, {DRAFTS} others", lambda n: post("condition", condition=typed[n]), SAME, 20)
        return int(not all([*good, names, same]))


def _poster(who: Somebody, draft: int) -> Callable[..., None]:
    """Posts a step of the draft as the wizard does, with the version that it has by now."""
    from studio.authoring.models import Draft

    def post(step: str, **data: object) -> None:
        version = Draft.objects.values_list("version", flat=True).get(pk=draft)
        who.post(f"/drafts/{draft}/{step}/", {"version": version, **data}, headers={"hx-request": "true"})

    return post


def _drafts(who: Somebody) -> int:
    """Draft after draft; the key of the first."""
    from django.utils import timezone

    from studio.authoring import services
    from studio.authoring.models import Draft
    from studio.lab.models import SampleSet

    first = services.create(who.team, who.person, (), "Bench rule")
    sets = SampleSet.objects.bulk_create([SampleSet(team=who.team) for _ in range(DRAFTS)])
    about = {"team": who.team, "author": who.person, "updated": timezone.now()}
    Draft.objects.bulk_create(
        Draft(
            **about,
            samples=one,
            title=f"Bench rule {number}",
            content={"condition": f"{CLAUSES} and proc.name in (tool{number}, rm)"},
        )
        for number, one in enumerate(sets)
    )
    return int(first.pk)


def _line(words: str, work: Callable[[int], object], limit: float, rounds: int) -> bool:
    return kept(words, times(work, rounds, warm=0, clock=time.process_time), limit)


if __name__ == "__main__":
    sys.exit(main())
