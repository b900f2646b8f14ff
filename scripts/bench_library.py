"""How fast the library of approved rules is searched, in milliseconds of server time, with 10,000 rules in a team.

Beside it, as the measure of the machine: the same page with no rule at all.
"""

from __future__ import annotations

import statistics
import sys

from benching import Somebody, author, kept, studio, times

RULES, ROUNDS, PROMISED = 10_000, 15, 100.0
ASKED = (
    ("the first page", ""),
    ("one word", "?q=crontab"),
    ("three words", "?q=writes+cron+host"),
    ("a word of the marks", "?q=field"),
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
    with studio():
        mai = author()
        empty = statistics.median(_asked(mai, ""))
        _fill(mai)
        took = {words: _asked(mai, query) for words, query in ASKED}
        good = [kept(f"library of {RULES:,} rules: {words}", one, PROMISED) for words, one in took.items()]
    widest = max(map(statistics.median, took.values()))
    print(f"     an empty page takes {empty:.1f} ms; the slowest of these {widest / empty:.1f} times as long")
    return int(not all(good))


def _asked(who: Somebody, query: str) -> list[float]:
    return times(lambda n: who.get(f"/library/{query}"), ROUNDS, warm=2)


def _fill(who: Somebody) -> None:
    from django.utils import timezone

    from studio.authoring.content import RuleContent, to_json
    from studio.authoring.models import Draft
    from studio.lab.models import SampleSet
    from studio.review import terms
    from studio.review.models import Revision, RuleTerms

    team, ada, now = who.team, who.person, timezone.now()
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


if __name__ == "__main__":
    sys.exit(main())
