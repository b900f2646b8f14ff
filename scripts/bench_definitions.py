"""What a team's own macros and lists cost: the check at a keystroke, the preview of a change, a list of 5,000 values.

    python scripts/bench_definitions.py

Works in a database of its own: a team with 300 macros, 151 lists and 1,000 drafts that use them. Times are server times
of whole requests by a signed-in person. Beside them the same request of a team that has none.
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
DRAFTS, MACROS, LISTS, ROUNDS = 1000, 300, 150, 60
KEYSTROKE, PREVIEW, PAGE, CHECK = 30.0, 4000.0, 400.0, 250.0


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

    team, other = create_team("Bench"), create_team("Bare")
    clients = []
    for number, one in enumerate((team, other)):
        person = User.objects.create_user(f"{number}@bench.example", "Bo Bench", "a perch above the river")
        Membership.objects.create(user=person, team=one, role=Role.AUTHOR)
        client = Client(headers={"host": "localhost"})
        client.force_login(person)
        clients.append((client, person, one))
    (client, ada, _), (bare, sam, _) = clients
    draft = _filled(team, ada, DRAFTS)
    alone = _filled(other, sam, 1)
    text = "spawned_process and m1_macro and (m2_macro or m3_macro) and proc.pname in (l9_list) and proc.args contains "
    plain = "spawned_process and proc.name in (tool1, tool2) and proc.pname in (shell_binaries) and proc.args contains "
    big = {"kind": "list", "name": "big_list", "description": "", "condition": "", "version": 1}
    values = "\n".join(f"value{number}" for number in range(4999))

    def keystroke(who: Client, pk: int, words: str) -> Callable[[int], object]:
        return lambda n: who.post(f"/drafts/{pk}/condition/findings/", {"condition": f"{words}x{n}"})

    from studio.definitions.models import Definition

    keys = {one.name: one.pk for one in Definition.objects.filter(team=team)}
    change = {"kind": "list", "name": "l1_list", "description": "", "condition": "", "items": "other", "version": 1}

    def preview(n: int) -> object:
        return client.post(f"/definitions/{keys['l1_list']}/edit/", {**change, "items": f"other{n}"})

    def live(n: int) -> object:
        more = {"items": f"{values}\nx{n}", "definition": keys["big_list"]}
        return client.post("/definitions/check/", {**big, **more})

    good = [
        _line("keystroke check, none of one's own", keystroke(bare, alone, plain), KEYSTROKE),
        _line("keystroke check, 451 of one's own, 4 used", keystroke(client, draft, text), KEYSTROKE),
        _line("the list of macros and lists", lambda n: client.get("/definitions/", {"q": f"{n % 10}"}), PAGE, 10),
        _line("a page with its uses", lambda n: client.get(f"/definitions/{keys['l1_list']}/"), PAGE, 10),
        _line(f"preview of a change that {DRAFTS} drafts use", preview, PREVIEW, 4),
        _line("live check of 5,000 values", live, CHECK, 10),
    ]
    return 0 if all(good) else 1


def _filled(team: object, by: object, drafts: int) -> int:
    """Macros, lists and drafts; the key of the first draft."""
    from django.utils import timezone

    from studio.authoring import services
    from studio.authoring.edits import set_condition
    from studio.authoring.models import Draft
    from studio.definitions import services as definitions
    from studio.definitions.models import Definition
    from studio.definitions.values import LIST, Term
    from studio.lab.models import SampleSet

    first = services.create(team, by, (), "Rule 0", [set_condition("spawned_process and proc.name = tool1_1")])
    if drafts == 1:
        return first.pk
    now = timezone.now()
    about = {"team": team, "updated": now, "updated_by": by}
    rows = [Definition(kind="list", name=f"l{n}_list", items=[f"tool{n}_{k}" for k in range(20)], **about)
            for n in range(LISTS)]  # fmt: skip
    rows += [Definition(kind="macro", name=f"m{n}_macro", **about,
             condition=f"spawned_process and proc.name in (l{n % LISTS}_list) and proc.args contains x{n}")
             for n in range(MACROS)]  # fmt: skip
    Definition.objects.bulk_create(rows)
    definitions.create(team, by, Term(LIST, "big_list", items=tuple(f"value{n}" for n in range(5000))))
    sets = SampleSet.objects.bulk_create(SampleSet(team=team) for _ in range(drafts - 1))
    content = {**first.content, "condition": "m1_macro and user.name != root"}
    about = {"team": team, "author": by, "updated": now}
    Draft.objects.bulk_create(
        Draft(samples=one, title=f"Rule {n}", content={**content, "name": f"Rule {n}"}, **about)
        for n, one in enumerate(sets, 1)
    )
    return first.pk


def _line(what: str, ask: Callable[[int], object], limit: float, rounds: int = ROUNDS) -> bool:
    """Ask, print median and 95th percentile, and tell whether the promise on the latter is kept."""
    times = []
    for number in range(rounds + 2):
        begun = time.perf_counter()
        answer = ask(number)
        times.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, answer.status_code  # type: ignore[attr-defined]
    times = sorted(times[2:])
    worst = times[min(len(times) - 1, int(len(times) * 0.95))]
    kept = worst <= limit
    print(f"{what:55} median {statistics.median(times):7.1f} ms   p95 {worst:7.1f} ms   promised {limit:6.0f} ms"
          f"   {'kept' if kept else 'BROKEN'}")  # fmt: skip
    return kept


if __name__ == "__main__":
    sys.exit(main())
