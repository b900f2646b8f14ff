"""The library is read once from its YAML and then from a kept file, which is never out of date and never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.behaviours import compiled, loader

TEXTS = {path.name: path.read_text("utf-8") for path in loader.LIBRARY.glob("rootkits.yaml")}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    directory = tmp_path / "library"
    directory.mkdir()
    for name, text in TEXTS.items():
        (directory / name).write_text(text, "utf-8")
    return directory


def kept_files(place: Path) -> list[Path]:
    return sorted(place.iterdir()) if place.exists() else []


def test_it_gives_the_same_behaviours_from_the_kept_file(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "var"
    first = compiled.load(library, place)
    monkeypatch.setattr(compiled, "load_texts", lambda _: pytest.fail("the YAML was read again"))
    assert compiled.load(library, place) == first == loader.load_texts(TEXTS)


def test_it_reads_the_whole_library_back_unchanged(tmp_path: Path) -> None:
    assert compiled.load(place=tmp_path) == compiled.load(place=tmp_path)


def test_it_notices_a_change_and_keeps_one_file_only(library: Path, tmp_path: Path) -> None:
    place = tmp_path / "var"
    compiled.load(library, place)
    (old,) = kept_files(place)
    text = TEXTS["rootkits.yaml"].replace("title: Unload a kernel module", "title: Unload a module")
    (library / "rootkits.yaml").write_text(text, "utf-8")
    assert compiled.load(library, place)[0].title == "Unload a module"
    (new,) = kept_files(place)
    assert new.name != old.name


@pytest.mark.parametrize("content", [b"", b"[[", b"{}", b"[[1, 2]]", b'"text"', b"\xff\xfe", b"[null]"])
def test_it_reads_the_yaml_again_when_the_kept_file_is_broken(library: Path, tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "var"
    first = compiled.load(library, place)
    (kept,) = kept_files(place)
    kept.write_bytes(content)
    assert compiled.load(library, place) == first


def test_it_works_where_nothing_can_be_kept(library: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    assert len(compiled.load(library, file / "below")) == len(loader.load_texts(TEXTS))


def test_it_tells_the_complaints_of_a_broken_library(library: Path, tmp_path: Path) -> None:
    (library / "broken.yaml").write_text("- id: x", "utf-8")
    with pytest.raises(loader.LibraryError, match=r"broken\.yaml: x: missing"):
        compiled.load(library, tmp_path / "var")
    assert kept_files(tmp_path / "var") == []
