"""Files of behaviours from anybody: bounded, safe, with the line of what is wrong; and written as they were read."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.behaviours import proof, queries
from studio.behaviours.loader import behaviour
from studio.behaviours.own import copying, entering, reading, writing
from studio.behaviours.own.reading import UnreadableError
from studio.behaviours.own.sheet import Sheet
from tests.rules_export.archives import hostile_archives
from tests.studio.behaviours.own import TEXT, record


def archive(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in files.items():
            file.writestr(name.replace("_", "."), text)
    return buffer.getvalue()


def test_it_reads_a_list_or_one_with_the_lines_of_keys_and_items():
    (one,) = reading.read(TEXT)
    assert one.record == record()
    assert (one.line("title"), one.line("attack"), one.line("attack", 1), one.line("nowhere")) == (3, 18, 19, 1)
    listed = "".join(f"- {line}" if n == 0 else f"  {line}" for n, line in enumerate(TEXT.splitlines(keepends=True)))
    first, second = reading.read(listed + listed, "a.yaml")
    assert first.record == second.record == record()
    assert second.line("") == 25


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("a: [", "not YAML", 2),
        ("", "no behaviour", 0),
        ("- 7", "is a mapping", 1),
        ("id: a\nid: b\n", "stands twice", 2),
        ("a: &x [1]\nb: *x\n", "Anchors", 1),
        ("a: " + "[" * 40 + "]" * 40, "nests too deeply", 1),
        ('a: "\\0"', "characters that can't be kept", 1),
        ("a: !!python/object/apply:os.system [id]", "not YAML", 1),
        ("- id: a\n" * 201, "at most 200", 0),
        ("x" * (1024 * 1024 + 1), "longer than", 0),
        ("a: 2024-13-45", "not YAML", 1),
        ("\x07", "not YAML", 0),
    ],
)
def test_it_refuses_what_is_no_file_of_behaviours(text, words, line):
    with pytest.raises(UnreadableError, match=words) as refusal:
        reading.read(text)
    assert refusal.value.line == line


def test_it_keeps_only_what_every_database_keeps():
    (one,) = reading.read("a: 2024-01-01\nb: .inf\nc: {1: x}\nd: 99999999999999999999\n")
    assert one.record == {"a": "2024-01-01", "b": "inf", "c": {"1": "x"}, "d": "a number too large"}


def test_it_unpacks_archives_within_bounds():
    assert reading.texts(archive(a_yaml="x: 1", b_txt="no"), "a.zip") == {"a.yaml": "x: 1"}
    assert reading.texts(b"\xef\xbb\xbfx: 1", "a.yaml") == {"a.yaml": "x: 1"}
    for data, words in [
        (archive(a_txt="x"), "no .yaml file"),
        (archive(a_yaml="x" * (2 * 1024 * 1024)), "longer than"),
        (archive(a_yaml="x: 1")[:60], "can be read"),
        (b"PK\x03\x04" + b"\0" * 50, "can be read"),
        (hostile_archives.zipped(zipfile.ZIP_LZMA), "compressed with LZMA"),
        (hostile_archives.overlapping(50, 100_000), "shares its bytes"),
        (b"\xff\xfe", "UTF-8"),
        (b"x" * (1024 * 1024 + 1), "longer than"),
        (archive(**{f"f{n}_yaml": "" for n in range(201)}), "at most 200"),
    ]:
        with pytest.raises(UnreadableError, match=words):
            reading.texts(data, "a")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(ANYTHING, st.sampled_from(sorted(record())))
@settings(max_examples=40, deadline=None)
def test_no_value_under_any_key_breaks_the_checks_or_the_sheet(value, key):
    broken = record(**{key: value})
    _, found = proof.of_record(broken)
    assert isinstance(found, list)
    assert entering.of_record(broken).view in ("form", "yaml")


def posted(sheet: Sheet) -> QueryDict:
    """What a browser sends of a sheet that nobody touched."""
    data = QueryDict(mutable=True)
    for name, field in sheet.main.fields.items():
        data[name] = sheet.main.initial.get(name, field.initial or "")
    for group in sheet.groups:
        for key, row in group.rows:
            data.appendlist(f"{group.slug}-row", key)
            for name in row.fields:
                data[f"{group.slug}-{key}-{name}"] = row.initial.get(name, "")
    return data


def test_built_in_behaviours_pass_through_form_and_yaml_unchanged():
    for one in queries.all()[::40]:
        kept = copying.of_library(one.id)
        sheet = Sheet.posted(posted(Sheet.of_record(kept)))
        assert sheet.is_valid(), (one.id, sheet.complaints())
        (again,) = reading.read(writing.to_yaml(sheet.record()))
        (filed,) = reading.read(writing.to_file([sheet.record()]))
        assert behaviour(again.record) == behaviour(filed.record) == one


def test_the_sheet_says_which_field_cannot_be_read():
    data = posted(Sheet.of_record(record()))
    data["attack-0-kind"], data["attack-0-target"] = "listen", "high"
    data["benign-0-more"] = "a: ["
    data["lookalikes-0-comps"] = "in, ="
    data["parameters-0-default"] = " "
    data["title"] = ""
    found = {(one.key, one.number): one.message for one in entering.Sheet.posted(data).complaints()}
    assert set(found) == {("title", 0), ("attack", 1), ("benign", 1), ("lookalikes", 1), ("parameters", 1)}
    assert "Give a port" in found["attack", 1]


def test_rows_come_and_go_by_a_press():
    data = posted(Sheet.of_record(record()))
    data["action"] = "add:attack"
    assert [key for key, _ in Sheet.posted(data).groups[0].rows] == ["0", "1"]
    data["action"] = "drop:attack:0"
    assert Sheet.posted(data).groups[0].rows == ()
    data["action"] = "drop:attack:nothing"
    data.setlist("attack-row", [*map(str, range(60)), "é", "0" * 20])
    assert len(Sheet.posted(data).groups[0].rows) == 40
