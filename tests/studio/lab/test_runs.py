"""Files of events: read line by line by the worker, counted by cause, bad lines told, cancelled, examples kept."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rules_export.ruleset.model import Rule, RuleException
from studio.lab import run_views, runs, trying
from studio.lab.known_rules import DRAFT, KnownRule
from studio.lab.models import LabRun, SampleEvent, SampleSet
from studio.lab.packed import pack, unpack
from studio.lab.tally import Tally

RM = {"evt.type": "execve", "proc.name": "rm", "proc.pname": "bash", "proc.cmdline": "rm -rf /backup"}
RULE = Rule(
    "Gone", "evt.type = execve and (proc.name = rm or proc.name = dd)", "Gone", "", "NOTICE",
    exceptions=(RuleException("cron", ("proc.pname",), ("=",), (("cron",),)),),
)  # fmt: skip


def write(path, *events):
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in events), "utf-8")
    return path


def test_it_counts_what_fires_by_cause_and_names_bad_lines(tmp_path):
    path = write(tmp_path / "x", RM, "", "nonsense", {**RM, "proc.name": "dd"}, {**RM, "proc.pname": "cron"}, RM, {})
    found = trying.try_file(path, [RULE], lambda progress: None)
    assert (found["lines"], found["events"], found["fired"], found["bad_count"]) == (7, 4, 3, 2)
    assert [number for number, _ in found["bad"]] == [3, 7]
    (told,) = found["rules"]
    assert told["causes"] == [("proc.name = rm", 2), ("proc.name = dd", 1)]
    assert told["silenced"] == [("cron", 1)]
    assert [one["line"] for one in told["examples"]] == [1, 4, 6]


def test_many_rules_are_counted_as_each_alone(tmp_path):
    rules = [Rule(f"r{n}", f"proc.name = {name}", "", "", "DEBUG") for n, name in enumerate(["rm", "dd", "ls", "no"])]
    tally = Tally([*rules, Rule("broken", "proc.name =", "", "", "DEBUG")])
    for line, name in enumerate(["rm", "dd", "rm", "cat"], 1):
        tally.feed({**RM, "proc.name": name}, name, line, {})
    told = {one["rule"]: one for one in tally.result()}
    assert {name: one["fired"] for name, one in told.items()} == {"r0": 2, "r1": 1, "r2": 0, "r3": 0, "broken": 0}
    assert "does not parse" in told["broken"]["trouble"]


def test_it_reads_past_a_line_without_end_and_bytes_that_are_no_text(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b'{"proc.name": "' + b"x" * 900_000 + b'"}\n\xff\xfe\n' + json.dumps(RM).encode())
    found = trying.try_file(path, [RULE], lambda progress: None)
    assert (found["lines"], found["events"], found["bad_count"]) == (3, 1, 2)
    assert "longer than" in found["bad"][0][1]
    assert found["bad"][1] == [2, "This is not UTF-8."]


def test_it_stops_after_its_time_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(trying, "LONGEST", -1)
    monkeypatch.setattr(trying, "EVERY", -1)
    found = trying.try_file(write(tmp_path / "x", *[RM] * 1500), [RULE], lambda progress: None)
    assert (found["complete"], found["lines"]) == (False, 500)


def test_a_packed_rule_is_the_same_rule():
    assert unpack(json.loads(json.dumps(pack(RULE)))) == RULE


@pytest.fixture
def samples(people):
    return SampleSet.objects.create(team=people.team)


@pytest.fixture
def start(people, samples):
    def go(*events, rule=RULE):
        text = "\n".join(json.dumps(one) for one in events).encode()
        known = KnownRule("draft-1", "Gone", DRAFT, rule, "/drafts/1/", samples.pk)
        return runs.start(people.team, people.ada, "events", SimpleUploadedFile("day.jsonl", text), [known])

    return go


@pytest.mark.django_db
def test_a_run_is_carried_out_once_and_its_examples_are_kept(people, samples, start):
    run = runs.carry_out(start(RM, {**RM, "proc.name": "ls"}))
    assert (run.state, run.events, run.fired, run.percent) == ("done", 2, 1, 100)
    finished = run.finished_at
    assert runs.carry_out(run).finished_at == finished
    assert runs.keep(run, people.ada, ["0-0", "0-9", "x"], "no_match") == 1
    assert SampleEvent.objects.get(set=samples).fields == RM


@pytest.mark.django_db
def test_cancel_stops_it_at_its_next_word(people, start, monkeypatch):
    run = start(*[RM] * 1500)
    monkeypatch.setattr(trying, "EVERY", -1)
    real = runs._tell

    def cancelled(*args, **kwargs):
        runs.cancel(LabRun.objects.get(), people.ada)
        return real(*args, **kwargs)

    monkeypatch.setattr(runs, "_tell", cancelled)
    assert runs.carry_out(run).state == "cancelled"
    assert run.result == {}
    assert not runs.cancel(run, people.ada)


@pytest.mark.django_db
def test_old_files_and_rows_go(people, start, monkeypatch):
    monkeypatch.setattr(runs, "KEPT_RUNS", 3)
    monkeypatch.setattr(runs, "KEPT_FILES", 1)
    made = [runs.carry_out(start(RM)) for _ in range(6)]
    assert LabRun.objects.count() == 4
    assert [one.has_file for one in made[-3:]] == [False, True, True]


@pytest.mark.django_db
def test_the_pages_lead_from_the_upload_to_kept_events(client, people, django_capture_on_commit_callbacks):
    client.force_login(people.ada)
    upload = SimpleUploadedFile("day.jsonl", b"\n".join([json.dumps(RM).encode()] * 3 + [b"junk"]))
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/lab/runs/", {"upload": upload, "text": "proc.name = rm"})
    page = client.get(answer.headers["Location"]).content.decode()
    assert "3 of 3 events fire" in page
    assert "Line 4: This is not JSON" in page
    run = LabRun.objects.get()
    assert "fires" in client.get(f"/lab/runs/{run.pk}/why/0-0/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        again = client.post(f"/lab/runs/{run.pk}/again/")
    assert LabRun.objects.filter(fired=3).count() == 2
    assert client.get(again.headers["Location"]).status_code == 200
    client.force_login(people.sam)
    assert client.get(f"/lab/runs/{run.pk}/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("posted", "says"),
    [
        ({"text": "proc.name = rm"}, "required"),
        ({"upload": b"", "text": "proc.name = rm"}, "empty"),
        ({"upload": b"{}", "text": ""}, "no condition and no rule"),
        ({"upload": b"{}", "rule": "draft-99"}, "Select a valid choice"),
        ({"upload": b"{}", "text": "- rule: x\n  oops: ["}, "Line"),
    ],
)
def test_it_says_what_is_wrong_with_an_upload(client, people, posted, says):
    client.force_login(people.ada)
    data = {key: SimpleUploadedFile("x", value) if key == "upload" else value for key, value in posted.items()}
    answer = client.post("/lab/runs/", data)
    assert answer.status_code == 422
    assert says in answer.content.decode()


@pytest.mark.django_db
def test_a_file_that_is_too_large_is_not_even_read(client, people, monkeypatch):
    client.force_login(people.ada)
    monkeypatch.setattr(run_views, "LARGEST_EVENTS", -(1024**2))
    answer = client.post("/lab/runs/", {"upload": SimpleUploadedFile("x", b"{}"), "text": "proc.name = rm"})
    assert answer.status_code == 413
    assert "larger than" in answer.content.decode()


@pytest.mark.django_db
def test_uploads_need_the_token_of_the_form(people):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(people.ada)
    for address in ("/lab/runs/", "/lab/captures/"):
        assert client.post(address, {"text": "x"}).status_code == 403
