"""The facts about Falco: the tables come from them, and one command follows a release."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.facts import outputs
from scripts.facts.store import Event, Facts, FactsError, Field, Parameter, TableEvent, read_facts
from tests.rules_export.catalog.falco_output import print_release

ROOT = Path(__file__).parents[3]
CATALOG = ROOT / "rules_export" / "catalog"
TABLES = ("fields_table.py", "events_table.py", "parameters_table.py", "versions_table.py", "field_events_table.py")


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "falco_facts.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A copy of the catalogue's facts and tables."""
    copy = tmp_path / "catalog"
    shutil.copytree(CATALOG / "facts", copy / "facts")
    (copy / "data").mkdir()
    for name in (*TABLES, "macros.yaml"):
        shutil.copyfile(CATALOG / "data" / name, copy / "data" / name)
    return copy


@pytest.fixture
def facts() -> Facts:
    return read_facts(CATALOG / "facts")


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


def test_the_tables_are_what_the_facts_say() -> None:
    done = run("--check")
    assert done.returncode == 0, done.stderr


def test_a_changed_fact_makes_the_check_fail_until_the_tables_are_written(catalog: Path) -> None:
    path = catalog / "facts" / "plugins.txt"
    path.write_text(path.read_text("utf-8").replace("okta.app CHARBUF - -", "okta.app UINT64 - -"), "utf-8")
    failed = run("--check", "--catalog", catalog)
    assert failed.returncode == 1
    assert "fields_table.py" in failed.stderr
    assert run("--catalog", catalog).returncode == 0
    assert run("--check", "--catalog", catalog).returncode == 0
    assert "okta.app UINT64" in (catalog / "data" / "fields_table.py").read_text("utf-8")


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_a_release_removed_and_added_back_is_identical(
    catalog: Path, facts: Facts, tmp_path: Path, as_json: bool
) -> None:
    original = contents(catalog)
    newest = facts.newest
    program = print_release(tmp_path / "falco", facts, newest, as_json=as_json)
    shutil.rmtree(catalog / "facts" / newest.name)
    assert run("--catalog", catalog).returncode == 0
    assert f'("{newest.name}"' not in (catalog / "data" / "versions_table.py").read_text("utf-8")
    added = run("--falco", program, "--date", newest.date, "--catalog", catalog)
    assert added.returncode == 0, added.stderr
    assert contents(catalog) == original
    assert "Engine: 0.63.0 (was 0.62.0)" in added.stdout


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_two_releases_removed_and_added_back_are_identical(
    catalog: Path, facts: Facts, tmp_path: Path, as_json: bool
) -> None:
    original = contents(catalog)
    before, newest = facts.releases[-2:]
    for release in (before, newest):
        shutil.rmtree(catalog / "facts" / release.name)
    assert run("--catalog", catalog).returncode == 0
    assert "task_file_memfd" not in (catalog / "data" / "events_table.py").read_text("utf-8")

    first = replace(before, version="0.44.0", container_plugin=before.first_container_plugin)
    saved = tmp_path / "saved"
    print_release(saved, facts, first, as_json=as_json)
    added = run("--saved", saved, "--date", "2026-05-01", "--catalog", catalog)
    assert added.returncode == 0, added.stderr
    assert "Event types added (13): listns" in added.stdout
    assert "complete facts/0.44/language.txt" in added.stdout
    language = catalog / "facts" / before.name / "language.txt"
    language.write_text(original[f"facts/{before.name}/language.txt"], "utf-8")  # what the release notes say
    for release in (before, newest):
        program = print_release(tmp_path / release.name, facts, release, as_json=as_json)
        done = run("--falco", program, "--date", release.date, "--catalog", catalog)
        assert done.returncode == 0, done.stderr
    assert contents(catalog) == original


