"""What each operator says of each kind of field: two-valued answers, as the real engine gives them."""

import pytest

from rules_export.errors import ConditionError
from rules_export.evaluation import compile_condition
from rules_export.evaluation.compiler import NotExpandedError
from rules_export.evaluation.normalising import EventError
from rules_export.language.parser import parse

EVENT = {
    "evt.type": "execve",
    "evt.num": 7,
    "evt.time": 1710950429001414928,
    "proc.name": "sh",
    "proc.pname": "nginx",
    "proc.args": "-c id",
    "proc.exepath": "/usr/bin/sh",
    "proc.pid": 40,
    "proc.aname": ["nginx", "containerd-shim"],
    "proc.apid": [30, 20],
    "user.uid": 4294967295,
    "user.loginuid": -1,
    "user.name": "<NA>",
    "fd.name": "/tmp/Über.txt",
    "fd.type": "ipv4",
    "fd.types": ["file", "ipv4"],
    "fd.cip": "10.0.0.2",
    "fd.sip": "198.51.100.7",
    "fd.lip": "fd00::2",
    "fd.cport": 40000,
    "fd.sport": 443,
    "fd.dev": "FD00",
    "evt.rawarg.flags": "1001",
    "evt.rawarg.mode": "755",
    "evt.is_open_read": True,
    "evt.buffer": "#!/bin/sh",
    "proc.fdusage": 0.5,
    "proc.cwd": None,
    "proc.aenv[HOME]": "/root",
}


def answer(condition):
    return compile_condition(parse(condition)).matches(EVENT)


@pytest.mark.parametrize(
    "condition",
    [
        "proc.name = sh",
        "proc.name != bash",
        "proc.name in (bash, sh)",
        "proc.name > 5",
        "proc.args contains ''",
        "fd.name icontains 'BER.TX'",
        "fd.name glob '/tmp/??ber*'",
        "fd.name regex '/tmp/.ber.txt'",
        "not fd.name regex 'ber'",
        "fd.name startswith '/tmp/\\xc3'",
        "user.uid = -1",
        "user.uid > 2147483648",
        "user.uid = 99999999999999999999",
        "user.loginuid = -1",
        "user.name = <NA>",
        "proc.pid in (01, 40)",
        "evt.is_open_read = true",
        "fd.sport = https",
        "fd.sport = 65979",
        "fd.sip = 198.51.100.7",
        "fd.sip != ::1",
        "fd.snet = 198.51.0.0/16",
        "fd.snet != fd00::/8",
        "fd.lnet in (10.0.0.0/8, fd00::/8)",
        "fd.ip = 10.0.0.2",
        "fd.ip != 1.2.3.4",
        "fd.port = 40000",
        "fd.net = 10.0.0.0/8",
        "fd.dev = 64768",
        "evt.rawarg.flags = 4097",
        "evt.rawarg.mode = 493",
        "proc.aname = containerd-shim",
        "proc.aname != nginx",
        "proc.aname[1] = nginx",
        "proc.aname[2] = containerd-shim",
        "proc.apid = 20",
        "proc.aname[-1] = containerd-shim",
        "proc.aenv[HOME] = /root",
        "not proc.aenv = /root",
        "fd.types in (file, ipv4, unix)",
        "fd.types intersects (unix, file)",
        "proc.args[0] = -c",
        "proc.args[9] = ''",
        "basename(proc.exepath) = val(proc.name)",
        "tolower(proc.name) in (sh)",
        "len(fd.name) = 14",
        "concat(proc.name, '-', proc.pname) = sh-nginx",
        "join(',', (proc.name, proc.pid)) = 'sh,40'",
        "toupper(join('', (proc.pid, proc.name))) = 40SH",
        "basename((proc.pid)) exists",
        "getopt((proc.args[0], proc.args[1]), 'c:')[c] = id",
        "evt.buffer bstartswith 2321",
        "evt.buffer bcontains 62696e",
        "proc.exepath pmatch (/usr)",
        "evt.time = '16:00:29.001414928'",
        "evt.type.is.execve = 1",
        "proc.fdusage < 1",
        "not proc.cwd = x",
        "not proc.cwd != x",
        "not proc.cwd exists",
        "proc.name = oneof (sh, bash)",
        "proc.name != allof (a, b)",
        "proc.args contains allof (c, id)",
    ],
)
def test_it_matches(condition):
    assert answer(condition) is True


@pytest.mark.parametrize(
    "condition",
    [
        "proc.name = SH",
        "proc.name in ()",
        "proc.name = oneof (sh, sh)",
        "proc.name != allof ()",
        "fd.name icontains 'üBER'",
        "fd.sip = 10.0.0.2",
        "fd.ip != 10.0.0.2",
        "fd.ip in (10.0.0.2)",
        "fd.net in (1.2.3.0/24, 10.0.0.0/8)",
        "fd.snet = anyof (198.51.0.0/16)",
        "proc.apid in (20)",
        "evt.rawarg.flags in (4097)",
        "proc.name in tolower(proc.name)",
        "tolower(fd.types) intersects (file)",
        "proc.aname = oneof (x, nginx)",
        "proc.cwd != x",
        "proc.cwd in ()",
        "proc.cwd contains ''",
        "proc.name = val(proc.cwd)",
        "len(proc.cwd) = 0",
        "evt.num = 0",
    ],
)
def test_it_does_not_match(condition):
    assert answer(condition) is False


def test_it_stays_silent_where_falco_never_runs_the_rule():
    rule = compile_condition(parse("evt.type != gettimeofday"))
    assert rule.matches({"evt.type": "openat"})
    assert not rule.matches({"evt.type": "getrusage"})  # no event of its own either: recorded as the same generic event


def test_it_says_that_falco_does_not_even_look():
    trace = compile_condition(parse("evt.type != gettimeofday")).explain({"evt.type": "getrusage"})
    assert (trace.outcome, trace.root.outcome) == (False, True)
    assert trace.deciding_clause.why == "Falco never runs this condition on getrusage events"


def test_it_reads_numbers_written_as_text():
    assert compile_condition(parse("proc.pid > 10")).matches({"proc.pid": "40"})
    assert compile_condition(parse("proc.pid = 40")).matches({"proc.pid": "40"})


def test_it_names_the_field_whose_value_cannot_be_one():
    with pytest.raises(EventError, match=r"proc\.pid: must be a whole number"):
        compile_condition(parse("proc.pid > 10")).matches({"proc.pid": "forty"})


def test_it_looks_into_macros_and_refuses_those_without_a_meaning():
    macros = {"inner": parse("proc.name = sh"), "outer": parse("inner and proc.pid = 40")}
    assert compile_condition(parse("outer"), macros=macros).matches(EVENT)
    with pytest.raises(NotExpandedError, match="macro 'other'"):
        compile_condition(parse("other or proc.pid = 1"), macros=macros)
    with pytest.raises(NotExpandedError, match="macro 'loop'"):
        compile_condition(parse("loop"), macros={"loop": parse("loop or proc.pid = 1")})


@pytest.mark.parametrize(
    "condition", ["proc.nme = a", "proc.pid contains 1", "proc.pid = abc", "fd.sip = x", "tolower(evt.type) = a"]
)
def test_it_refuses_what_falco_refuses(condition):
    with pytest.raises(ConditionError):
        compile_condition(parse(condition))
