"""Which release knows what."""

from __future__ import annotations

import pytest

from rules_export.catalog import versions


def test_it_lists_the_releases_from_old_to_new() -> None:
    engines = [versions.numbers(release.engine) for release in versions.RELEASES]
    assert engines == sorted(engines)
    assert versions.NEWEST.engine == "0.63.0"


@pytest.mark.parametrize(
    ("kind", "name", "falco", "there"),
    [
        ("field", "proc.name", "0.35", True),
        ("field", "proc.is_exe_from_memfd", "0.35", False),
        ("field", "proc.is_exe_from_memfd", "0.36.2", True),
        ("field", "container.label", "0.40", False),
        ("field", "container.id", "0.40", True),
        ("field", "syslog.message", "0.40", True),
        ("field", "syslog.message", "0.41", False),
        ("field", "no.such", "0.44", False),
        ("operator", "regex", "0.38", False),
        ("operator", "regex", "0.39", True),
        ("modifier", "anyof", "0.43", False),
        ("transformer", "basename", "0.39", True),
        ("event_type", "mseal", "0.38", False),
        ("exit_arg", "openat2.dev", "0.37", False),
        ("exit_arg", "openat2.dev", "0.38", True),
        ("item_key", "rule.capture", "0.41", False),
        ("override_key", "rule.append.condition", "0.36", False),
        ("override_key", "rule.append.condition", "0.37", True),
    ],
)
def test_it_knows_what_a_release_knows(kind: str, name: str, falco: str, there: bool) -> None:
    assert versions.available(kind, name, falco) is there


def test_it_finds_a_release_by_falco_or_engine() -> None:
    assert versions.release("0.62.0") == versions.release("0.44.1") == versions.release("0.44")
    with pytest.raises(KeyError, match=r"No release 0\.12"):
        versions.release("0.12")


def test_it_tells_which_plugin_brings_a_field() -> None:
    assert versions.plugin_of_field("k8s.ns.name") == ("container", "0.1.0")
    assert versions.plugin_of_field("ka.verb") == ("k8saudit", "0.1.0")
    assert versions.plugin_of_field("proc.name") is None
    assert versions.plugin_of_source("k8s_audit") == "k8saudit"


def test_it_names_the_system_calls_that_falco_does_not_watch() -> None:
    assert "recvmmsg" in versions.ignored_by_default("0.39")
    assert "recvmmsg" not in versions.ignored_by_default("0.40")
