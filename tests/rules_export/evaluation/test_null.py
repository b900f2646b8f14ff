"""A check of a value that is not there is false, whatever it asks; its negation is true.

The rows are made of the catalogue's own table: every operator, with every modifier, for a field of every type, then the
same behind transformers and against another field.
"""

from __future__ import annotations

import pytest

from rules_export.catalog.fields import lookup
from rules_export.catalog.operators import is_list_operator, modifiers_for, operators_for
from rules_export.evaluation import compile_condition
from rules_export.falco_checks.condition import check_condition
from rules_export.language.parser import parse

#: A field of each type, with a literal that fits it.
FIELDS = {
    "fd.filename": "a",
    "fd.num": "5",
    "user.uid": "5",
    "evt.cpu": "5",
    "fd.dev": "5",
    "thread.cpu": "5",
    "proc.duration": "5",
    "evt.failed": "true",
    "fd.sip": "10.0.0.1",
    "fd.snet": "10.0.0.0/8",
    "fd.sport": "80",
    "evt.buffer": "6161",
    "proc.exe_ino.ctime": "5",
    "fd.types": "file",
    "proc.aname": "a",
    "fd.ip": "10.0.0.1",
    "fd.net": "10.0.0.0/8",
    "fd.port": "80",
    "evt.rawarg.res": "5",
    "evt.arg.flags": "a",
    "container.id": "a",
}
#: The tests that an empty text passes too: null does not.
GREEDY = (
    'contains ""',
    'startswith ""',
    'endswith ""',
    'glob "*"',
    'regex ".*"',
    'pmatch ("/")',
    "pmatch ()",
    'icontains ""',
)
NUMBERS = ("<", "<=", ">", ">=")
CALLS = {
    "tolower({})": "fd.filename",
    "toupper({})": "fd.filename",
    "basename({})": "fd.filename",
    "b64({})": "fd.filename",
    "concat('a', {})": "fd.filename",
    "concat({}, 'a')": "fd.filename",
    "join(',', ('a', {}))": "fd.filename",
    "len({})": "fd.filename",
    "len(fd.types)": "fd.types",
    "getopt(({}), 'a:')[a]": "fd.filename",
}


def comparisons(type_, is_list, literal):
    """Every comparison that a type knows, with every modifier, lists also empty."""
    for op in operators_for(type_, is_list):
        if op == "exists":
            yield "exists"
        elif is_list_operator(op):
            yield f"{op} ({literal}, {literal})"
            yield f"{op} ()"
        else:
            text = "5" if op in NUMBERS else literal
            yield f"{op} {text}"
            for modifier in () if is_list else modifiers_for(op):
                yield f"{op} {modifier} ({literal}, {literal})"


def rows():
    for name, literal in FIELDS.items():
        info = lookup(name)
        for comparison in comparisons(info.type, info.is_list, literal):
            if name not in ("fd.ip", "fd.port", "fd.net") or not comparison.startswith("intersects"):
                yield f"{name} {comparison}"
    for call, name in CALLS.items():
        type_ = "UINT64" if call.startswith("len") else "CHARBUF"
        for comparison in comparisons(type_, False, "5" if type_ == "UINT64" else "a"):
            yield f"{call.format(name)} {comparison}"
    for greedy in GREEDY:
        yield f"fd.filename {greedy}"
    for op in operators_for("CHARBUF"):
        if op not in ("exists", "pmatch", "regex"):
            yield f"fd.filename {op} val(proc.name)"
            yield f"proc.name {op} val(fd.filename)"
            yield f"fd.filename {op} val(fs.path.name)"


ROWS = tuple(rows())
EVENTS = [{}, {"proc.name": "a"}, {"fd.filename": None, "fd.num": None, "fd.types": None, "proc.name": "a"}]


@pytest.mark.parametrize("text", ROWS)
def test_it_is_false_for_a_value_that_is_not_there(text):
    node, negated = parse(text), parse(f"not {text}")
    check_condition(node)  # the row is a condition that Falco takes
    plain, contrary = compile_condition(node), compile_condition(negated)
    for event in EVENTS:
        assert plain.matches(event) is False
        assert contrary.matches(event) is True


def test_it_asks_every_operator():
    assert len(ROWS) > 224