def new_release(facts: Facts) -> Facts:
    """What Falco 0.46 might print: two fields come, one goes, one event comes, a plugin learns a field."""
    release = replace(facts.newest, name="0.46", version="0.46.0", engine="0.64.0", fields=dict(facts.newest.fields))
    process = [item for item in release.fields["process"] if item.name not in ("proc.tty", "proc.vpgid.exe")]
    release.fields["process"] = [*process, Field("proc.new", "UINT64"), Field("proc.news", "CHARBUF", "r", "L")]
    release.events = [*release.events, Event("newcall", "<", ("res", "how"))]
    release.generic = [*release.generic, "newgeneric"]
    release.language = release.language | {"ignored": ["read", "write"]}
    entry = TableEvent(9999, "<", "newcall", "FILE", False, [Parameter("res", "ERRNO", "DEC")])
    entry.parameters.append(Parameter("how", "FLAGS32", "HEX", len(facts.table.values)))
    facts.table.values.append("HOW_A=1 HOW_B=2")
    facts.table.events.append(entry)
    okta = next(plugin for plugin in facts.plugins if plugin.name == "okta")
    okta.version = "0.13.0"
    okta.fields.append((Field("okta.new", "CHARBUF"), "0.13.0"))
    return replace(facts, releases=[*facts.releases, release])


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_a_new_release_is_added_and_reported(catalog: Path, facts: Facts, tmp_path: Path, as_json: bool) -> None:
    stated = new_release(facts)
    program = print_release(tmp_path / "falco", stated, stated.newest, as_json=as_json)
    (tmp_path / "falco" / "validate.txt").write_text("LOAD_DEPRECATED_ITEM", "utf-8")
    done = run("--falco", program, "--date", "2026-12-01", "--catalog", catalog)
    assert done.returncode == 0, done.stderr
    for line in (
        "Engine: 0.64.0 (was 0.63.0)",
        "Fields added (2): proc.new, proc.news",
        "Event types added (2): newcall, newgeneric",
        "Fields deprecated (2): proc.tty, proc.vpgid.exe",
        "No longer ignored by default (9): pread",
        "Plugin okta: first version with okta.new (0.13.0 assumed)",
        "Event < newcall is new: check its code (454 assumed)",
        "Parameter newcall.how has named values (HOW_A, HOW_B",
        "The library's macro has_terminal uses proc.tty.",
        "words for conditions to rules_export/language/words.py",
    ):
        assert line in done.stdout, line
    written = read_facts(catalog / "facts")
    assert written.newest.name == "0.46"
    assert sorted(path.name for path in (catalog / "facts" / "0.46").iterdir()) == [
        "events.txt",
        "fields.txt",
        "language.txt",
        "release.json",
    ]
    tables = {name: (catalog / "data" / name).read_text("utf-8") for name in TABLES}
    assert "proc.news CHARBUF r L" in tables["fields_table.py"]
    assert "proc.tty UINT32 - D" in tables["fields_table.py"]
    assert "okta.new CHARBUF - -" in tables["fields_table.py"]
    assert "newcall OTHER 454" in tables["events_table.py"]
    assert 'IGNORED_BY_DEFAULT = """read\nwrite"""' in tables["events_table.py"]
    assert '"0.46": "newcall newgeneric",' in tables["versions_table.py"]
    assert '"0.46": "proc.tty proc.vpgid.exe",' in tables["versions_table.py"]
    assert '("how", "FLAGS32", "HEX", None)' in tables["parameters_table.py"]
    assert "no longer lists" not in done.stdout  # cloudtrail's hidden fields never were
    for name, text in tables.items():
        compile(text, name, "exec")

    again = run("--falco", program, "--date", "2026-12-01", "--catalog", catalog)
    assert again.returncode == 0, again.stderr
    assert {name: (catalog / "data" / name).read_text("utf-8") for name in TABLES} == tables


