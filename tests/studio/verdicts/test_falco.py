"""A stand-in program plays Falco: what it prints is what Falco prints in such a case."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from studio.verdicts import falco, services
from studio.verdicts.models import FalcoCheck

RULES = [falco.RulesFile("falco_rules.local.yaml", "- list: a\n  items: []\n")]


def play(folder: Path, body: str, settings: object) -> Path:
    """Put a shell script in Falco's place."""
    program = folder / "falco"
    program.write_text("#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'Falco version: 0.45.0'; exit 0; fi\n" + body)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    settings.FALCO_BINARY = str(program)  # type: ignore[attr-defined]
    return program


def report(*errors: dict[str, object], warnings: list[dict[str, object]] | None = None) -> str:
    result = {
        "errors": list(errors),
        "name": "00-falco_rules.local.yaml",
        "successful": not errors,
        "warnings": warnings or [],
    }
    return json.dumps({"falco_load_results": [result]})


def test_it_reads_the_verdict_of_a_falco_that_accepts(tmp_path, settings):
    play(tmp_path, f"echo '{report()}'", settings)
    said = falco.ask(RULES)
    assert (said.loads, said.complaints, said.version) == (True, (), "Falco version: 0.45.0")


def test_it_hands_falco_the_files_in_their_order(tmp_path, settings):
    play(tmp_path, f'for f in "$4" "$6"; do cat "$f"; done > {tmp_path}/seen; echo \'{report()}\'', settings)
    falco.ask([falco.RulesFile("a.yaml", "first\n"), falco.RulesFile("../../b.yaml", "second\n")])
    assert (tmp_path / "seen").read_text() == "first\nsecond\n"


def test_it_names_the_rule_and_the_code_of_a_refusal(tmp_path, settings):
    error = {
        "code": "LOAD_ERR_COMPILE_CONDITION",
        "message": "filter_check called with nonexistent field proc.nme",
        "context": {
            "locations": [{"item_name": "", "item_type": "rules content"}, {"item_name": "Odd", "item_type": "rule"}]
        },
    }
    play(tmp_path, f"echo '{report(error)}'; exit 1", settings)
    said = falco.ask(RULES)
    assert said.loads is False
    assert [(c.code, c.item, c.file) for c in said.complaints] == [
        ("LOAD_ERR_COMPILE_CONDITION", "Odd", "falco_rules.local.yaml")
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("echo 'Error: Plugin requirement not satisfied' >&2; exit 1", "Plugin requirement not satisfied"),
        ("echo not json; exit 3", "exit code 3"),
        ("kill -SEGV $$", "exit code -11"),
    ],
)
def test_it_tells_why_falco_gave_no_verdict(tmp_path, settings, body, said):
    play(tmp_path, body, settings)
    answer = falco.ask(RULES)
    assert answer.loads is None
    assert said in answer.trouble


def test_it_does_not_wait_for_ever(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(falco, "SECONDS", 1)
    play(tmp_path, "exec sleep 30", settings)
    assert "within 1 seconds" in falco.ask(RULES).trouble


def test_it_says_what_to_do_where_there_is_no_falco(settings, monkeypatch, tmp_path):
    settings.FALCO_BINARY = ""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "FALCO_BINARY" in falco.ask(RULES).trouble


@pytest.mark.django_db
def test_it_asks_nobody_where_there_is_no_falco(settings):
    settings.FALCO_BINARY = "/nowhere/falco"
    assert services.asked(RULES, loads=True) is None
    assert not FalcoCheck.objects.exists()


@pytest.mark.django_db
def test_it_keeps_one_answer_for_one_text_and_shows_a_disagreement(
    tmp_path, settings, django_capture_on_commit_callbacks
):
    play(tmp_path, f"echo '{report()}'", settings)
    with django_capture_on_commit_callbacks(execute=False) as sent:
        check = services.asked(RULES, loads=False, codes=["LOAD_ERR_VALIDATE"])
        again = services.asked(RULES, loads=False, codes=["LOAD_ERR_VALIDATE"])
    assert check == again
    assert len(sent) == 1
    assert services.answer(check).agrees is False
    assert FalcoCheck.objects.get().state == "done"
