"""Conditions as Falco compiles them: one row for each thing that it refuses, warns of, or stops at."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules_export.errors import ConditionError
from rules_export.falco_checks.condition import check_condition
from rules_export.falco_checks.machine import condition_answer
from rules_export.language.parser import parse


def _check(text, **options):
    return check_condition(parse(text), text=text, **options)


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("evt.type=open and proc.nmae = a", "filter_check called with nonexistent field proc.nmae", 19),
        ("proc.pid contains 1", "filter error: 'contains' operator not supported for numeric filters", 1),
        ("proc.pid in (1, x)", "x is not a valid number", 1),
        ("evt.type startswith open_by", "unknown event type open_by", 1),
        ("evt.type = anyof (zzz)", "unknown event type zzz", 1),
        ("proc.name regex '\\\\d'", "invalid regex pattern: invalid escape sequence: \\d", 1),
        ("proc.name regex anyof ('(?:a)')", "invalid regex pattern: no argument for repetition operator: ?", 1),
        ("proc.name regex '('", "invalid regex pattern: missing ): (", 1),
        ("evt.around[5] > 1", "evt.around supports only '=' comparison operator", 1),
        ("evt.around[5] > x1", "expected a number value", 17),
        ("evt.rawarg.data contains x", "wrong parameter type 10", 1),
        ("evt.rawarg.sig = 9", "wrong parameter type 19", 1),
        ("tolower(proc.pid) = 1", "can't add field transformer: type 'INT64' is not supported by 'tolower' transformer "
         "applied on field 'proc.pid'", 1),
        ("b64(fd.types) in (a, b) and len(len(proc.name)) = 3", "can't add field transformer: type 'UINT64' is not "
         "supported by 'len' transformer applied on field 'proc.name'", 29),
        ("tolower(fd.ip) = x", "field 'fd.ip' does not support transformers", 1),
        ("toupper(proc.name)[x] = a", "filter error: transformer 'toupper' does not support field arguments", 1),
        ("concat(proc.name) = x", "unknown field transfomer 'concat'", 1),
        ("concat(proc.pid, 'a') = x", "concat() arguments must be strings", 1),
        ("join(',', 'a') = a", "join() second argument must be a list", 1),
        ("getopt(proc.args, 'a:') in (a)", "getopt() first argument must be a list", 1),
        ("getopt(fd.types, 'a:')[bb] = x", "getopt() field argument must be a single option character", 1),
        ("proc.pid = val(proc.name)", "field 'proc.pid' has type 'INT64' while the right-hand side field 'proc.name' "
         "has incompatible type 'CHARBUF'", 1),
        ("proc.pid = len(proc.name)", "field 'proc.pid' has type 'INT64' while the right-hand side field 'proc.name' "
         "has incompatible type 'UINT64'", 1),
        ("fd.snet = val(fd.cnet)", "field type 'IPNET' doesn't support right-hand side fields", 1),
        ("proc.name regex val(proc.pname)", "operator 'REGEX' doesn't support right-hand side fields", 1),
        ("proc.aname = val(proc.name)", "field 'proc.aname' doesn't support right-hand side fields", 1),
        ("proc.name = val(proc.aname)", "field 'proc.aname' can't be used as a right-hand side field", 1),
        ("join('a', 'b', 'c') = x", "join() requires exactly 2 arguments: separator and list", 1),
        ("join(('a'), ('b')) = x", "join() first argument (separator) must be a single value, not a list", 1),
        ("join(',', getopt((proc.name), 'a')) = x", "join() second argument must be a list", 1),
        ("getopt(('a'), ('b')) in (x)", "getopt() second argument (optstring) must be a single value", 1),
        ("getopt(('a'), proc.pid) in (x)", "getopt() arguments must be strings", 1),
        ("getopt(('a'), 'b', 'c') in (x)", "getopt() requires exactly 2 arguments: args list and optstring", 1),
        ("concat('a', 'b')[x] = y", "transformer 'concat' does not support field arguments", 1),
        ("tolower(len(('a'))) = x", "can't add field transformer: type 'UINT64' is not supported by 'tolower' "
         "transformer applied on field 'NA'", 1),
        ("proc.pid = tolower('a')", "field 'proc.pid' has type 'INT64' while the right-hand side field 'NA' has "
         "incompatible type 'CHARBUF'", 1),
        ("proc.name in getopt(('a'), 'b')", "field 'proc.name' has type 'CHARBUF' while the right-hand side field "
         "'INTERNAL' has incompatible type 'CHARBUF (list)'", 1),
        ("fd.types = file", "filter error: '=' operator not supported list filters", 1),
    ],
)  # fmt: skip
def test_it_refuses_what_falco_refuses(text, message, column):
    answer = condition_answer({"condition": text})
    assert answer["code"] == "LOAD_ERR_COMPILE_CONDITION"
    assert answer["message"].startswith(message)
    assert answer["column"] == column


@pytest.mark.parametrize(
    "text",
    [
        "proc.name in ()",
        "proc.pid = -1",
        "evt.num = len(proc.name)",
        "tolower('A') exists",
        "len(5) = 1",
        "concat(len(proc.name), 'x') = 3x",
        "join(',', (5, 6)) = '5,6'",
        "getopt((proc.args[0], proc.args[1]), 'a:')[a] = x",
        "getopt((proc.args[0]), 'a:') in (a, b)",
        "getopt((proc.pid), 'a:') in (a, b)",
        "tolower((proc.pid, proc.name)) in (a)",
        "concat(getopt((proc.name), 'a'), 'x') = y",
        "proc.name = val(proc.pname)",
        "tolower(proc.name) = tolower(proc.pname)",
        "evt.rawarg.addr exists",
        "evt.type = ''",
        "syscall.type = nothing",
        "proc.name glob anyof (a*, b*)",
        "fd.sip = anyof (10.0.0.1, ::1)",
        "evt.around[5] = 7",
        "evt.buffer bcontains 6161",
    ],
)
def test_it_accepts_what_falco_accepts(text):
    assert condition_answer({"condition": text})["ok"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("fd.sport = 99999999999", "stoi"),
        ("tolower(proc.name, proc.exe) = a", "unknown multivalue transformer"),
        ("tolower(evt.type) = open", "event code search does not support `evt.type` checks with transformers"),
        ("len(evt.type) exists", "event code search does not support `evt.type` checks with transformers"),
        ("join(',', (tolower(evt.type), 'a')) = x", "event code search does not support `evt.type` checks"),
        ("join(',', ('a', evt.type)) = x", "event code search does not support `evt.type` checks"),
        ("evt.type = tolower(evt.type)", "event code search does not support `evt.type` checks with transformers"),
        ("evt.type = val(proc.name)", "right-hand field comparisons on `evt.type`/`syscall.type` checks"),
    ],
)
def test_it_says_where_falco_stops_without_a_verdict(text, reason):
    with pytest.raises(ConditionError, match=reason) as caught:
        _check(text)
    assert caught.value.fatal
    assert condition_answer({"condition": text})["code"] == "FATAL"


_MANY, _HINT, _OLD, _UNSAFE = (
    "LOAD_NO_EVTTYPE",
    "LOAD_COMPILE_CONDITION",
    "LOAD_DEPRECATED_ITEM",
    "LOAD_UNSAFE_NA_CHECK",
)
_FIFTY = ", ".join(
    "accept4 access bind capset chdir chmod chown chroot clone3 close connect copy_file_range creat delete_module drop "  # noqa: SIM905
    "dup2 dup3 epoll_create epoll_create1 epoll_wait eventfd eventfd2 execveat fchdir fchmod fchmodat fchown fchownat "
    "fcntl finit_module flock fsconfig fstat fstat64 futex getcwd getdents getdents64 getegid geteuid getgid "
    "getpeername getresgid getresuid getrlimit getsockname getsockopt getuid init_module inotify_init".split()
)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("evt.type = open", []),
        ("evt.type in (open, openat)", []),
        ("not evt.type != open", []),
        ("evt.type = open and proc.name = a", []),
        ("evt.type = open or proc.name = a", [_MANY]),
        ("not evt.type = open", [_MANY]),
        ("not (evt.type != open or proc.name = a)", []),
        ("evt.type = anyof (open)", [_MANY]),
        ("evt.type glob open", [_MANY]),
        ("evt.type exists", [_MANY]),
        ("not evt.type exists", []),
        ("not proc.name exists", [_MANY]),
        ("syscall.type = open", []),
        (f"evt.type in ({_FIFTY})", []),
        (f"evt.type in ({_FIFTY}, kill)", [_MANY]),
        ("evt.type = reboot", []),
        ("evt.num = 0", []),
        ("evt.num < 1", []),
        ("evt.num in ()", []),
        ("evt.num > 0", [_MANY]),
        ("not evt.num >= 1", []),
        ("not evt.num = 0", [_MANY]),
        ("evt.num = -1", [_MANY]),
        ("evt.num < -1", [_MANY]),
        ("evt.num = +0", []),
        ("evt.num in (' 0', 00)", []),
        ("evt.num != -0", [_MANY]),
        ("not evt.num != -0", []),
        ("not getopt((proc.args[0]), 'ab:') in (a)", []),
        ("not getopt((proc.args[0], 'x'), tolower(proc.name)) in (a)", [_MANY]),
        ("evt.type=open and proc.name regex abc", [_HINT]),
        ("evt.type=open and proc.name regex ^x$", [_HINT]),
        ("evt.type=open and proc.name regex ''", [_HINT]),
        ("evt.type=open and proc.name regex .*x", [_HINT]),
        ("evt.type=open and proc.name regex x.*", [_HINT]),
        ("evt.type=open and proc.name regex .*", [_HINT]),
        ("evt.type=open and proc.name regex 'a.*b'", []),
        ("evt.type=open and proc.name regex x.", []),
        ("evt.type=open and proc.name regex x.*$", []),
        ("evt.type=open and proc.name regex ^.*x", []),
        ("evt.type=open and proc.name = fd.name", [_HINT]),
        ("evt.type=open and proc.name in (a, 'fd. name')", [_HINT]),
        ("evt.type=open and proc.name = 'tolower(proc.name)'", [_HINT]),
        ("evt.type=open and proc.name = a.b", []),
        ("evt.type=open and evt.dir = >", [_OLD]),
        ("evt.type=open and len(evt.dir) = 1 and evt.latency exists", [_OLD, _OLD]),
        ("evt.type=open and len((evt.dir)) = 1", []),
        ("evt.type=open and proc.name = val(evt.dir)", []),
        ("evt.type=open and proc.name = <NA>", []),
    ],
)
def test_it_warns_of_what_falco_warns_of(text, codes):
    assert [finding.code for finding in _check(text).warnings] == codes


def test_it_warns_of_unsafe_na_once_for_a_rule():
    text = "ka.verb = <NA> or ka.uri in (a, <NA>) or ka.verb contains <NA>"
    check = _check(text, source="k8s_audit", plugins="all")
    assert [finding.code for finding in check.warnings] == [_UNSAFE]
    assert [f.code for f in _check("ka.verb contains <NA>", source="k8s_audit", plugins="all").warnings] == []


def test_it_keeps_the_warnings_that_came_before_an_error():
    with pytest.raises(ConditionError) as caught:
        _check("evt.dir = < and proc.name regex abc and proc.pid = x")
    assert [finding.code for finding in caught.value.warnings] == [_OLD]
    assert caught.value.position.column == 41


def test_it_can_be_told_not_to_warn_of_many_events():
    assert _check("proc.name = a", warn_evttypes=False).warnings == ()
    assert _check("evt.type = open").event_codes == frozenset({2, 3})


def test_it_finds_an_undefined_macro_first():
    answer = condition_answer({"condition": "proc.pid = x and some_macro"})
    assert (answer["code"], answer["message"]) == ("LOAD_ERR_VALIDATE", "Undefined macro 'some_macro' used in filter.")
    assert answer["column"] == 18


_WORDS = (
    "proc.name",
    "evt.type",
    "fd.sip",
    "fd.types",
    "evt.arg",
    "open",
    " exists",
    " regex ",
    " and ",
    " or ",
    "not ",
)
_PIECES = st.sampled_from(
    (*_WORDS, *"a5 ()=,'\\\"\x00é\udcff", " in ", "tolower(", "val(", "concat(", "[1]")
) | st.text(max_size=3)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=14).map("".join))
def test_it_has_an_answer_to_any_text(text):
    answer = condition_answer({"condition": text})
    assert answer["ok"] or answer["message"]