def test_it_asks_about_fields_that_are_no_longer_listed(catalog: Path, facts: Facts, tmp_path: Path) -> None:
    stated = new_release(facts)
    saved = tmp_path / "saved"
    print_release(saved, stated, stated.newest)
    (saved / "unlisted.json").write_text(json.dumps({"proc.tty": "removed"}), "utf-8")
    done = run("--saved", saved, "--catalog", catalog)
    assert "Fields removed (1): proc.tty" in done.stdout
    assert "Field proc.vpgid.exe is no longer listed: deprecated (assumed) or removed?" in done.stdout
    assert "Falco does not print its date" in done.stdout


@pytest.mark.parametrize(("said", "removed"), [("filter_check called with nonexistent field", True), ("", False)])
def test_it_asks_falco_about_fields_that_are_no_longer_listed(
    catalog: Path, facts: Facts, tmp_path: Path, said: str, removed: bool
) -> None:
    stated = new_release(facts)
    program = print_release(tmp_path / "falco", stated, stated.newest)
    (tmp_path / "falco" / "validate.txt").write_text(said, "utf-8")
    done = run("--falco", program, "--catalog", catalog)
    assert ("Fields removed (2): proc.tty, proc.vpgid.exe" in done.stdout) is removed
    assert ("proc.tty UINT32 - T" in (catalog / "data" / "fields_table.py").read_text("utf-8")) is not removed


def test_it_keeps_the_kinds_of_an_argument_that_falco_does_not_state(
    catalog: Path, facts: Facts, tmp_path: Path
) -> None:
    saved = tmp_path / "saved"
    print_release(saved, facts, facts.newest)
    stated = json.loads((saved / "list.json").read_text("utf-8"))
    for group in stated["fieldclasses"]:
        for item in group["fields"]:
            if item["argument"]:
                item["argument"]["type"] = []
    (saved / "list.json").write_text(json.dumps(stated), "utf-8")
    original = contents(catalog)
    done = run("--saved", saved, "--date", facts.newest.date, "--catalog", catalog)
    assert done.returncode == 0, done.stderr
    assert contents(catalog) == original


@pytest.mark.parametrize("name", ["version", "list", "list-events"])
def test_it_names_what_is_missing_and_changes_nothing(catalog: Path, facts: Facts, tmp_path: Path, name: str) -> None:
    original = contents(catalog)
    saved = tmp_path / "saved"
    program = print_release(saved, facts, facts.newest)
    (saved / f"{name}.json").unlink()
    done = run("--saved", saved, "--catalog", catalog)
    assert (done.returncode, f"{name}.json or {name}.txt missing" in done.stderr) == (1, True)
    assert f"printed nothing for falco --{name}." in run("--falco", program, "--catalog", catalog).stderr
    (saved / f"{name}.json").write_text("{", "utf-8")
    assert run("--saved", saved, "--catalog", catalog).stderr.startswith(f"{name}: not JSON")
    assert contents(catalog) == original


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        (
            "list",
            '{"fieldclasses": [{"name": "evt", "fields": [{"kind": "evt.num"}]}]}',
            "has a form that this command",
        ),
        ("list", '{"fieldclasses": []}', "no fields"),
        ("list-events", '{"Syscall events": [{"name": "open"}]}', "has a form that this command"),
        ("list-events", "{}", "no events"),
        ("version", '{"falco_version": "0.46.0"}', "no Falco and engine version"),
        ("unlisted", '{"proc.tty": "gone"}', "is not one of deprecated, hidden, removed"),
    ],
)
def test_it_explains_output_that_it_cannot_read(
    catalog: Path, facts: Facts, tmp_path: Path, name: str, text: str, error: str
) -> None:
    saved = tmp_path / "saved"
    print_release(saved, facts, facts.newest)
    (saved / f"{name}.json").write_text(text, "utf-8")
    done = run("--saved", saved, "--catalog", catalog)
    assert done.returncode == 1
    assert error in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("plugins.txt", "okta.app\n"),
        ("event_table.txt", "[values]\n"),
        ("0.44/release.json", "{"),
        ("0.35/fields.txt", ""),
    ],
)
def test_it_explains_facts_that_it_cannot_read(catalog: Path, name: str, text: str) -> None:
    (catalog / "facts" / name).write_text(text, "utf-8")
    done = run("--catalog", catalog)
    assert done.returncode == 1
    assert str(catalog / "facts") in done.stderr
    assert "Traceback" not in done.stderr


