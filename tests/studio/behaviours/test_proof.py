"""What a behaviour has to prove: each thing that can be wrong is found, and said at its place."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from studio.behaviours import proof

GOOD = """
id: t1490-x
techniques: [T1490]
title: Run wiper
group: Wipers
does: Runs the wiper.
why: It destroys backups.
kernel: execve wiper
clause: spawned_process and proc.name = wiper and proc.args contains $flag
parameters: [{name: flag, kind: text, default: "--all"}]
variants:
  - {id: any, kind: wider, title: Any start, clause: spawned_process and proc.name = wiper}
  - {id: root, kind: narrower, title: As root, clause: spawned_process and proc.name = wiper and user.name = deploy}
noise: low
lookalikes:
  - who: The cleaner
    exception: {name: cleaner, fields: [proc.pname], comps: [in], values: [[[cleaner]]]}
    event: {run: wiper --all, parent: cleaner}
attack: [{name: Wipe, run: wiper --all}]
benign: [{name: Look, run: wiper --version}]
emulate: "true"
"""


def record(**changed: Any) -> dict[str, Any]:
    return {**yaml.safe_load(GOOD), **changed}


def test_a_sound_one_has_nothing_against_it() -> None:
    behaviour, found = proof.of_record(record())
    assert found == []
    assert behaviour is not None
    assert behaviour.id == "t1490-x"


SPAWNED = "spawned_process and proc.name = wiper and proc.args contains $flag"
EXCEPTION = {"name": "cleaner", "fields": ["proc.pname"], "comps": ["in"], "values": [[["cleaner"]]]}


@pytest.mark.parametrize(
    ("changed", "where", "words"),
    [
        ({"clause": "proc.name ="}, "clause", "Falco refuses"),
        ({"clause": "evt.type = execve and proc.nme = x and proc.args contains $flag"}, "clause", "proc.nme"),
        ({"clause": "spawned_procs and proc.args contains $flag"}, "clause", "no built-in macro called spawned_procs"),
        ({"clause": "proc.name = wiper and proc.args contains $flag"}, "clause", "Falco warns"),
        ({"clause": f"{SPAWNED} and proc.cwd = $other"}, "clause", "$other is no parameter"),
        ({"clause": f"{SPAWNED} and proc.pname != a-name-of-seventeen"}, "clause", "15 bytes"),
        ({"clause": f"{SPAWNED} and proc.cwd = /nowhere/"}, "attack 1", "does not fire on “Wipe”"),
        ({"benign": [{"name": "Same", "run": "wiper --all"}]}, "benign 1", "fires on “Same”"),
        ({"clause": "spawned_process and proc.args contains $flag", "variants": []}, "", ""),
        ({"clause": "open_read and not proc.args contains $flag"}, "noise", "of ordinary life"),
        ({"does": "Runs it"}, "does", "ends with a period"),
        ({"emulate": ""}, "emulate", "is missing"),
        ({"output": ["proc.nme"]}, "output", "proc.nme"),
        ({"attack": [{"name": "A", "run": "wiper --all", "fields": {"no.field": "x"}}]}, "attack 1", "no.field"),
        ({"attack": [{"name": "A", "run": "wiper --all", "fields": {"proc.pid": "x"}}]}, "attack 1", "proc.pid"),
        (
            {"variants": [{"id": "w", "kind": "wider", "title": "W", "clause": f"{SPAWNED} and proc.tty = 0"}]},
            "variants 1",
            "fires on every attack",
        ),
        (
            {"variants": [{"id": "n", "kind": "narrower", "title": "N", "clause": f"{SPAWNED} and proc.tty = 0"}]},
            "variants 1",
            "fires on no attack",
        ),
        (
            {"variants": [{"id": "n", "kind": "narrower", "title": "N", "clause": "spawned_process"}]},
            "variants 1",
            "fires on a benign event",
        ),
        ({"lookalikes": [{"who": "X", "event": {"run": "rm x"}}]}, "lookalikes 1", "does not look alike"),
        (
            {"lookalikes": [{"who": "X", "event": {"run": "wiper --all", "parent": "y"}, "exception": EXCEPTION}]},
            "lookalikes 1",
            "does not silence",
        ),
        (
            {"lookalikes": [{"who": "X", "exception": EXCEPTION | {"values": [[["bash"]]]}}]},
            "lookalikes 1",
            "silences every attack",
        ),
        (
            {"lookalikes": [{"who": "X", "exception": EXCEPTION | {"fields": ["proc.nme"]}}]},
            "lookalikes 1",
            "Falco refuses the exception",
        ),
        ({"lookalikes": [{"who": "X", "exception": EXCEPTION | {"name": "A b"}}]}, "lookalikes 1", "small letters"),
        ({"parameters": [{"name": "flag", "kind": "text", "default": "--all"}, {"name": "z", "kind": "text",
          "default": "z"}]}, "parameters 2", "no clause mentions $z"),
    ],
)  # fmt: skip
def test_it_finds_what_is_wrong(changed: dict[str, Any], where: str, words: str) -> None:
    _, found = proof.of_record(record(**changed))
    if not words:
        assert found == []
        return
    assert any(one.where == where and words in one.message for one in found), found


@pytest.mark.parametrize(
    ("changed", "where", "words"),
    [
        ({"colour": 1}, "colour", "no key of a behaviour"),
        ({"id": "T 1"}, "id", "does not look right"),
        ({"title": 7}, "title", "must be text"),
        ({"noise": "loud"}, "noise", "none of low, medium, high"),
        ({"noise": []}, "noise", "none of"),
        ({"priority": "URGENT"}, "priority", "none of"),
        ({"techniques": []}, "techniques", "at least one"),
        ({"techniques": "T1490"}, "techniques", "must be a list"),
        ({"techniques": ["T1490", 5]}, "techniques 2", "must be text"),
        ({"attack": [{"name": "A", "run": "x"}, {"name": "B", "jump": "x"}]}, "attack 2", "exactly one of"),
        ({"attack": [7]}, "attack 1", ""),
        ({"attack": [{"name": "A", "run": "x", "parent": ""}]}, "attack 1", ""),
        ({"attack": [{"name": "A", "listen": "nought", "by": "x"}]}, "attack 1", ""),
        ({"attack": [{"name": "A", "connect": "10.0.0.1", "by": "x"}]}, "attack 1", ""),
        ({"attack": [{"name": "A", "rename": "/a", "by": "x"}]}, "attack 1", ""),
        ({"output": "proc.cwd"}, "output", "must be a list"),
        ({"references": ["nowhere"]}, "references 1", "neither"),
        ({"emulate": ["x"]}, "emulate", "must be text"),
        ({"lookalikes": [{"event": {"run": "x"}}]}, "lookalikes 1", "missing: who"),
    ],
)
def test_it_finds_everything_that_the_schema_refuses(changed: dict[str, Any], where: str, words: str) -> None:
    behaviour, found = proof.of_record(record(**changed, kernel=None))
    assert behaviour is None
    assert ("kernel", "must be text") in [(one.where, one.message) for one in found]
    assert any(one.where == where and words in one.message for one in found), found


def test_it_takes_only_mappings() -> None:
    for value in (None, 7, "text", []):
        behaviour, found = proof.of_record(value)
        assert behaviour is None
        assert "mapping" in found[0].message
