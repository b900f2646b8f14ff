"""Measure the engine's evaluator: 93 conditions over 100,000 made-up events, in one process on one core.

usage: python scripts/bench_engine.py [--events N] [--json]

Prints events a second (each event against all conditions), and beside it the same work done the plain way (every
condition's tree walked for every event), so that the ratio can be compared between machines. The events are the same at
every run: a host with containers, most of it file work, with a few attacks in between.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rules_export.catalog.macros import LISTS, MACROS
from rules_export.evaluation.checks import Check
from rules_export.evaluation.compiler import Compiler
from rules_export.evaluation.evaluator import RuleSet
from rules_export.language.ast import And, Compare, Exists, Node, Not, Or
from rules_export.language.parser import parse
from rules_export.language.visitor import expand, walk

#: Events a second, each against all conditions; below it the exit status is 1.
PROMISED = 50_000
RULES = Path(__file__).with_name("bench_rules.txt")
WORLD: dict[str, Any] = json.loads(Path(__file__).with_name("bench_world.json").read_text(encoding="utf-8"))
FILE_CALLS = frozenset({"openat", "open", "read", "write", "close", "fstat"})
PATH_CALLS = frozenset({"unlinkat", "rename", "fchmodat"})


def conditions() -> list[Node]:
    """The conditions of bench_rules.txt with macros and lists put in."""
    macros: dict[str, Node] = {}
    for name, macro in MACROS.items():
        macros[name] = expand(parse(_with_lists(macro.condition)), macros)
    lines = RULES.read_text(encoding="utf-8").splitlines()
    return [expand(parse(_with_lists(line)), macros) for line in lines if not line.startswith("#")]


def _with_lists(text: str) -> str:
    for _ in range(3):
        text = re.sub(r"(?<=[(, ])[a-z_0-9]+(?=[),])", lambda found: _items(found.group()), text)
    return text


def _items(name: str) -> str:
    known = LISTS.get(name)
    return name if known is None else ", ".join(known.items)


def events(count: int) -> list[dict[str, Any]]:
    """`count` events, the same at every call."""
    chance = random.Random(1490)  # noqa: S311 - a made-up world, not a secret
    kinds = WORLD["kinds"]
    processes = [_process(chance, number) for number in range(400)]
    return [
        _event(chance, kind, number, chance.choice(processes))
        for number, kind in enumerate(chance.choices(list(kinds), list(kinds.values()), k=count), start=1)
    ]


def _process(chance: random.Random, number: int) -> dict[str, Any]:
    name, parent = chance.choice(WORLD["programs"]), chance.choice(WORLD["programs"])
    boxed = chance.random() < 0.6
    arguments, uid = chance.choice(WORLD["arguments"]), chance.choice([0, 0, 33, 1000])
    return {
        **WORLD["process"],
        **WORLD["container" if boxed else "host"],
        "proc.name": name,
        "proc.exe": name,
        "proc.exepath": f"/usr/bin/{name}",
        "proc.pname": parent,
        "proc.pcmdline": parent,
        "proc.aname": [parent, "containerd-shim" if boxed else "systemd"],
        "proc.aname[1]": parent,
        "proc.args": arguments,
        "proc.args[1]": arguments,
        "proc.cmdline": f"{name} {arguments}".strip(),
        "proc.pid": 1000 + number,
        "proc.vpid": number,
        "proc.tty": chance.choice([0, 0, 0, 34816]),
        "proc.duration": number * 10_000_000,
        "user.uid": uid,
        "user.name": "root" if uid == 0 else "app",
        "group.gid": uid,
    }


def _event(chance: random.Random, kind: str, number: int, process: dict[str, Any]) -> dict[str, Any]:
    fields = {**process, "evt.num": number, "evt.type": kind}
    path = chance.choice(WORLD["paths"])
    if kind in FILE_CALLS:
        folder, _, name = path.rpartition("/")
        writes = chance.random() < 0.2
        fields |= WORLD["file"] | {"fd.name": path, "fd.nameraw": path, "fd.directory": folder, "fd.filename": name}
        fields |= {"evt.is_open_write": writes, "evt.is_open_read": not writes}
    elif kind in ("connect", "accept4"):
        far, port = chance.choice(WORLD["addresses"]), chance.choice(WORLD["ports"])
        fields |= WORLD["connection"] | {"fd.sip": far, "fd.rip": far, "fd.sport": port}
        fields["fd.name"] = f"10.0.0.2:40000->{far}:{port}"
    elif kind in PATH_CALLS:
        fields |= WORLD["path_calls"] | {"fs.path.name": path, "fs.path.source": path}
    return fields


def plainly(node: Node, event: dict[str, Any], checks: dict[int, Check]) -> bool:
    """Evaluate by walking the tree: what the engine's speed is compared with."""
    match node:
        case And(args):
            return all(plainly(arg, event, checks) for arg in args)
        case Or(args):
            return any(plainly(arg, event, checks) for arg in args)
        case Not(arg):
            return not plainly(arg, event, checks)
        case _:
            return checks[id(node)].decide(event)


def measure(count: int) -> dict[str, float]:
    """The figures, by processor time; raises AssertionError where the two ways disagree."""
    trees, stream = conditions(), events(count)
    begun = time.process_time()
    rules = RuleSet(trees)
    compiled = time.process_time() - begun
    begun = time.process_time()
    matches = [rules.matching(event) for event in stream]
    took = time.process_time() - begun
    sample, compiler = stream[: max(1, count // 50)], Compiler()
    checks = {
        id(leaf): compiler.check(leaf) for tree in trees for leaf in walk(tree) if isinstance(leaf, (Compare, Exists))
    }
    begun = time.process_time()
    reference = [[number for number, tree in enumerate(trees) if plainly(tree, event, checks)] for event in sample]
    slow = (time.process_time() - begun) / len(sample)
    if reference != matches[: len(sample)]:
        raise AssertionError("the index and the plain way disagree")
    return {
        "conditions": len(trees),
        "events": count,
        "matches": sum(map(len, matches)),
        "compile_ms": round(compiled * 1000, 1),
        "events_per_second": round(count / took),
        "plain_events_per_second": round(1 / slow),
        "times_as_fast": round(slow * count / took, 1),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.events)
    shown = (
        json.dumps(figures) if options.json else "\n".join(f"{name:24} {value:>12}" for name, value in figures.items())
    )
    print(shown)
    return int(figures["events_per_second"] < PROMISED)


if __name__ == "__main__":
    raise SystemExit(main())
