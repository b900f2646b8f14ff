"""Measure what has a promised time, on this machine, and compare: name, median, limit. Exit code 1 when one is missed.

python scripts/bench.py [NAME …]     only those whose name holds one of the words
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benching import ROOT, answered, seconds, studio

RULES = """\
- macro: spawned_process
  condition: (evt.type in (execve, execveat))

- rule: Disable recovery features
  desc: Somebody disables the recovery services.
  condition: spawned_process and proc.name = systemctl and proc.args contains "disable apport.service"
  output: Recovery disabled | user=%user.name command=%proc.cmdline
  priority: CRITICAL
  tags: [host, container, process, mitre_impact, T1490]
"""

Bench = Callable[[], float]


def python(code: str) -> float:
    """Time that a fresh interpreter reports for `code`, which prints it."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def engine_import() -> float:
    """Importing the engine's facade, in a fresh interpreter."""
    return python("import time; b = time.perf_counter(); import rules_export; print(time.perf_counter() - b)")


def validate_file() -> float:
    """`python -m rules_export validate FILE` from start to end."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "rules.yaml"
        file.write_text(RULES)
        command = [sys.executable, "-m", "rules_export", "validate", str(file)]
        return seconds(lambda: subprocess.run(command, cwd=ROOT, capture_output=True, check=True))


class Studio:
    """The studio in this process, on a database of its own with ATT&CK and the demo in it."""

    def __init__(self) -> None:
        from django.core.management import call_command
        from django.test import Client

        from studio import demo
        from studio.accounts.models import User

        self.attack = seconds(lambda: call_command("sync_attack", verbosity=0))
        demo.load()
        self.typed = ""
        self.shelved = False
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(User.objects.get(memberships__role="author"))

    def get(self, path: str) -> float:
        """Server time of a GET, in seconds."""
        return seconds(lambda: answered(self.client.get(path), path))

    def post(self, path: str, data: dict[str, object], **more: Any) -> float:
        """Server time of a POST, in seconds."""
        return seconds(lambda: answered(self.client.post(path, data, **more), path))

    def fill(self, count: int) -> None:
        """A library of `count` rules beside the demo's."""
        from django.apps import apps

        model, samples = apps.get_model("authoring", "Draft"), apps.get_model("lab", "SampleSet")
        first = model.objects.order_by("pk")[0]
        for number in range(count):
            first.pk, first.title, first.samples = None, f"Rule {number}", samples.objects.create(team=first.team)
            first.save(force_insert=True)

    def shelve(self, count: int) -> None:
        """So many approved rules beside what there is, each with its draft, as the first draft says them."""
        import copy

        from django.apps import apps
        from django.utils import timezone

        model, samples = apps.get_model("authoring", "Draft"), apps.get_model("lab", "SampleSet")
        revision, first, now = apps.get_model("review", "Revision"), model.objects.order_by("pk")[0], timezone.now()
        drafts = []
        for number, own in enumerate(samples.objects.bulk_create([samples(team=first.team) for _ in range(count)])):
            drafts.append(copy.deepcopy(first))
            drafts[-1].pk, drafts[-1].samples, drafts[-1].title = None, own, f"Approved rule {number} of many"
        same = {
            "team": first.team,
            "number": 1,
            "state": "approved",
            "content": first.content,
            "yaml": RULES,
            "approved_at": now,
        }
        same |= {"content_hash": "0" * 64, "handed_in_by": first.author, "handed_in_at": now}
        made = model.objects.bulk_create(drafts, batch_size=500)
        revision.objects.bulk_create([revision(draft=one, name=one.title, **same) for one in made], batch_size=500)
        self.shelved = True

    def find(self, text: str) -> float:
        """Server time of what the palette asks for a text, with 10,000 approved rules, in seconds."""
        if not self.shelved:
            self.shelve(10_000)
        return self.get(f"/palette/?q={text}&at=/drafts/1/condition/")

    def check(self, root: str) -> float:
        """Server time of the check that a keystroke asks for, in seconds."""
        self.typed += "x"
        text = f"spawned_process and proc.name = systemctl and proc.args contains 'disable {self.typed}'"
        return self.post(f"{root}/condition/findings/", {"condition": text})

    def build(self, root: str) -> float:
        """Server time of one edit in the visual builder, in seconds: the demo's whole condition negated, and back."""
        from django.apps import apps

        draft = apps.get_model("authoring", "Draft").objects.get(pk=int(root.rpartition("/")[2]))
        data = {"version": draft.version, "action": "build", "do": "negate:", "condition": draft.content["condition"]}
        return self.post(f"{root}/condition/", data, headers={"HX-Request": "true"})

    def draft(self) -> str:
        """Address of the demo's draft."""
        from django.apps import apps

        draft = apps.get_model("authoring", "Draft").objects.order_by("pk").first()
        if draft is None:
            raise SystemExit("The demo has no draft to measure")
        return f"/drafts/{draft.pk}"


