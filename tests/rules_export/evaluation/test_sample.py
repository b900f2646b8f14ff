"""Made-up events: they match what they were made for, or none is claimed."""

import time

import pytest

from rules_export.evaluation import compile_condition, synthesise
from rules_export.language.parser import parse

MACROS = {"spawned_process": parse("evt.type in (execve, execveat)")}


@pytest.mark.parametrize(
    "condition",
    [
        "spawned_process and proc.name = rm and proc.args contains /backup and proc.args contains '-rf'",
        "spawned_process and ((proc.name = dd and proc.args startswith 'if=') or proc.name in (shred, wipe))",
        "evt.type in (open, openat) and fd.name startswith /etc/cron and fd.name endswith .sh and not user.name = root",
        "fd.name glob '/home/*/.ssh/[ab]?d' and fd.name contains alice",
        "proc.cmdline regex '^(ba|z)?sh -c [a-z]+.*(id|[[:digit:]]{2})$'",
        "fd.name pmatch (/etc, /usr) and fd.name endswith passwd",
        "evt.type = connect and fd.sport in (443, 8443) and not fd.snet in (10.0.0.0/8, 192.168.0.0/16)",
        "fd.snet = 10.0.0.0/8 and fd.sip != 10.0.0.0",
        "fd.net = fd00::/8",
        "proc.aname = sshd and not proc.aname[2] = bash",
        "fd.types intersects (ipv4)",
        "user.uid >= 1000 and user.uid < 1002 and user.uid != 1000",
        "evt.is_open_write = true and not evt.failed = true",
        "b64(proc.args) contains curl and basename(proc.exepath) = sh",
        "proc.name != val(proc.pname) and proc.pid > val(proc.ppid)",
        "proc.name contains val(proc.pname)",
        "len(proc.args) > 40",
        "not (proc.name = a or proc.name = b) and not proc.name exists",
        "proc.args contains allof (a, b, c)",
    ],
)
def test_it_makes_an_event_that_matches(condition):
    event = synthesise(parse(condition), macros=MACROS)
    assert event is not None
    assert compile_condition(parse(condition), macros=MACROS).matches(event)


def test_it_keeps_the_values_it_was_given_where_they_do_no_harm():
    base = {"proc.name": "bash", "user.name": "eve", "proc.pid": 7}
    event = synthesise(parse("proc.name = rm and user.name != root"), base=base)
    assert event == {"proc.name": "rm", "user.name": "eve", "proc.pid": 7, "evt.type": "execve"}


@pytest.mark.parametrize(
    "condition",
    ["proc.name = a and proc.name = b", "evt.num < 0", "proc.name in ()", "concat(proc.name, proc.exe) = 'a-b'"],
)
def test_it_says_so_where_it_finds_none(condition):
    assert synthesise(parse(condition)) is None


def test_it_gives_up_in_time():
    begun = time.process_time()
    wide = " and ".join(f"(proc.name = a{n} or proc.name = b{n} or proc.exe = c{n})" for n in range(40))
    synthesise(parse(wide))
    impossible = " or ".join(f"(proc.name = a{n} and proc.name = b{n})" for n in range(3000))
    assert synthesise(parse(impossible)) is None
    assert synthesise(parse(f"{wide} and proc.cwd = a and proc.cwd = b")) is None
    assert time.process_time() - begun < 5