def test_it_refuses_a_release_between_others(catalog: Path, facts: Facts, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    print_release(saved, facts, facts.releases[-2])
    done = run("--saved", saved, "--catalog", catalog)
    assert (done.returncode, "Remove the folders of the newer releases first" in done.stderr) == (1, True)


def test_it_says_when_a_program_cannot_be_run(catalog: Path, tmp_path: Path) -> None:
    done = run("--falco", tmp_path / "none", "--catalog", catalog)
    assert (done.returncode, "could not be run" in done.stderr) == (1, True)


def test_it_compares_releases_in_the_facts() -> None:
    done = run("--compare", "0.41")
    assert "Fields removed (5): syslog.facility" in done.stdout
    assert run("--compare", "0.35").returncode == 1


LIST = """-------------------------------
Field Class:                  evt (All event types)
Description:                  These fields can be used for all event types
Event Sources:                syscall

evt.num                       (Type: UINT64) event number.
evt.exactly.thirty.characters_(Type: BOOL) words
evt.a.name.longer.than.thirty.characters
                              (Type: LIST(CHARBUF)) (EPF_ARG_REQUIRED,FILTER ONLY) words (Type: none) evt.num
                              evt.other words
-------------------------------
Field Class:                  process

proc.aname                    (ARG_ALLOWED) words
"""


def test_it_reads_the_text_of_falco_list() -> None:
    found = outputs.parse_fields(LIST.replace("(ARG_ALLOWED)", "(Type: CHARBUF) (IDX_ALLOWED,IDX_NUMERIC)"))
    assert [(each.name, each.sources) for each in found] == [("evt", ("syscall",)), ("process", ())]
    assert found[0].fields == [
        Field("evt.num", "UINT64"),
        Field("evt.exactly.thirty.characters_", "BOOL"),
        Field("evt.a.name.longer.than.thirty.characters", "CHARBUF", "r", "FL"),
    ]
    assert found[1].fields == [Field("proc.aname", "CHARBUF", "oi", "-")]
    with pytest.raises(FactsError, match="with -v"):
        outputs.parse_fields(LIST)


def test_it_reads_the_text_of_falco_list_events() -> None:
    text = "## Heading\n\n> open(FSPATH name, FLAGS32 flags: O_A, O_B, UINT32 mode)\n"
    text += "< x(FD **fd**, FLAGS8 **f**: A)\n> y()\n"
    assert [(each.name, each.direction, each.parameters) for each in outputs.parse_events(text)] == [
        ("open", ">", [("name", "FSPATH", ()), ("flags", "FLAGS32", ("O_A", "O_B")), ("mode", "UINT32", ())]),
        ("x", "<", [("fd", "FD", ()), ("f", "FLAGS8", ("A",))]),
        ("y", ">", []),
    ]


@pytest.mark.parametrize(
    ("text", "version", "engine"),
    [
        ("Falco version: 0.35.1 (x86_64)\nLibs version:  0.11.3\nEngine:        17\n", "0.35.1", "0.17.0"),
        ('{"falco_version": "0.36.2", "engine_version": "26", "libs_version": "0.13.4"}', "0.36.2", "0.26.0"),
        (
            '{"falco_version": "0.44.1", "engine_version": "62", "engine_version_semver": "0.62.0"}',
            "0.44.1",
            "0.62.0",
        ),
    ],
)
def test_it_reads_falco_version(text: str, version: str, engine: str) -> None:
    assert outputs.parse_version(text)[:2] == (version, engine)


def test_it_refuses_text_that_is_no_version() -> None:
    with pytest.raises(FactsError, match="falco --version"):
        outputs.parse_version("command not found")
