"""Shell patterns and path prefixes, as fnmatch(3) and Falco read them."""

import time

import pytest

from rules_export.evaluation.globs import glob, path_prefixes


@pytest.mark.parametrize(
    ("pattern", "value", "matches"),
    [
        ("*", "a\nb", True),
        ("/etc/*", "/etc/a/b", True),
        ("a?b", "a/b", True),
        ("??", "ü", True),
        ("?", "ü", False),
        ("[!a]", "b", True),
        ("[^a]", "a", False),
        ("[]a]", "]", True),
        ("[a-]", "-", True),
        ("[a", "[a", True),
        ("a\\*b", "a*b", True),
        ("a\\", "a\\", False),
        ("[[:digit:]]x", "5x", True),
        ("*[[:DIGIT:]]*", "5", False),
        ("*.s[ho]", "x.so", True),
    ],
)
def test_it_matches_as_fnmatch_does(pattern, value, matches):
    assert glob(pattern)(value) is matches


def test_it_folds_case_except_in_classes():
    assert glob("[A]BC*", fold=True)("abcd")
    assert not glob("[[:upper:]]", fold=True)("a")


def test_it_takes_no_longer_for_many_stars():
    begun = time.process_time()
    assert not glob("*a" * 60 + "b")("a" * 5000)
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize(
    ("prefixes", "value", "matches"),
    [
        (["/etc"], "/etc/passwd", True),
        (["/etc"], "/etcetera", False),
        (["etc/"], "//etc", True),
        (["/etc/passwd"], "/etc", False),
        (["/"], "", True),
        ([""], "/x", True),
        ([], "/etc", False),
        (["/usr/*/b?n"], "/usr/local/bin/x", True),
        (["/usr/*"], "/usr", False),
        (["/a", "/a/b/c"], "/a/x", True),
    ],
)
def test_it_compares_paths_in_whole_components(prefixes, value, matches):
    assert path_prefixes(prefixes)(value) is matches
