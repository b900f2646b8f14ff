"""YAML as Falco's library reads it: a row for each place where it goes its own way."""

from __future__ import annotations

import pytest

from rules_export.errors import FatalLoadError
from rules_export.yamlcpp.documents import load_documents
from rules_export.yamlcpp.node import MAP, NULL, SCALAR, SEQUENCE
from rules_export.yamlcpp.text import END, SourceText, YamlError


def plain(node):
    """A node as Python data: text, None, lists, and a list of pairs for a mapping."""
    if node.kind == NULL:
        return None
    if node.kind == SCALAR:
        return node.text
    if node.kind == SEQUENCE:
        return [plain(item) for item in node.items]
    return {"pairs": [(plain(key), plain(value)) for key, value in node.pairs]}


def read(content):
    return [plain(document) for document in load_documents(SourceText(content))]


def mapping(*pairs):
    return {"pairs": list(pairs)}


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("", []),
        ("# only a comment\n", []),
        ("- a\n- 0x10\n- 1.50\n- true\n", [["a", "0x10", "1.50", "true"]]),
        ("- ~\n- null\n- NULL\n-\n- 'null'\n- ''\n- nUll\n", [[None, None, None, None, "null", "", "nUll"]]),
        ("- a: 1\n  a: 2\n  <<: *x\n".replace("*x", "x"), [[mapping(("a", "1"), ("a", "2"), ("<<", "x"))]]),
        ("- &x [a, b]\n- *x\n", [[["a", "b"], ["a", "b"]]]),
        ("- &x b\n- &x c\n- *x\n", [["b", "c", "c"]]),
        ("- !tag\n- ! \n- !!str null\n", [["", "", "null"]]),
        ("- [x,,y]\n- [,]\n- [a,]\n- [ ]\n", [[["x", None, "y"], [None], ["a"], []]]),
        ("- [::1, :a]\n- [a: b, c]\n- [=, <, !=]\n", [[["::1", ":a"], [mapping(("a", "b")), "c"], ["=", "<", ""]]]),
        ("- {a: b, c}\n", [[mapping(("a", "b"), ("c", None))]]),
        ("- ? [a]\n  : b\n", [[mapping((["a"], "b"))]]),
        ("- : b\n", [[mapping((None, "b"))]]),
        ("a: b\n", [mapping(("a", "b"))]),
        ("text\n", ["text"]),
        ("- a\n...\n- b\n---\n- c\n", [["a"], ["b"], ["c"]]),
        ("- a\n---\n---\n- {broken\n", [["a"]]),
        ("- a\n, b\n", [["a"]]),
        ("%YAML 1.2\n---\n- a\n", [["a"]]),
        ("\ufeff- a\n", [["a"]]),
        ("- a:\tb\t\n- c:\td e\n", [[mapping(("a", "b")), mapping(("c", "d e"))]]),
        ("- a\r\n- b\r\n", [["a", "b"]]),
        ("- a: b\r  c: d\r- e\r", [[mapping(("a", "b"), ("c", "d")), "e"]]),
        ("- a: b\n  tags:[c]\n", [[mapping(("a", "b"), ("tags:[c]", None))]]),
        ("- 'a\n  b\n", [["a b "]]),
        ("- \x01\x02\n- a\x85b\n", [["\x01\x02", "a\x85b"]]),
        ("- a # no\n- a# yes\n- 'a # yes'\n- a:b\n- a\n  # no\n", [["a", "a# yes", "a # yes", "a:b", "a"]]),
        ("- a\n  b\n\n  c\n - d\n", [["a b\nc - d"]]),
        ("- é: ü\n", [[mapping(("é", "ü"))]]),
    ],
)  # fmt: skip
def test_it_reads_documents_as_falco_does(text, documents):
    assert read(text) == documents


