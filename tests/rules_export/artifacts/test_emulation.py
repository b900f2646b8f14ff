"""The emulation script, run by a real shell: it plays, prints, cleans up, and touches nothing that was there before."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules_export.artifacts.emulation import Step, script
from studio.behaviours import queries

NOBODY = 65534
ROOT = os.geteuid() == 0
pytestmark = pytest.mark.skipif(not shutil.which("sh"), reason="needs a shell")


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that anybody may write in, for the script and all that it makes."""
    found = Path(tempfile.mkdtemp(prefix="mews-emulation-test-"))
    found.chmod(0o777)
    yield found
    shutil.rmtree(found, ignore_errors=True)


def command(place: Path, text: str, *arguments: str) -> list[str]:
    file = place / "emulate.sh"
    file.write_text(text)
    file.chmod(0o755)
    return ["sh", str(file), *arguments]


def run(place: Path, text: str, *arguments: str, root: bool = False) -> subprocess.CompletedProcess[str]:
    """Run it as an ordinary user, also where the tests run as root."""
    who = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if ROOT and not root else {}
    return subprocess.run(
        command(place, text, *arguments),
        capture_output=True,
        text=True,
        timeout=60,
        cwd=place,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(place)},
        **who,
    )


def test_it_plays_each_step_in_a_scratch_directory_and_leaves_nothing(place):
    steps = [Step("Make a file", 'echo x > a && pwd && echo "$HOME"'), Step("Fail", "exit 7"), Step("Ask", "cat")]
    done = run(place, script("Title", ["Rule's name"], steps))
    assert done.returncode == 0, done.stderr
    assert "Falco should raise: Rule's name" in done.stdout
    assert "== Make a file\n   $ echo x > a && pwd" in done.stdout
    assert f"{place}/mews-emulation." in done.stdout
    assert "ended with 7" in done.stdout
    assert "Played 3, passed over 0." in done.stdout
    assert [one.name for one in place.iterdir()] == ["emulate.sh"]


def test_it_only_lists_where_asked(place):
    done = run(place, script("Title", [], [Step("Make", f"touch {place}/made")]), "--list")
    assert "touch" in done.stdout
    assert not (place / "made").exists()


def test_it_passes_over_what_needs_root_or_containers(place):
    steps = [
        Step("As root", f"touch {place}/made   # needs root"),
        Step("In a container", "docker run --rm alpine true"),
        Step("In a cluster", "true; kubectl get pods"),
        Step("Speaks of docker", "echo docker run"),
    ]
    done = run(place, script("Title", [], steps))
    assert "passed over: it needs root" in done.stdout
    assert done.stdout.count("give --containers") == 2
    assert "Played 1, passed over 3." in done.stdout
    assert not (place / "made").exists()


@pytest.mark.skipif(not ROOT, reason="needs root")
def test_as_root_it_refuses_and_told_to_it_plays_only_what_needs_root(place):
    text = script("Title", [], [Step("As root", "echo played # needs root"), Step("Other", "echo wrong")])
    refused = run(place, text, root=True)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "Refused" in refused.stderr
    done = run(place, text, "--root", root=True)
    assert "Played 1, passed over 1." in done.stdout
    assert "\nwrong" not in done.stdout


def test_without_root_the_flag_is_refused(place):
    assert run(place, script("Title", [], []), "--root").returncode == 3
    assert run(place, script("Title", [], []), "--colour").returncode == 2
    assert "usage:" in run(place, script("Title", [], []), "--help").stdout


def test_a_file_that_is_there_already_is_never_touched(place):
    there = Path(tempfile.mkdtemp(prefix="mews-kept-", dir="/tmp"))
    try:
        step = Step("Overwrite", f"echo new > {there}/x; rm -rf {there}")
        assert step.makes == (str(there),)
        done = run(
            place, script("Title", [], [step, Step("Fresh", "echo x > /tmp/mews-fresh-77; ls /tmp/mews-fresh-77")])
        )
        assert f"{there} is there already" in done.stdout
        assert "\n/tmp/mews-fresh-77\n" in done.stdout
        assert there.exists()
        assert not Path("/tmp/mews-fresh-77").exists()
    finally:
        shutil.rmtree(there, ignore_errors=True)


def test_broken_off_it_cleans_up(place):
    text = script("Title", [], [Step("Wait", "touch started; sleep 20")])
    who = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if ROOT else {}
    env = {"PATH": os.environ["PATH"], "TMPDIR": str(place)}
    with subprocess.Popen(
        command(place, text), env=env, start_new_session=True, stdout=subprocess.PIPE, **who
    ) as shell:
        for _ in range(200):
            if list(place.glob("mews-emulation.*/started")):
                break
            time.sleep(0.02)
        os.killpg(shell.pid, signal.SIGTERM)
        assert shell.wait(10) == 143
    assert [one.name for one in place.iterdir()] == ["emulate.sh"]


def test_odd_titles_and_commands_stay_what_they_are(place):
    odd = 'it\'s\n# "$(touch made)" `touch made`\u202e\r; touch made'
    done = run(place, script(odd, [odd], [Step(odd, "echo 'it'\"'\"'s \"fine\"' # note")]))
    assert done.returncode == 0
    assert 'it\'s "fine"' in done.stdout
    assert not (place / "made").exists()
    assert "\u202e" not in done.stdout


def test_every_built_in_emulation_is_a_script_for_sh(place):
    text = script("All", [], [Step(one.title, one.emulation) for one in queries.all()])
    checked = subprocess.run(["sh", "-n"], input=text, text=True, capture_output=True)
    assert (checked.returncode, checked.stderr) == (0, "")
    wild = [one.id for one in queries.all() for part in one.emulation.split(";") if "rm " in part and "*" in part]
    assert wild == [], "a wildcard may take what somebody else put there"


PLAYED = (
    "t1490-rm-recursive-force", "t1490-journal-off", "t1030-split", "t1070-009-clear-persistence",
    "t1564-001-hidden-files", "t1003-gcore-dump", "t1053-003-crontab-edit",
)  # fmt: skip


def test_rules_of_the_wizard_are_played_for_real(place):
    steps = [Step(one, queries.get(one).emulation) for one in PLAYED]
    before = set(os.listdir("/tmp"))
    done = run(place, script("Some", [], steps))
    assert done.returncode == 0
    assert done.stdout.count("ended with") == len(PLAYED)
    assert {name for name in set(os.listdir("/tmp")) - before if "mews" in name and "test" not in name} == set()
