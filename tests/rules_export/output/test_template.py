"""Messages: which templates Falco takes, and what they look like filled in."""

import contextlib
import time

import pytest

from rules_export.errors import OutputError
from rules_export.output.machine import render_answer
from rules_export.output.scanning import ENDS_WITH_NUMBER, ENDS_WITH_PERCENT, UNKNOWN
from rules_export.output.template import EMPTY, parse, prepare

EVENT = {
    "evt.time": 1710950412194095280,
    "evt.time.iso8601": 1710950412194095280,
    "evt.datetime.s": 1710950412194095280,
    "evt.reltime": 256045,
    "evt.rawtime.ns": 64492840,
    "proc.name": "sh",
    "proc.cmdline": "sh -c été",
    "proc.args": "status ssh.service",
    "proc.aname": ["bash", "sshd"],
    "proc.aname[2]": "sshd",
    "proc.exepath": "/opt/My App/run.sh",
    "proc.fdusage": 0.09765625,
    "evt.is_open_read": False,
    "fd.types": ["file", "ipv4"],
    "fd.dev": 64768,
    "fd.sport": None,
    "user.name": "root",
}


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("*%proc.name", "sh"),
        ("**%proc.name", "*sh"),
        ("%proc.nameless", "shless"),
        ("%proc.name[2]", "sh[2]"),
        ("%proc.aname[2] %proc.aname[2", "sshd bash sshd[2"),
        ("%fd.sport:%proc.pname", "<NA>:<NA>"),
        ("%5proc.name|%1proc.name|%0proc.name|", "sh   |s|sh|"),
        ("%7proc.cmdline|", "sh -c �|"),
        ("%9proc.cmdline|", "sh -c ét|"),
        ("%evt.time %evt.datetime.s", "16:00:12.194095280 2024-03-20 16:00:12"),
        ("%evt.time.iso8601", "2024-03-20T16:00:12.194095280+0000"),
        ("%evt.reltime %evt.rawtime.ns", "000256045 064492840"),
        ("%proc.fdusage %evt.is_open_read %fd.dev", "0.1 false FD00"),
        ("%fd.types %len(fd.types) %len(proc.name)", "(file,ipv4) 2 <NA>"),
        ("%tolower( proc.exepath )!", "/opt/my app/run.sh!"),
        ("%toupper(basename(proc.exepath))[x]", "RUN.SH[x]"),
        ('%join("-",(user.name,5))', "root-5"),
        ('%concat("a)","b")', "a)b"),
        ('%getopt(("-a","-b","c"),"ab:")', "(a,b,c)"),
        ("%proc.args[1] %proc.args[7]|", "ssh.service |"),
        ("%evt.type.is.open", "<NA>"),
        ("100 percent\t", "100 percent\t"),
    ],
)
def test_it_fills_in(template, message):
    assert parse(template).render(EVENT) == message


@pytest.mark.parametrize(
    ("template", "text", "offset"),
    [
        ("", EMPTY, 0),
        ("%", ENDS_WITH_PERCENT, 0),
        ("é %", ENDS_WITH_PERCENT, 3),
        ("%proc.name %12", ENDS_WITH_NUMBER, 11),
        ("100%% sure", UNKNOWN, 3),
        ("% proc.name", UNKNOWN, 0),
        ("%PROC.NAME", UNKNOWN, 0),
        ("%no.such", UNKNOWN, 0),
        ("%tolower(proc.name", UNKNOWN, 0),
        ("%val(proc.name)", UNKNOWN, 0),
        ("%evt.arg.nosuch", UNKNOWN, 0),
        ("%container.mount", UNKNOWN, 0),
        ("%concat(proc.name)", UNKNOWN, 0),
        ("%tolower(proc.pid)", UNKNOWN, 0),
    ],
)
def test_it_refuses_what_falco_refuses(template, text, offset):
    with pytest.raises(OutputError) as refused:
        parse(template)
    assert (refused.value.message, refused.value.offset) == (text, offset)


def test_it_tells_the_editor_where_its_tokens_stand():
    first, second = parse("é=%3proc.name\nx %tolower(fd.name)").tokens
    assert (first.text, first.width, first.span.start.offset, first.span.start.column) == ("%3proc.name", 3, 3, 4)
    assert (second.text, second.span.start.line, second.span.start.column) == ("%tolower(fd.name)", 2, 3)
    assert second.span.end.offset - second.span.start.offset == len("%tolower(fd.name)")


def test_it_lists_the_fields_that_an_alert_carries():
    template = parse("%proc.name %proc.name %toupper(basename(proc.exepath)) %fd.sport")
    assert template.output_fields(EVENT) == {"proc.name": "sh", "proc.exepath": "/opt/My App/run.sh", "fd.sport": None}


def test_it_prepares_a_rules_text_as_falco_does():
    assert prepare("  %container.info %proc.name \n") == (" %proc.name", True)
    assert prepare(" x ", trim=False) == (" x ", False)


def test_it_answers_the_machine():
    assert render_answer({"template": " %proc.name ", "event": {"fields": EVENT}}) == {"rendered": "sh"}
    refused = render_answer({"template": "%x", "event": {"fields": {}}})
    assert refused == {"rendered": None, "code": "LOAD_ERR_COMPILE_OUTPUT", "message": UNKNOWN}
    with pytest.raises(ValueError, match="`render` needs"):
        render_answer({"template": 3})


@pytest.mark.parametrize(
    "template", ["%proc.name" * 50_000, "%proc.name" + "x" * 1_000_000, "%tolower(" * 50_000, "%99999999999proc.name"]
)
def test_it_bounds_its_work(template):
    begun = time.process_time()
    with contextlib.suppress(OutputError):
        assert len(parse(template).render(EVENT)) <= 1_100_000
    assert time.process_time() - begun < 3
