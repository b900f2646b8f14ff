"""How fast the library of approved rules is searched, in milliseconds of server time, with 10,000 rules in a team.

Beside it, as the measure of the machine: the same page with no rule at all.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RULES, ROUNDS, PROMISED = 10_000, 15, 100.0
ASKED = (
    ("the first page", ""),
    ("one word", "?q=crontab"),
    ("three words", "?q=writes+cron+host"),
    ("no hit", "?q=nothing-of-the-kind"),
    ("technique", "?technique=T1053"),
    ("field used", "?field=fd.name"),
    (
        "all filters",
        "?q=tool&technique=T10&tactic=persistence&priority=NOTICE&tag=host&field=proc.name",
    ),
)


def main() -> int:
    """Fill a database of its own, ask, print; 1 where the promise is not kept."""
    with tempfile.TemporaryDirectory() as place:
        os.environ.update(VAR_DIR=place, DJANGO_SETTINGS_MODULE="studio.settings", LOG_LEVEL="ERROR")
        os.environ.pop("DATABASE_URL", None)
        sys.path.insert(0, str(ROOT))
        return _measured()


def _measured() -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment

    setup_test_environment()
    call_command("migrate", verbosity=0)
    from tests.people import cast

    people = cast()
    client = Client()
    client.force_login(people.mai)
    empty = _median(client, "")
    _fill(people)
    worst = 0.0
    print(f"{'library of 10,000 rules':28} {'median':>8} {'p95':>8}   beside an empty page ({empty:.1f} ms)")
    for words, query in ASKED:
        took = sorted(_times(client, query))
        median, high = statistics.median(took), took[int(len(took) * 0.95) - 1]
        worst = max(worst, median)
        print(f"{words:28} {median:8.1f} {high:8.1f}   {median / empty:.1f} ×")
    print(f"promised: under {PROMISED:.0f} ms; slowest {worst:.1f} ms")
    return int(worst > PROMISED)


def _fill(people: object) -> None:
    from django.utils import timezone

    from studio.authoring.content import RuleContent, to_json
    from studio.authoring.models import Draft
    from studio.lab.models import SampleSet
    from studio.review import terms
    from studio.review.models import Revision, RuleTerms

    team, ada, now = people.team, people.ada, timezone.now()  # type: ignore[attr-defined]
    tools = ("crontab", "useradd", "chattr", "curl", "nc", "rmmod", "systemctl", "dd", "gdb", "kubectl")
    rows = []
    for number in range(RULES):
        tool, field = tools[number % 10], ("fd.name", "proc.args", "container.id")[number % 3]
        rows.append(
            RuleContent(
                techniques=(f"T{1000 + number % 300}",),
                condition=f"spawned_process and proc.name = {tool} and {field} contains x{number}",
                name=f"Tool {tool} number {number}",
                desc=f"Somebody runs {tool} in a way that writes what it should not, number {number}. " * 3,
                output=f"{tool} ran (command=%proc.cmdline user=%user.name parent=%proc.pname)",
                priority="NOTICE" if number % 2 else "CRITICAL",
                tags=("maturity_stable", "host", "process", "mitre_persistence", f"T{1000 + number % 300}"),
            )
        )
    sets = SampleSet.objects.bulk_create([SampleSet(team=team) for _ in rows], batch_size=1000)
    drafts = Draft.objects.bulk_create(
        [
            Draft(team=team, author=ada, samples=sets[number], title=one.name, content=to_json(one), updated=now)
            for number, one in enumerate(rows)
        ],
        batch_size=500,
    )
    summary = {"fired": 3, "attacks": 3, "noise": 0, "benign": 4}
    made = Revision.objects.bulk_create(
        [
            Revision(
                team=team, draft=drafts[number], number=1, name=one.name, content=to_json(one), content_hash="0" * 64,
                yaml=one.condition * 4, state="approved", approved_at=now, handed_in_by=ada, summary=summary,
            )
            for number, one in enumerate(rows)
        ],
        batch_size=500,
    )  # fmt: skip
    RuleTerms.objects.bulk_create(
        [RuleTerms(revision=made[number], text=terms.of(one)) for number, one in enumerate(rows)], batch_size=1000
    )


def _times(client: object, query: str) -> list[float]:
    found = []
    for round_ in range(ROUNDS + 2):
        start = time.perf_counter()
        answer = client.get(f"/library/{query}")  # type: ignore[attr-defined]
        if answer.status_code != 200:
            raise SystemExit(f"/library/{query} answered {answer.status_code}")
        if round_ > 1:
            found.append((time.perf_counter() - start) * 1000)
    return found


def _median(client: object, query: str) -> float:
    return statistics.median(_times(client, query))


if __name__ == "__main__":
    raise SystemExit(main())
