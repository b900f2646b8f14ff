"""The order of tags, and ATT&CK's."""

from __future__ import annotations

import pytest

from rules_export.catalog import tags
from rules_export.catalog.tags import TagKind

TACTICS = {"T1490": ["impact"], "T1543": ["persistence", "privilege-escalation"], "T1562.001": ["defense-impairment"]}
MATRIX = ["execution", "persistence", "privilege-escalation", "stealth", "defense-impairment", "impact"]


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("maturity_stable", TagKind.MATURITY),
        ("host", TagKind.WORKLOAD),
        ("filesystem", TagKind.ACTIVITY),
        ("mitre_impact", TagKind.TACTIC),
        ("T1059.004", TagKind.TECHNIQUE),
        ("TA0005", TagKind.TECHNIQUE),
        ("T10590", TagKind.OTHER),
        ("PCI_DSS_11.5.1", TagKind.COMPLIANCE),
        ("NIST_800-53_AC-2", TagKind.COMPLIANCE),
        ("inhibit_system_recovery", TagKind.OTHER),
    ],
)
def test_it_tells_tags_apart(tag: str, kind: TagKind) -> None:
    assert tags.kind(tag) is kind


@pytest.mark.parametrize(
    ("given", "ordered"),
    [
        (["T1490", "mitre_impact"], ["mitre_impact", "T1490"]),
        (["mitre_impact", "inhibit_system_recovery", "T1490"], ["mitre_impact", "inhibit_system_recovery", "T1490"]),
        (["container", "host", "maturity_sandbox"], ["maturity_sandbox", "host", "container"]),
        (["ours", "PCI_DSS_10.2.5", "network", "T1046", "T1046"], ["ours", "network", "T1046", "PCI_DSS_10.2.5"]),
        ([], []),
    ],
)
def test_it_orders_tags_as_the_ecosystem_does(given: list[str], ordered: list[str]) -> None:
    assert tags.order(given) == tuple(ordered)
    assert tags.in_order(ordered)
    assert tags.in_order(given) == (list(dict.fromkeys(given)) == ordered)


def test_it_derives_attack_tags_in_the_order_of_the_matrix() -> None:
    assert tags.attack_tags(["T1490", "T1543.002"], TACTICS, MATRIX) == (
        "mitre_persistence",
        "mitre_privilege_escalation",
        "mitre_impact",
        "T1490",
        "T1543.002",
    )


def test_it_names_a_tactic_from_its_short_or_full_name() -> None:
    assert tags.tactic_tag("command-and-control") == tags.tactic_tag("Command and Control")
    assert tags.tactic_of("mitre_command_and_control") == "command-and-control"
    assert tags.tactic_of("host") is None


def test_it_reads_the_tactics_of_both_attack_versions() -> None:
    assert tags.same_tactic("defense-evasion", "stealth")
    assert tags.same_tactic("defense-impairment", "defense-evasion")
    assert not tags.same_tactic("stealth", "defense-impairment")
