"""Shell text becomes simple commands; nothing makes the reader fail."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.behaviours import shell
from studio.behaviours.wrappers import name_of, unwrap


def words(text: str) -> list[list[str]]:
    return [[word.text for word in command.words] for command in shell.read(text).commands]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rm -rf '/a b' \"c d\" e\\ f", [["rm", "-rf", "/a b", "c d", "e f"]]),
        ("a; b && c || d | e & f", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]),
        ("a # b; c\nd", [["a"], ["d"]]),
        ("a \\\n b", [["a", "b"]]),
        ("rm /x/* $Y ${Z}", [["rm", "/x/x", "x", "x"]]),
        ("a $(b c) d", [["a", "x", "d"], ["b", "c"]]),
        ("a `b c`", [["a", "x"], ["b", "c"]]),
        ('a "$(b "c d")"', [["a", "x"], ["b", "c d"]]),
        ("A=1 B='2 3' c", [["c"]]),
        ("a 2>/dev/null >/x", [["a"]]),
        ("cat <<EOF\nrm -rf /\nEOF\nb", [["cat"], ["b"]]),
        ("cat <<-'E'\n\tx\n\tE\nb", [["cat"], ["b"]]),
        ("a <<< word", [["a"]]),
        ("(a; b)", [["a"], ["b"]]),
        ("diff <(a) <(b)", [["diff", "/dev/fd/x", "/dev/fd/x"], ["a"], ["b"]]),
        ("a\r\nb", [["a"], ["b"]]),
        ("", []),
    ],
)
def test_it_reads_words(text: str, expected: list[list[str]]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "operator", "target"),
    [
        ("echo x > /etc/x", ">", "/etc/x"),
        ("echo x >>/etc/x", ">>", "/etc/x"),
        ("cmd &> /x", "&>", "/x"),
        ("cmd 2> '/a b'", ">", "/a b"),
        ("cmd < /x", "<", "/x"),
        ("cmd >| /x", ">|", "/x"),
        ("> /x", ">", "/x"),
    ],
)
def test_it_reads_redirections(text: str, operator: str, target: str) -> None:
    (command,) = shell.read(text).commands
    assert [(r.operator, r.target.text) for r in command.redirections] == [(operator, target)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a 'b", "Line 1: the quote ' is not closed"),
        ('a\nb "c', 'Line 2: the quote " is not closed'),
        ("a $(b", "a parenthesis is not closed"),
        ("a >", "nothing follows the redirection >"),
        ("a <<EOF\nx", "The here-document EOF is not closed"),
        ("a <<EOF", "The here-document EOF has no text"),
        ("a\n" * 300, "Only the first 200 commands"),
        ("a" * 70_000, "Only the first 64 KiB"),
    ],
)
def test_it_says_what_it_could_not_read(text: str, words: str) -> None:
    assert any(words in line for line in shell.read(text).unread)


@given(st.text(st.sampled_from("ab/ '\"\\`$(){}<>|&;\n\t#=*?-EOF1"), max_size=200))
def test_it_never_fails(text: str) -> None:
    script = shell.read(text)
    for command in script.commands:
        unwrap(command)


@pytest.mark.parametrize("text", ['A="$(\n', "$(", "`", "a '", '"$("', "<<E\n", "((((", "a <(", "sh -c '", "\\"])
def test_it_takes_no_longer_than_its_length_deserves(text: str) -> None:
    started = time.perf_counter()
    shell.read((text * 64_000)[:64_000])
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "names", "wrappers", "user"),
    [
        ("sudo rm /x", ["rm"], ("sudo",), "root"),
        ("sudo -u postgres -H psql", ["psql"], ("sudo",), "postgres"),
        ("sudo -n -l", ["sudo"], (), ""),
        ("env -i A=1 B=2 cmd", ["cmd"], ("env",), ""),
        ("nohup nice -n 5 timeout -k 1 10 cmd", ["cmd"], ("nohup", "nice", "timeout"), ""),
        ("sudo sh -c 'a; b'", ["a", "b"], ("sudo", "sh -c"), "root"),
        ("bash -lc 'a | b'", ["a", "b"], ("bash -c",), ""),
        ("su - anna -c 'a'", ["a"], ("sh -c",), "root"),
        ("bash <<E\na\nE", ["a"], ("bash -c",), ""),
        ("bash script.sh", ["bash"], (), ""),
        ("xargs -I {} rm {}", ["rm"], ("xargs",), ""),
        ("if true", ["true"], (), ""),
        ("for x in a b", [], (), ""),
        ("eval 'a b'", ["a"], ("eval",), ""),
    ],
)
def test_it_takes_wrappers_off(text: str, names: list[str], wrappers: tuple[str, ...], user: str) -> None:
    (command,) = shell.read(text).commands
    effective, _ = unwrap(command)
    assert [name_of(one.command) for one in effective] == names
    assert all(one.wrappers == wrappers and one.user == user for one in effective)
