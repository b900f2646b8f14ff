"""How fast the lab is: events a second with one rule, a library of rules on a day of ordinary life, a large upload,
and how quickly pages come while a whole Mews takes one in.

    python scripts/bench_lab.py [LINES]

Works in a database of its own. The upload is carried out in this process as the worker does it: read line by line,
progress written down, the result stored. Beside each figure, as the measure of the machine: reading the same lines as
JSON and doing nothing with them.
"""

from __future__ import annotations

import io
import json
import re
import statistics
import sys
import threading
import time
from typing import Any

from benching import author, reached, seconds, studio

RULES, LINES = 100, 100_000
#: Events a second with one rule; seconds for the library on ordinary life; seconds for the upload.
EVENTS_A_SECOND, LIBRARY_SECONDS, UPLOAD_SECONDS = 50_000, 5.0, 20.0
#: Milliseconds within which 95 of 100 pages come while a file is sent, read and tried; pages that are asked for.
PAGE_MS = 500.0
PAGES = ("/drafts/", "/lab/", "/library/", "/behaviours/?q=backup")


def main() -> int:
    """Print a line for each promise; 1 where one is broken."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    with studio():
        kept = [_one_rule(), _library(), _upload(lines), _beside(lines)]
    return int(not all(kept))


def _one_rule() -> bool:
    """One rule of nine clauses over the day, again and again."""
    from studio.lab.life import ordinary
    from studio.lab.running import run

    rule, day = _rules()[0], ordinary() * 10
    run(rule, [], day[:100])
    took = seconds(lambda: run(rule, [], day, explained=False))
    return reached("one rule of 9 clauses", len(day) / took, EVENTS_A_SECOND, "events a second", more=True)


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

    return reached(f"{len(rules)} rules on {len(day):,} events of ordinary life", seconds(whole), LIBRARY_SECONDS, "s")


def _upload(count: int) -> bool:
    """A file of so many lines, one of a hundred no event."""
    from django.core.files.uploadedfile import TemporaryUploadedFile

    from studio.lab import runs
    from studio.lab.known_rules import DRAFT, KnownRule

    ada = author()
    lines = _file(count)
    upload: Any = TemporaryUploadedFile("day.jsonl", "text/plain", 0, None)
    upload.write("\n".join(lines).encode())
    upload.size = upload.tell()
    upload.seek(0)
    known = KnownRule("draft-1", "Article", DRAFT, _rules()[0], "")
    began = time.perf_counter()
    run = runs.start(ada.team, ada.person, "events", upload, [known])
    run = runs.carry_out(run)
    took = time.perf_counter() - began
    if run.state != "done" or run.events + run.result["bad_count"] != count:
        raise SystemExit(f"The run ended {run.state}: {run.trouble}")
    bare = seconds(lambda: [_parsed(line) for line in lines])
    size = upload.size / 1024**2
    kept = reached(f"upload of {count:,} lines, {size:.0f} MiB", took, UPLOAD_SECONDS * count / LINES, "s")
    print(
        f"     {run.fired:,} fire, {run.result['bad_count']:,} bad lines; {took / bare:.1f} times reading them as JSON"
    )
    return kept


def _beside(count: int) -> bool:
    """Pages asked for one after the other while a whole Mews is sent a file over HTTP and its worker tries it."""
    import house
    import requests

    with house.demo() as mews:
        browser = requests.Session()
        entrance = browser.get(mews.enter)
        browser.post(mews.enter, {"csrfmiddlewaretoken": _token(entrance.text)})
        quiet = [_page(browser, mews.url, number) for number in range(40)]
        form = {"csrfmiddlewaretoken": _token(browser.get(f"{mews.url}/lab/runs/").text), "text": _rules()[0].condition}
        whole, told = "\n".join(_file(count)).encode(), []
        began = time.perf_counter()
        sender = threading.Thread(target=lambda: told.append(_sent(browser, mews.url, form, whole)))
        sender.start()
        took: list[float] = []
        while not told or _open(browser, told[0]):
            took.append(_page(browser, mews.url, len(took)))
            if time.perf_counter() - began > 120:
                raise SystemExit("The run did not end.")
        lasted = time.perf_counter() - began
        if "events fire" not in browser.get(told[0]).text:
            raise SystemExit("The run has no result.")
    p95 = statistics.quantiles(took, n=20)[-1]
    kept = reached(f"a page beside an upload of {count:,} lines, p95", p95, PAGE_MS, "ms")
    alone = statistics.quantiles(quiet, n=20)[-1]
    print(f"     {len(took)} pages, slowest {max(took):.0f} ms; p95 without it {alone:.0f} ms")
    whole_way = f"the same upload, first byte sent to result, {len(took)} pages asked"
    return reached(whole_way, lasted, UPLOAD_SECONDS * count / LINES, "s") and kept


def _sent(browser: Any, url: str, form: dict[str, str], whole: bytes) -> str:
    """The address of the run."""
    answer = browser.post(f"{url}/lab/runs/", form, files={"upload": ("day.jsonl", whole)})
    if not re.search(r"/lab/runs/[0-9a-f-]{36}/", answer.url):
        raise SystemExit(f"The upload was refused: {answer.status_code}")
    return str(answer.url)


def _open(browser: Any, run: str) -> bool:
    """Whether the page of the run still asks how far it is."""
    return 'id="lab-run" hx-get' in browser.get(run).text


def _page(browser: Any, url: str, number: int) -> float:
    began = time.perf_counter()
    browser.get(url + PAGES[number % len(PAGES)]).raise_for_status()
    return (time.perf_counter() - began) * 1000


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return found[1] if found else ""


def _file(count: int) -> list[str]:
    """So many lines, one of a hundred no event."""
    from studio.behaviours import queries as library

    texts = [json.dumps(dict(one.fields)) for one in library.baseline()]
    texts += [json.dumps(dict(event.fields)) for one in library.all() for event in one.attack_events]
    return [texts[number % len(texts)] if number % 100 else "no event" for number in range(count)]


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


if __name__ == "__main__":
    sys.exit(main())
