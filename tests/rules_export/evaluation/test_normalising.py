"""Events as people have them: alerts, numbers as text, dates; made typed fields, or refused by the field's name."""

import pytest

from rules_export.evaluation import normalise, normalising
from rules_export.evaluation.normalising import MOST_FIELDS, EventError


def test_it_takes_one_of_falcos_alerts():
    event = normalise(
        {
            "output": "…",
            "priority": "Notice",
            "rule": "R",
            "source": "syscall",
            "time": "2024-03-20T16:00:29.001414928Z",
            "output_fields": {"proc.name": "sh", "user.uid": 0, "proc.pname": None},
        }
    )
    assert event == {
        "evt.time": 1710950429001414928,
        "evt.source": "syscall",
        "proc.name": "sh",
        "user.uid": 0,
        "proc.pname": None,
    }


@pytest.mark.parametrize(
    ("key", "value", "typed"),
    [
        ("proc.pid", "12", 12),
        ("proc.pid", 12.0, 12),
        ("proc.pid", "<NA>", None),
        ("user.loginuid", "-1", -1),
        ("proc.exe_ino.ctime", "1970-01-01T00:00:01Z", 1_000_000_000),
        ("evt.time", "16:00:29.5", "16:00:29.5"),
        ("evt.is_open_write", "true", True),
        ("evt.is_open_write", 0, False),
        ("fd.sip", "0:0::1", "::1"),
        ("fd.sip", "", None),
        ("fd.sport", "443", 443),
        ("fd.dev", "0xfd00", "FD00"),
        ("fd.dev", 64768, 64768),
        ("evt.arg.res", 0, "0"),
        ("fd.types", "(file,ipv4)", ["file", "ipv4"]),
        ("fd.types", "file", ["file"]),
        ("proc.aname", ["sshd", "systemd"], ["sshd", "systemd"]),
        ("proc.apid", ["12", 1], [12, 1]),
        ("proc.fdusage", "0.5", 0.5),
        ("no.such.field", {"kept": 1}, {"kept": 1}),
        ("container.label[app]", "web", "web"),
    ],
)
def test_it_reads_a_value_by_its_fields_type(key, value, typed):
    assert normalise({key: value}) == {key: typed}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ([], "an event is a JSON object"),
        ({"output_fields": 3}, "`output_fields` must be an object"),
        ({3: "x"}, "a field's name is a text"),
        ({"proc.pid": "many"}, 'proc.pid: must be a whole number, not the text "many"'),
        ({"proc.pid": True}, "proc.pid: must be a whole number, not True"),
        ({"fd.sport": 70000}, "fd.sport: must be a number from 0 to 65535"),
        ({"user.uid": -1}, "user.uid: must be a number from 0"),
        ({"proc.name": ["a"]}, "proc.name: must be a text, not a list"),
        ({"proc.name": {"a": 1}}, "proc.name: must be a text, not an object"),
        ({"evt.failed": "maybe"}, "evt.failed: must be true or false"),
        ({"fd.cip": "300.1.1.1"}, "fd.cip: must be an IPv4 or IPv6 address"),
        ({"fd.dev": "xyz"}, "fd.dev: must be a number"),
        ({"proc.fdusage": "much"}, "proc.fdusage: must be a number"),
        ({"evt.time": []}, "evt.time: must be nanoseconds"),
        ({f"a.b{n}": 1 for n in range(MOST_FIELDS + 1)}, "an event has at most"),
        ({"proc.name": "x" * 2_000_000}, "proc.name: a value has at most"),
    ],
)
def test_it_refuses_by_name(fields, message):
    with pytest.raises(EventError) as refused:
        normalise(fields)
    assert message in str(refused.value)


def test_names_of_fields_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(normalising, "MOST_CONVERTERS", 40)
    event = {f"container.label[a{number}]": number for number in range(200)}
    assert normalise(event) == {name: str(number) for name, number in zip(event, range(200), strict=True)}
    assert len(normalising._converters("syscall", "container")) <= 40
