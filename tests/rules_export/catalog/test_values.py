"""Operators by type, literals by type, events and priorities."""

from __future__ import annotations

import pytest

from rules_export.catalog import events, priorities
from rules_export.catalog.fields import CatalogError
from rules_export.catalog.operators import check_operator, is_list_operator, modifiers_for, operators_for
from rules_export.catalog.values import parse_literal


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("CHARBUF", "a" * 255, "a" * 255),
        ("INT64", " +5", 5),
        ("INT64", "007", 7),
        ("INT8", "200", -56),
        ("UINT32", "-1", 4294967295),
        ("UINT64", "99999999999999999999999", 18446744073709551615),
        ("INT64", "99999999999999999999999", 9223372036854775807),
        ("DOUBLE", "5", 5.0),
        ("PORT", "", 0),
        ("PORT", "70001", 4465),
        ("PORT", "https", 443),
        ("PORT", "imap", 143),
        ("PORT", "syslog", 514),
        ("PORT", "Clearcase", 371),
        ("BOOL", "true", True),
        ("IPADDR", "10.0.0.1", (4, 0x0A000001)),
        ("IPADDR", "::1", (6, 1)),
        ("IPNET", "10.0.0.0/8", (4, 0x0A000000, 8)),
        ("IPNET", "0.0.0.0/0", (4, 0, 0)),
        ("IPNET", "::/128", (6, 0, 128)),
    ],
)
def test_it_reads_literals_as_the_type_does(type_, text, value):
    assert parse_literal(type_, text) == value


def test_it_reads_hexadecimal_bytes_for_the_operators_that_want_them():
    assert parse_literal("BYTEBUF", "DEad", "bcontains anyof") == b"\xde\xad"
    assert parse_literal("BYTEBUF", "", "bstartswith") == b""


@pytest.mark.parametrize(
    ("type_", "text", "op", "message"),
    [
        ("CHARBUF", "a" * 256, "=", "filter parameter too long (used=257, available=256):" + "a" * 256),
        ("CHARBUF", "é" * 128, "=", "filter parameter too long (used=257, available=256):" + "é" * 128),
        ("CHARBUF", "a\0", "=", "filter error: filter value cannot contain a NUL byte (\\x00)"),
        ("INT64", "5 ", "=", "5  is not a valid number"),
        ("INT64", "", "=", " is not a valid number"),
        ("UINT64", "0x1f", "=", "0x1f is not a valid number"),
        ("DOUBLE", "1.5", "=", "1.5 is not a valid number"),
        ("PORT", "htps", "=", "unrecognized protocol htps"),
        ("BOOL", "True", "=", "filter error: unrecognized boolean value True"),
        ("IPADDR", "10.0.0", "=", "unrecognized IPv4 address 10.0.0"),
        ("IPADDR", "ten", "=", "unrecognized IPv6 address ten"),
        ("IPNET", "10.0.0.1", "=", "unrecognized IP network 10.0.0.1"),
        ("IPNET", "10.0.0/8", "=", "unrecognized IP address 10.0.0/8"),
        ("IPNET", "10.0.0.0/33", "=", "invalid netmask 33"),
        ("IPNET", "10.0.0.0/-1", "=", "invalid netmask -1"),
        ("IPNET", "10.0.0.0/255.0.0.0", "=", "255.0.0.0 is not a valid number"),
        ("IPNET", "::1", "=", "invalid v6 netmask: ::1"),
        ("IPNET", "::/0", "=", "invalid v6 netmask 0"),
        ("IPNET", "g::/8", "=", "unrecognized IPv6 address g::/8"),
        ("BYTEBUF", "abc", "bcontains", "filter error: bcontains and bstartswith operator support hex strings only"),
        ("SIGTYPE", "9", "=", "wrong parameter type 19"),
    ],
)
def test_it_refuses_literals_in_falcos_words(type_, text, op, message):
    with pytest.raises(CatalogError) as caught:
        parse_literal(type_, text, op)
    assert caught.value.message == message


def test_it_knows_the_port_at_which_falco_itself_gives_up():
    assert parse_literal("PORT", "2147483647") == 65535
    with pytest.raises(CatalogError) as caught:
        parse_literal("PORT", "2147483648")
    assert caught.value.fatal


@pytest.mark.parametrize(
    ("type_", "is_list", "op", "message"),
    [
        ("INT64", False, "contains", "'contains' operator not supported for numeric filters"),
        ("BOOL", False, "<", "'<' operator not supported for numeric filters"),
        ("IPADDR", False, "glob", "'glob' operator not supported for ip address and network filters"),
        ("IPNET", False, "glob anyof", "'glob' with modifier not supported for ip address and network filters"),
        ("CHARBUF", False, "bcontains", "'bcontains' operator not supported for string filters"),
        ("BYTEBUF", False, "regex", "'regex' operator not supported for buffer filters"),
        ("CHARBUF", True, "==", "'=' operator not supported list filters"),
        ("UINT32", True, "in", "list filters are not supported for type 'UINT32'"),
        ("DYN", False, "==", "'=' operator not supported for type 'DYNAMIC'"),
        ("PID32", False, "in", "'in' operator not supported for type '<NA>'"),
    ],
)
def test_it_refuses_operators_that_do_not_fit(type_, is_list, op, message):
    with pytest.raises(CatalogError) as caught:
        check_operator(type_, is_list, op)
    assert caught.value.message == "filter error: " + message


def test_it_offers_the_operators_that_fit():
    assert "regex" in operators_for("CHARBUF")
    assert operators_for("CHARBUF", is_list=True) == ("exists", "intersects", "in")
    assert operators_for("UID") == ("exists",)
    check_operator("UID", False, "exists")
    assert modifiers_for("contains") == ("oneof", "anyof", "allof")
    assert modifiers_for("in") == ()
    assert is_list_operator("= anyof")
    assert not is_list_operator("=")


def test_it_knows_events_and_their_codes():
    assert events.UNIVERSE.bit_count() == 454
    assert events.accepted("container_removed")
    assert not events.accepted("opem")
    assert events.codes_of("execve").bit_count() == 16
    assert events.codes_of("reboot") == events.codes_of("acct") == 0b11
    assert events.codes_of("syscall") == 0
    assert events.ignored_by_default("write")
    assert not events.ignored_by_default("openat")
    opened = events.event("openat")
    assert "flags" in [parameter.name for parameter in opened.parameters]
    assert events.event("opem") is None
    assert events.event("reboot").generic
    assert "openat" in events.names()


def test_it_knows_priorities_in_any_case():
    assert priorities.canonical("info") == "INFORMATIONAL"
    assert priorities.canonical("Critical") == "CRITICAL"
    assert priorities.canonical("warn") is None
