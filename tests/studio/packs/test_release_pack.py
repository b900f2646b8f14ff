"""A job releases a pack from the command line, and learns by the exit code whether that went well."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from studio.packs import pack_services
from studio.packs.models import Release
from tests.studio.packs.test_releases import own_folder, pack, rule  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
MAI = ("--by", "mai@harbour.example")


def run(*options: str) -> tuple[str, str]:
    out, said = io.StringIO(), io.StringIO()
    call_command("release_pack", "harbour", *options, stdout=out, stderr=said)
    return out.getvalue(), said.getvalue()


def test_it_releases_under_the_version_that_the_changes_ask_for(people, pack):  # noqa: F811
    out, _ = run(*MAI)
    assert out.startswith("harbour 1.0.0: 1 rule, ")
    assert Release.objects.get().made_by == people.mai
    pack_services.add(pack, people.ada, [rule(people, name="Another rule", condition="evt.type = execve").pk])
    _, said = run(*MAI, "--dry-run")
    assert "minor: Another rule: The rule is new." in said
    assert Release.objects.count() == 1
    out, _ = run(*MAI, "--version", "2.0.0-rc.1", "--changelog", "Try it.")
    assert out.startswith("harbour 2.0.0-rc.1: 2 rules, ")
    assert Release.objects.get(version="2.0.0-rc.1").changelog == "Try it."


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--by", "nobody@harbour.example"), "Nobody has the address"),
        (("--by", "ada@harbour.example"), "maintainer"),
        ((*MAI, "--version", "1"), "no semantic version"),
        ((*MAI, "--team", "inland"), "no pack harbour"),
    ],
)
def test_it_says_why_not(people, pack, options, says):  # noqa: F811
    with pytest.raises(CommandError, match=f"(?i){says}"):
        run(*options)
    assert not Release.objects.exists()


def test_it_wants_a_reason_for_what_nobody_approved(people, pack):  # noqa: F811
    pack_services.add(pack, people.ada, [rule(people, approved=False, name="Raw", condition="evt.type = kill").pk])
    for options in (MAI, (*MAI, "--dry-run")):
        with pytest.raises(CommandError, match=r"Nobody approved Raw|cannot be released"):
            run(*options)
    out, _ = run(*MAI, "--exception", "The incident cannot wait.")
    assert "2 rules" in out


def test_it_says_that_the_key_cannot_sign_and_leaves_no_release_half_made(people, pack, monkeypatch):  # noqa: F811
    monkeypatch.setenv("SIGNING_KEY", "nonsense")
    with pytest.raises(CommandError, match=r"could not be signed\. The signing key is no private key"):
        run(*MAI)
    assert [one.state for one in Release.objects.all()] == ["failed"]
    monkeypatch.delenv("SIGNING_KEY")
    out, _ = run(*MAI)
    assert out.startswith("harbour 1.0.0: ")
    _, said = run(*MAI, "--dry-run")
    assert "nothing changed in meaning since 1.0.0" in said