@pytest.mark.parametrize(
    ("text", "scalar"),
    [
        (">\n    a\n    b\n", "a b\n"),
        (">-\n    a\n    b\n", "a b"),
        (">+\n    a\n\n\n", "a\n\n"),
        ("|\n    a\n     b\n    c\n", "a\n b\nc\n"),
        (">\n    a\n\n    b\n      c\n    d\n", "a\nb\n  c\nd\n"),
        (">\n\n    a\n", "\na\n"),
        ("|2\n     a\n", " a\n"),
        (">\n    a # b\n    # c\n", "a # b # c\n"),
        (">\n", ""),
        ("'it''s'", "it's"),
        ('"a\\tb\\x41\\u00e9\\\n     c"', "a\tbAéc"),
        ('"a  \n     b"', "a b"),
        ("'a\n\n\n     b'", "a\n\nb"),
    ],
)
def test_it_reads_each_style_of_scalar(text, scalar):
    assert read(f"- a: {text}") == [[mapping(("a", scalar))]]


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("- a: *x\n", "the referenced anchor is not defined: x", 0, 5),
        ("- a: [%b]\n", "unknown token", 0, 6),
        ("- a: @b\n", "unknown token", 0, 5),
        ("- a: [>=]\n", "unknown token", 0, 6),
        ("- a: [?a]\n", "unknown token", 0, 6),
        ("- a: {b\n  c: d\n", "end of map flow not found", 0, 6),
        ("- a: [\n", "end of sequence flow not found", 1, 0),
        ("}\n", "illegal flow end", 0, 0),
        ("- a: [b}\n", "illegal flow end", 0, 7),
        ("- a: b: c\n", "illegal map value", 0, 6),
        ("- a: - b\n", "illegal block entry", 0, 5),
        ("- a: 'b' c\n", "unexpected scalar", 0, 9),
        ("- a: b\n\t- c\n", "illegal tab when looking for indentation", 1, 0),
        ('- a: "\\q"\n', "unknown escape character: q", 0, 8),
        ('- a: "\\xZZ"\n', "bad character found while scanning hex number", 0, 10),
        ("- a: 'b", "illegal EOF in scalar", 0, 7),
        ('- a: "b\\n', "illegal EOF in scalar", 0, 9),
        ("- a: 'b''", "illegal EOF in scalar", 0, 9),
        ("- a: 'b\n---\n'\n", "illegal document indicator in scalar", 1, 0),
        ("- a: |0\n", "cannot set zero indentation for a block scalar", 0, 7),
        ("- a: |x\n", "unexpected character in block scalar", 0, 6),
        ("- a: &\n", "anchor not found after &", 0, 6),
        ("- a: !x !y b\n", "cannot assign multiple tags to the same node", 0, 8),
        ("- a\nb: c\n- d\n", "end of map not found", 2, 0),
        ("- a: b\n c: d\n", "end of sequence not found", 1, 1),
        ("- é: [%\n", "unknown token", 0, 7),
        ("- " + "[" * 600 + "\n", "bad file", 1, 0),
    ],
)  # fmt: skip
def test_it_complains_in_the_librarys_words_at_its_place(text, message, line, column):
    source = SourceText(text)
    with pytest.raises(YamlError) as caught:
        load_documents(source)
    at = source.position(caught.value.mark)
    assert (caught.value.message, at.line, at.column) == (message, line, column)


def test_it_counts_places_in_bytes():
    source = SourceText("- é: ü\n  b: c\n")
    (pair, other) = load_documents(source)[0].items[0].pairs
    assert [source.position(node.mark).column for node in (*pair, *other)] == [2, 6, 2, 5]


def test_it_puts_what_the_end_closes_into_the_first_column_of_the_last_line():
    source = SourceText("- a: b\n  tags:")
    value = load_documents(source)[0].items[0].pairs[1][1]
    assert (value.mark, source.position(END).line, source.position(END).column) == (END, 1, 0)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
def test_it_guesses_the_encoding(codec):
    assert read("- é\n".encode(codec)) == [["é"]]


@pytest.mark.parametrize(("codec", "rest"), [("utf-16-le", b"x"), ("utf-16-be", b"\0"), ("utf-32-be", b"\0\0x")])
def test_it_drops_half_a_character_at_the_end(codec, rest):
    assert read("- r\n".encode(codec) + rest) == [["r"]]


def test_it_keeps_bytes_that_are_no_text():
    assert read(b"- \xff\xfe x\n") == [["\udcff\udcfe x"]]


def test_it_takes_the_first_of_equal_keys():
    item = load_documents(SourceText("- a: 1\n  a: 2\n  ? [b]\n  : 3\n"))[0].items[0]
    assert {key: value.text for key, value in item.by_key().items()} == {"a": "1"}


@pytest.mark.parametrize(
    "text", ["- a\n" * 400_000, "- [" + "a," * 900_000 + "]\n", "- a: 'b\n" + " c\n" * 400_000 + "'\n"]
)
def test_it_refuses_absurd_files(text):
    with pytest.raises(FatalLoadError, match="any rules file does"):
        load_documents(SourceText(text))


def test_it_reads_an_alias_of_what_is_still_open():
    (item,) = load_documents(SourceText("- &a [*a]\n"))[0].items
    assert item.kind == SEQUENCE
    assert item.items == [item]


def test_it_knows_a_mapping_from_a_sequence():
    assert [item.kind for item in load_documents(SourceText("- {}\n- []\n"))[0].items] == [MAP, SEQUENCE]
