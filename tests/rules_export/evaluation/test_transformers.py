"""What transformers make of values, as the real engine does."""

import pytest

from rules_export.evaluation import transformers


@pytest.mark.parametrize(
    ("value", "decoded"),
    [("aGVsbG8=", "hello"), ("aGVsbG8", "hello"), ("", ""), ("a", None), ("aGVsbG9=", None), ("aGV sbG8", None)],
)
def test_it_decodes_base64_only_where_every_bit_is_accounted_for(value, decoded):
    assert transformers.b64(value) == decoded


def test_it_ends_a_decoded_text_at_a_nul_because_falco_compares_c_strings():
    assert transformers.b64("YQBi") == "a"


def test_it_changes_the_case_of_ascii_letters_only():
    assert transformers.tolower("ÜBER") == "Über"
    assert transformers.toupper("über") == "üBER"


@pytest.mark.parametrize(("path", "name"), [("/usr/bin/sh", "sh"), ("/a/", ""), ("sh", "sh"), ("", "")])
def test_it_takes_what_follows_the_last_slash(path, name):
    assert transformers.basename(path) == name


def test_it_counts_bytes_of_texts_and_elements_of_lists():
    assert transformers.length("über") == 5
    assert transformers.length(["a", "b"]) == 2


def test_it_joins_numbers_in_decimal():
    assert transformers.join("-", ["root", 5]) == "root-5"


@pytest.mark.parametrize(
    ("arguments", "options", "found"),
    [
        (["-a", "-b", "c"], "ab:", ["a", "b", "c"]),
        (["-bc", "-a"], "ab:", ["b", "c", "a"]),
        (["-x"], "a", ["?"]),
        (["--long", "-a"], "a", ["a"]),
        (["--", "-a"], "a", []),
        (["file", "-a"], "a", []),
        (["-b"], "b:", ["b", ""]),
        (["-b", "c"], "bb:", ["b", "c"]),
        (["-:"], ":a", ["?"]),
    ],
)
def test_it_walks_arguments_as_getopt_does(arguments, options, found):
    assert transformers.getopt(arguments, options) == found


@pytest.mark.parametrize(
    ("arguments", "selector", "value"),
    [(["-u", "root"], "u", "root"), (["-n"], "n", "n"), (["-n"], "u", None), (["-u", "a", "-ub"], "u", "b")],
)
def test_it_gives_the_last_value_of_a_selected_option(arguments, selector, value):
    assert transformers.getopt(arguments, "u:n", selector) == value
