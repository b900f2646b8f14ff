"""The parser: Falco's acceptance, texts and cursor, one table row for each of its habits."""

from __future__ import annotations

import threading
import time

import pytest

from rules_export.errors import ConditionSyntaxError
from rules_export.language.ast import And, Compare, Exists, Field, Identifier, Not, Or, Transformer, Value, ValueList
from rules_export.language.parser import parse
from rules_export.language.serialising import to_dict

NAME = Field("proc.name")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a or b and c", Or((Identifier("a"), And((Identifier("b"), Identifier("c")))))),
        ("not(a) and b", And((Not(Identifier("a")), Identifier("b")))),
        ("not not not a", Not(Identifier("a"))),
        ("a and(b) or c", Or((And((Identifier("a"), Identifier("b"))), Identifier("c")))),
        ("not", Identifier("not")),
        ("or or and", Or((Identifier("or"), Identifier("and")))),
        ("proc.name existsand x", And((Exists(NAME), Identifier("x")))),
        ("proc.name in(a)and x", And((Compare(NAME, "in", ValueList(("a",))), Identifier("x")))),
        ("proc.name inlist", Compare(NAME, "in", Value("list"))),
        ("proc.name in ()", Compare(NAME, "in", ValueList(()))),
        (r'proc.name in ("\q")', Compare(NAME, "in", ValueList(()))),
        ("proc.name in (a;b)", Compare(NAME, "in", ValueList(("a;b",)))),
        ("proc.name=oneof", Compare(NAME, "=", Value("oneof"))),
        ("proc.name = oneof and x", And((Compare(NAME, "=", Value("oneof")), Identifier("x")))),
        ("proc.name = oneof (a)", Compare(NAME, "= oneof", ValueList(("a",)))),
        ("proc.name contains anyof shells", Compare(NAME, "contains anyof", Value("shells"))),
        (r'proc.name = "a\ b\x41\/"', Compare(NAME, "=", Value("a\\bA/"))),
        (r"proc.name = a\.b", Compare(NAME, "=", Value(r"a\.b"))),
        ("proc.env[A-B] = x", Compare(Field("proc.env", "A-B"), "=", Value("x"))),
        ("proc.pid > 0x1F", Compare(Field("proc.pid"), ">", Value("0x1F"))),
        (
            "tolower(proc.name) = val(proc.pname)",
            Compare(Transformer("tolower", (NAME,)), "=", Transformer("val", (Field("proc.pname"),))),
        ),
        ("\b\ta\r\n", Identifier("a")),
    ],
)
def test_it_reads_what_falco_reads(text, tree):
    assert parse(text) == tree


