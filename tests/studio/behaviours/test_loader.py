"""Reading the library: everything that is wrong is said at once, with file, behaviour and key."""

from __future__ import annotations

import pytest

from studio.behaviours.loader import LibraryError, load_texts

GOOD = """
- id: t1234-x
  techniques: [T1490]
  title: X
  group: G
  does: It does.
  why: It matters.
  kernel: execve x
  clause: spawned_process and proc.name = $tool
  parameters: [{name: tool, kind: text, default: x}]
  noise: low
  attack: [{name: A, run: "x -a"}]
  benign: [{name: B, run: "y"}]
"""


def test_it_reads_a_behaviour() -> None:
    (behaviour,) = load_texts({"a.yaml": GOOD})
    assert behaviour.clause() == "spawned_process and proc.name = x"
    assert behaviour.parameters[0].label == "Tool"
    assert behaviour.event_types == ("execve",)
    assert behaviour.references[0].url.endswith("/T1490/")
    assert behaviour.priority == "WARNING"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  title: X\n", "", "missing: title"),
        ("noise: low", "noise: loud", "loud"),
        ("  noise: low", "  noise: low\n  colour: red", "unknown keys: colour"),
        ("[T1490]", "[T1]", "techniques"),
        ("id: t1234-x", "id: T1234 X", "id: "),
        ("kind: text", "kind: colour", "colour"),
        ("default: x", 'default: ""', "default"),
        ("kind: text, default: x", "kind: names, default: [head, yes]", "True is not text; write it in quotes"),
        ('run: "x -a"', 'jump: "x"', "exactly one of"),
        ('run: "x -a"', 'run: "x", colour: 1', "unknown keys for a run event"),
        ('run: "x -a"', "write: /etc/x", "needs by"),
        ('attack: [{name: A, run: "x -a"}]', "attack: []", "at least one event"),
        (GOOD, "x: 1", "list of behaviours"),
        (GOOD, "- [", "not YAML"),
        (GOOD, "- 7", "mapping"),
        (GOOD, GOOD + GOOD, "used twice"),
    ],
)
def test_it_says_what_is_wrong_and_where(old: str, new: str, words: str) -> None:
    with pytest.raises(LibraryError, match=words) as refusal:
        load_texts({"a.yaml": GOOD.replace(old, new)})
    assert refusal.value.complaints
    assert "a.yaml" in str(refusal.value) or "t1234-x" in str(refusal.value)


def test_it_collects_the_complaints_of_all_files() -> None:
    with pytest.raises(LibraryError) as refusal:
        load_texts({"a.yaml": GOOD.replace("noise: low", "noise: no"), "b.yaml": GOOD.replace("title: X", "title: 7")})
    assert len(refusal.value.complaints) == 2


def test_it_reads_a_suggested_exception_only_when_its_rows_fit() -> None:
    look = "  lookalikes: [{who: W, exception: {name: n, fields: [user.name, proc.name], values: [[root]]}}]\n"
    with pytest.raises(LibraryError, match="same length"):
        load_texts({"a.yaml": GOOD + look})
