"""How fast the lab is: events a second with one rule, a library of rules on a day of ordinary life, a large upload.

    python scripts/bench_lab.py [LINES]

Works in a database of its own. The upload is carried out in this process as the worker does it: read line by line,
progress written down, the result stored. Beside each figure, as the measure of the machine: reading the same lines as
JSON and doing nothing with them.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RULES, LINES = 100, 100_000
#: Events a second with one rule; seconds for the library on ordinary life; seconds for the upload.
EVENTS_A_SECOND, LIBRARY_SECONDS, UPLOAD_SECONDS = 50_000, 5.0, 20.0


def main() -> int:
    """Print a line for each promise; 1 where one is broken."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    with tempfile.TemporaryDirectory(prefix="mews-bench-") as place:
        os.environ.update(VAR_DIR=place, DJANGO_SETTINGS_MODULE="studio.settings", LOG_LEVEL="ERROR")
        os.environ.pop("DATABASE_URL", None)
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        kept = [_one_rule(), _library(), _upload(lines)]
    return int(not all(kept))


def _one_rule() -> bool:
    """One rule of nine clauses over the day, again and again."""
    from studio.lab.life import ordinary
    from studio.lab.running import run

    rule, day = _rules()[0], ordinary() * 10
    run(rule, [], day[:100])
    took = _seconds(lambda: run(rule, [], day, explained=False))
    return _line("one rule of 9 clauses", len(day) / took, EVENTS_A_SECOND, "events a second", more=True)


def _library() -> bool:
    """Every rule of a library on the day, who is heard first, and who causes the noise of each."""
    from rules_export.ruleset.model import Rule
    from studio.lab.contest import contest
    from studio.lab.known_rules import APPROVED, KnownRule
    from studio.lab.life import ordinary
    from studio.lab.noise import culprits
    from studio.lab.running import run

    rules: list[Rule] = _rules()[:RULES]
    day = ordinary()
    known = [KnownRule(one.name, one.name, APPROVED, one, "") for one in rules]

    def whole() -> None:
        contest(known, [one.fields for one in day])
        for one in rules:
            culprits(run(one, [], day, explained=False).ordinary)

    return _line(f"{len(rules)} rules on {len(day):,} events of ordinary life", _seconds(whole), LIBRARY_SECONDS, "s")


def _upload(count: int) -> bool:
    """A file of so many lines, one of a hundred no event."""
    from django.core.files.uploadedfile import TemporaryUploadedFile

    from studio.accounts.models import Membership, Team, User
    from studio.behaviours import queries as library
    from studio.lab import runs
    from studio.lab.known_rules import DRAFT, KnownRule

    team = Team.objects.create(name="Bench", slug="bench")
    ada = User.objects.create_user("ada@bench.example", "Ada", None)
    Membership.objects.create(user=ada, team=team, role="author")
    texts = [json.dumps(dict(one.fields)) for one in library.baseline()]
    texts += [json.dumps(dict(event.fields)) for one in library.all() for event in one.attack_events]
    lines = [texts[number % len(texts)] if number % 100 else "no event" for number in range(count)]
    upload: Any = TemporaryUploadedFile("day.jsonl", "text/plain", 0, None)
    upload.write("\n".join(lines).encode())
    upload.size = upload.tell()
    upload.seek(0)
    known = KnownRule("draft-1", "Article", DRAFT, _rules()[0], "")
    began = time.perf_counter()
    run = runs.start(team, ada, "events", upload, [known])
    run = runs.carry_out(run)
    took = time.perf_counter() - began
    if run.state != "done" or run.events + run.result["bad_count"] != count:
        raise SystemExit(f"The run ended {run.state}: {run.trouble}")
    bare = _seconds(lambda: [_parsed(line) for line in lines])
    size = upload.size / 1024**2
    kept = _line(f"upload of {count:,} lines, {size:.0f} MiB", took, UPLOAD_SECONDS * count / LINES, "s")
    print(
        f"     {run.fired:,} fire, {run.result['bad_count']:,} bad lines; {took / bare:.1f} times reading them as JSON"
    )
    return kept


def _rules() -> list[Any]:
    """The article's rule of nine clauses, then one rule for each behaviour."""
    from rules_export.ruleset.model import Rule
    from studio.behaviours import queries as library

    found = [one for one in library.all() if one.primary_technique == "T1490"][:9]
    whole = " or ".join(f"({one.clause()})" for one in found)
    article = Rule("Article", whole, "Recovery disabled | command=%proc.cmdline", "", "CRITICAL")
    others = [Rule(one.id, one.clause(), "Seen | command=%proc.cmdline", "", "WARNING") for one in library.all()]
    return [article, *others]


def _parsed(line: str) -> object:
    try:
        return json.load(io.StringIO(line))
    except ValueError:
        return None


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _line(name: str, figure: float, limit: float, unit: str, *, more: bool = False) -> bool:
    kept = figure >= limit if more else figure <= limit
    shown = f"{figure:,.0f}" if figure > 100 else f"{figure:.2f}"
    print(f"{'ok  ' if kept else 'SLOW'} {name:48} {shown:>10} {unit}   limit {limit:,.0f}", flush=True)
    return kept


if __name__ == "__main__":
    sys.exit(main())