_OPERATOR = "expected a valid check operator: one of 'exists', '<=', "
_CHECK = "expected a '(' token, a field check, or an identifier"


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("", "filter input string is empty", 1, 1),
        ("  ", _CHECK, 1, 3),
        ("a AND b", "unexpected token after 'a', expecting 'or', 'and'", 1, 3),
        ("a or(b) and c", "unexpected token after ')', expecting 'or', 'and'", 1, 9),
        ("a andb", "expected blank or '(' after 'and'", 1, 6),
        ("a or", "expected blank or '(' after 'or'", 1, 5),
        ("(a", "expected a ')' token", 1, 3),
        ("a\r\nand and b", "unexpected token after 'and', expecting 'or', 'and'", 3, 9),
        ("proc.name startswith/etc", _OPERATOR, 1, 11),
        ("proc.name\v= a", _OPERATOR, 1, 10),
        ("proc.name = a=b", "unexpected token after 'a', expecting 'or', 'and'", 1, 14),
        ("proc.name in (a,)", "expected a string value", 1, 17),
        ("proc.name in (,a)", "expected a ')' token", 1, 15),
        ("proc.name in (a b)", "expected a ')' token", 1, 17),
        ('proc.name in ("\\q" )', "expected a ')' token", 1, 19),
        ('proc.name in (ok, "\\q")', "unsupported string escape sequence: \\q", 1, 23),
        ('proc.name = "a\\\\"', "expected a string value or a field with a valid transformer: 'val', ", 1, 13),
        ("proc.name = 'a\\\"b'", "invalid \\\" escape in '-quoted string", 1, 19),
        ('proc.name = "\\x4"', "truncated hex char escape sequence", 1, 18),
        ("proc.name > abc", "expected a number value or a field with a valid transformer: 'val', ", 1, 13),
        ("proc.pid > 5x", "unexpected token after '5', expecting 'or', 'and'", 1, 13),
        ("fd.sip > 1.1.1.1", "unexpected token after '1.1', expecting 'or', 'and'", 1, 13),
        ("proc.name = oneof or_list", "expected blank or '(' after 'or'", 1, 21),
        ("proc.name =oneof (a)", "unexpected token after 'oneof', expecting 'or', 'and'", 1, 18),
        ("proc.name = val(x)", "expected a field within 'val' transformer", 1, 17),
        ("proc.aname[ 1 ] = a", "expected a valid field argument: a quoted string or a bare string", 1, 12),
        ("proc.env[a b] = x", "expected a ']' token", 1, 11),
        ("tolower(proc.name", "expected a ')' token closing the transformer", 1, 18),
        ("len((a.b c.d)) = 1", "expected ')'", 1, 10),
        ("tolower(x) = a", "expected field transformer argument: field, transformer, quoted string, number, or", 1, 9),
        ("len((x)) = a", "expected transformer list argument: field, transformer, quoted string, or number", 1, 6),
        ("tolower (proc.name) = a", "unexpected token after 'tolower', expecting 'or', 'and'", 1, 9),
        ("é", _CHECK, 1, 1),
        ("proc.name = é x", "unexpected token after 'é', expecting 'or', 'and'", 1, 16),
    ],
)
def test_it_refuses_what_falco_refuses_in_its_words_and_at_its_cursor(text, message, line, column):
    with pytest.raises(ConditionSyntaxError) as caught:
        parse(text)
    assert caught.value.message.startswith(message)
    assert (caught.value.position.line, caught.value.position.column) == (line, column)


@pytest.mark.parametrize(("inside", "deepest"), [("proc.name = a", 198), ("macro", 199)])
def test_it_stops_at_the_depth_at_which_falco_stops(inside, deepest):
    parse("(" * deepest + inside + ")" * deepest)
    deeper = "(" * (deepest + 1) + inside + ")" * (deepest + 1)
    with pytest.raises(ConditionSyntaxError, match="exceeded max depth limit of 1000"):
        parse(deeper)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "not(" * 10_000,
        "a or(" * 10_000,
        "tolower(" * 10_000,
        "len((" * 10_000,
        "a" * 5_000_000 + " or proc.name = " + "b" * 1_000_000 + " (",
        "proc.name in (" + "a, " * 500_000,
        "not " * 500_000 + "\x00",
        '"' * 100_000,
        "proc.name = '" + "\\'" * 500_000,
    ],
    ids=lambda text: text[:12],
)
def test_it_answers_soon_and_in_any_thread_whatever_it_is_given(text):
    caught: list[BaseException] = []

    def work() -> None:
        try:
            parse(text)
        except BaseException as error:
            caught.append(error)

    begun = time.perf_counter()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert isinstance(caught[0], ConditionSyntaxError)
    assert time.perf_counter() - begun < 1.0


def test_it_counts_places_in_bytes():
    tree = parse("  é.x or \n proc.name = 'ü' and b".replace("é.x", "a.x exists"))
    data = to_dict(tree)
    assert [data["p"], data["args"][0]["p"], data["args"][1]["p"]] == [0, 2, 18]
    assert data["args"][1]["args"][1]["p"] == data["args"][1]["args"][0]["right"]["p"] + 4 + 5