def studio_benches(studio: Studio) -> dict[str, tuple[float, Bench, int]]:
    """Name → limit in seconds, what to measure, how often."""
    root = studio.draft()
    studio.fill(1000)
    return {
        "load ATT&CK (first run)": (10.0, lambda: studio.attack, 1),
        "search techniques: recovery": (0.05, lambda: studio.get("/attack/techniques/?q=recovery"), 20),
        "search techniques: T1490": (0.05, lambda: studio.get("/attack/techniques/?q=T1490"), 20),
        "list of drafts": (0.15, lambda: studio.get("/drafts/"), 20),
        "coverage: Linux, containers": (0.2, lambda: studio.get("/coverage/"), 10),
        "coverage: all platforms": (0.2, lambda: studio.get("/coverage/?platform=all"), 10),
        "wizard: behaviours": (0.25, lambda: studio.get(f"{root}/behaviours/"), 10),
        "wizard: condition": (0.25, lambda: studio.get(f"{root}/condition/"), 10),
        "keystroke check, 1,000 rules, p95": (0.03, lambda: slow_end(lambda: studio.check(root), 100), 1),
        "builder edit": (0.25, lambda: studio.build(root), 20),
        "wizard: check": (0.5, lambda: studio.get(f"{root}/check/"), 10),
        "palette, 10,000 rules: a name": (0.05, lambda: studio.find("rule+77"), 20),
        "palette, 10,000 rules: nothing": (0.05, lambda: studio.find("zzzz"), 20),
        "palette, 10,000 rules: T1490": (0.05, lambda: studio.find("T1490"), 20),
    }


def slow_end(bench: Bench, times: int) -> float:
    """The 95th percentile of so many runs."""
    return statistics.quantiles((bench() for _ in range(times)), n=20)[-1]


def second_start() -> float:
    """From the command to "ready", with nothing left to prepare."""
    from house import demo

    with tempfile.TemporaryDirectory() as place:
        with demo(Path(place)):
            pass
        began = time.perf_counter()
        with demo(Path(place)):
            return time.perf_counter() - began


def report(name: str, limit: float, bench: Bench, times: int) -> bool:
    """Measure, print a line, and tell whether the median keeps the limit."""
    median = statistics.median(bench() for _ in range(times))
    kept = median <= limit
    print(f"{'ok  ' if kept else 'SLOW'} {name:32} {median * 1000:9.1f} ms   limit {limit * 1000:8.0f} ms", flush=True)
    return kept


def main(words: list[str]) -> int:
    plain: dict[str, tuple[float, Bench, int]] = {
        "import rules_export": (0.08, engine_import, 7),
        "rules_export validate FILE": (0.4, validate_file, 7),
        "second start": (3.0, second_start, 1),
    }
    with studio(DEMO="1"):
        benches = {**plain, **studio_benches(Studio())}
        wanted = {name: one for name, one in benches.items() if not words or any(word in name for word in words)}
        kept = [report(name, *one) for name, one in wanted.items()]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
