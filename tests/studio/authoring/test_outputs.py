"""The output as text and as chips: nothing is lost between the two; sets, and what is missing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.authoring import chips, lacking, outputs
from studio.authoring.chips import Chips, Pair
from studio.authoring.forms.output import added

EXEC = frozenset({"execve", "execveat"})


@pytest.mark.parametrize(
    ("text", "sentence", "pairs"),
    [
        ("Gone | user=%user.name command=%proc.cmdline", "Gone", ["user=%user.name", "command=%proc.cmdline"]),
        ("Gone", "Gone", []),
        ("user=%user.name", "", ["user=%user.name"]),
        ("Shell of %user.name | tty=%proc.tty", "Shell of %user.name", ["tty=%proc.tty"]),
        (
            "Image | image=%container.image.repository:%container.image.tag",
            "Image",
            ["image=%container.image.repository:%container.image.tag"],
        ),
        ("A | low=%tolower(proc.name) %evt.type", "A", ["low=%tolower(proc.name)", "%evt.type"]),
        (
            'A | both=%join(", ", (proc.name, user.name)) b=%evt.type',
            "A",
            ['both=%join(", ", (proc.name, user.name))', "b=%evt.type"],
        ),
        ("A | fifth=%proc.aname[5] done", "A", ["fifth=%proc.aname[5]", "done"]),
    ],
)
def test_an_output_is_a_sentence_and_pairs_and_comes_back_whole(text, sentence, pairs):
    parts = chips.read(text)
    assert (parts.sentence, [pair.text for pair in parts.pairs], parts.text) == (sentence, pairs, text)


@pytest.mark.parametrize("text", ["Gone | user=%user.nme", "100%", "a | b=%"])
def test_what_falco_refuses_has_no_chips(text):
    assert chips.read(text) is None


FIELDS = st.sampled_from(["%proc.name", "%user.name", "%fd.name", "%proc.aname[3]", "%evt.type", "text", "%proc.pid:x"])
KEYS = st.sampled_from(["user", "a_b", "x1", ""])


@given(st.lists(st.tuples(KEYS, FIELDS), max_size=8), st.sampled_from(["", "Something happened", "It was %proc.name"]))
def test_chips_and_text_are_two_views_of_one_output(pairs, sentence):
    whole = Chips(sentence, tuple(Pair(key, value) for key, value in pairs))
    again = chips.read(whole.text)
    assert again is not None
    assert again.text == whole.text
    assert chips.read(again.text) == again


def test_chips_move_leave_and_take_the_usual_order():
    parts = chips.read("S | command=%proc.cmdline user=%user.name evt_type=%evt.type own=%proc.cwd")
    assert parts.changed("down-0").text.startswith("S | user=%user.name command=")
    assert parts.changed("up-0") == parts
    assert "user=" not in parts.changed("remove-1").text
    assert parts.changed("sort").text == "S | evt_type=%evt.type user=%user.name command=%proc.cmdline own=%proc.cwd"


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("user", "user.name", "user=%user.name"),
        ("the user", " %user.name ", "the_user=%user.name"),
        ("", "proc.aname[2]", "%proc.aname[2]"),
        ("note", "by hand", "note=by hand"),
        ("1st", "%proc.name", "_1st=%proc.name"),
    ],
)
def test_a_pair_is_taken_as_typed(key, value, text):
    assert chips.written(key, value).text == text


def test_nothing_is_printed_twice_and_other_shapes_just_grow():
    assert added("Gone | user=%user.name", {"user.name": "user", "proc.name": "process"}) == (
        "Gone | user=%user.name process=%proc.name"
    )
    assert added("Gone |\n user=%user.name", {"proc.tty": "terminal"}).endswith(" terminal=%proc.tty")
    assert added("", {"proc.tty": "terminal"}) == "terminal=%proc.tty"


@pytest.mark.parametrize(
    ("events", "fields", "fits", "files"),
    [
        (EXEC, ["proc.name"], {"process", "user"}, ["fd.name"]),
        (frozenset({"open", "openat"}), ["fd.name"], {"process", "user", "file"}, ["fd.name"]),
        (
            frozenset({"unlink", "rename"}),
            [],
            {"process", "user", "file"},
            ["fs.path.name", "fs.path.source", "fs.path.target"],
        ),
        (frozenset({"connect"}), ["fd.sip"], {"process", "user", "network"}, ["fd.name"]),
        (None, ["container.id"], {"process", "user", "container"}, ["fd.name"]),
    ],
)
def test_sets_follow_the_rules_events(events, fields, fits, files):
    found = {one.slug: one for one in outputs.sets(events, fields)}
    assert {slug for slug, one in found.items() if one.fits} == fits
    assert list(found["file"].fields) == files


@pytest.mark.parametrize(
    ("output", "condition", "events", "says", "offers"),
    [
        ("Gone | command=%proc.cmdline", "proc.name = rm", EXEC, "who did it", ("user.name",)),
        ("Gone | user=%user.name", "proc.name = rm", EXEC, "which process", ("proc.cmdline",)),
        ("A | user=%user.name c=%proc.cmdline", "fd.name = /x", frozenset({"openat"}), "which file", ("fd.name",)),
        (
            "A | user=%user.name c=%proc.cmdline",
            "fd.sip = 1.2.3.4",
            frozenset({"connect"}),
            "which connection",
            ("fd.name",),
        ),
        ("A | user=%user.name c=%proc.cmdline", "proc.cwd startswith /tmp", EXEC, "looks at proc.cwd", ("proc.cwd",)),
    ],
)
def test_it_says_what_an_analyst_will_miss(output, condition, events, says, offers):
    sets = outputs.sets(events, ["fd.sip"] if "sip" in condition else [])
    found = [one for one in lacking.lacks(output, condition, sets) if says in one.says]
    assert [one.fields for one in found] == [offers]


def test_a_full_output_lacks_nothing():
    usual = outputs.template("Backups went", outputs.usual_fields(["proc.name"]))
    sets = outputs.sets(EXEC, ["proc.name"])
    assert lacking.lacks(usual, 'proc.name = rm and proc.args contains "-rf"', sets) == []
    assert lacking.lacks("refused %", "proc.name = rm", sets) == []
