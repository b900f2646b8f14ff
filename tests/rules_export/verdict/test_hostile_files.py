"""Files made to hurt: always an answer, soon, within bounds. `scripts/fuzz.py N` runs the same at length."""

from __future__ import annotations

import random
import time

import pytest

from rules_export.verdict import as_json, validate
from tests.rules_export.yamlcpp.mutations import mutant

RULE = "- rule: r\n  desc: d\n  output: o\n  priority: INFO\n  condition: "

BOMBS = {
    "parentheses": RULE + "(" * 10_000 + "a" + ")" * 10_000 + "\n",
    "negations": RULE + "not " * 20_000 + "a\n",
    "a line of 5 MB": RULE + "a" * 5_000_000 + "\n",
    "a literal of 5 MB": RULE + "proc.name = '" + "a" * 5_000_000 + "'\n",
    "zero bytes": RULE + "a\0b" * 1_000 + "\n",
    "only zero bytes": "\0" * 100_000,
    "bytes that are no text": RULE.encode() + b"a=\xff\n  output: \xa0\n- rule: \xff\xfe\n",
    "an alias of itself": RULE
    + "evt.type=open\n  exceptions:\n  - name: n\n    fields: proc.name\n    values: &v [*v]\n",
    "aliases of aliases": "".join(
        f"- rule: r{at}\n  desc: d\n  condition: c\n  output: o\n  priority: INFO\n  exceptions:\n  - name: n\n"
        f"    fields: [proc.name]\n    values: &v{at} [{', '.join([f'*v{at - 1}'] * 10) if at else 'x'}]\n"
        for at in range(9)
    ),
    "nested sequences": "- " + "[" * 50_000,
    "nested mappings": "".join(" " * at + "a:\n" for at in range(2_000)),
    "macros that double": "- macro: m0\n  condition: evt.type=open\n"
    + "".join(f"- macro: m{at}\n  condition: m{at - 1} and m{at - 1}\n" for at in range(1, 60)) + RULE + "m59\n",
    "lists that multiply": "".join(f"- list: l{at}\n  items: [{', '.join([f'l{at + 1}'] * 10)}]\n" for at in range(20))
    + RULE + "proc.name in (l0)\n",
    "a list named a million times": "- list: x\n  items: [a, b]\n" + RULE + "proc.name in (" + "x," * 900_000 + "x)\n",
    "too many values": "- {a: b}\n" * 300_000,
    "calls within calls": RULE.replace("output: o", "output: x %" + "tolower(" * 20_000) + "evt.type=open\n",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_it_answers_soon_whatever_it_is_given(name):
    begun = time.process_time()
    verdict = validate([("bomb.yaml", BOMBS[name])])
    assert verdict.fatal or any(result.errors for result in verdict.results)
    assert as_json(verdict)
    assert time.process_time() - begun < 5  # a second on an idle machine


def test_it_answers_damaged_files():
    chance = random.Random(45)
    for _ in range(300):
        files = [(f"{number}.yaml", mutant(chance)) for number in range(chance.choice((1, 1, 2)))]
        verdict = validate(files)
        assert verdict.fatal or len(verdict.results) == len(files)
        assert as_json(verdict)
