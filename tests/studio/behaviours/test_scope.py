"""All techniques of Linux and containers are accounted for, and the numbers only grow."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from studio.behaviours import export, queries, report, scope

SHARED = Path(os.environ.get("MEWS_SHARED", Path(__file__).parents[3] / "../shared"))
FACTS = SHARED / "attack/linux_container_techniques.csv"


def test_it_accounts_for_every_technique() -> None:
    accounts = scope.accounts()
    assert len(accounts) == 367
    assert [account.id for account in accounts if account.is_open] == []


#: What was reached; raise a number when the library grows, never lower one.
REACHED = {
    "initial-access": 36,
    "execution": 74,
    "persistence": 138,
    "privilege-escalation": 130,
    "defense-evasion": 214,
    "credential-access": 80,
    "discovery": 60,
    "lateral-movement": 31,
    "collection": 50,
    "command-and-control": 69,
    "exfiltration": 27,
    "impact": 90,
}


def test_it_never_falls_behind_what_was_reached() -> None:
    accounts, behaviours = scope.accounts(), queries.all()
    assert len(behaviours) >= 623
    assert sum(bool(account.own) for account in accounts) >= 344
    assert sum(bool(account.reason) for account in accounts) <= 22
    assert sum(len(behaviour.attack_events) for behaviour in behaviours) >= 1366
    assert sum(len(behaviour.benign_events) for behaviour in behaviours) >= 900
    assert sum(report.watches(behaviour) == "files" for behaviour in behaviours) >= 155
    assert sum(report.watches(behaviour) == "network" for behaviour in behaviours) >= 34
    tactics = {account.id: account.tactics for account in accounts}
    for tactic, least in REACHED.items():
        inside = [one for one in behaviours if any(tactic in tactics[technique] for technique in one.techniques)]
        assert len(inside) >= least, tactic


def test_it_names_only_techniques_in_scope() -> None:
    known = {attack_id for attack_id, _, _ in scope.techniques()}
    assert [technique for technique in queries.techniques() if technique not in known] == []
    assert [technique for technique in export.unobservable() if technique not in known] == []


def test_it_gives_reasons_that_name_another_source() -> None:
    for technique, reason in export.unobservable().items():
        assert len(reason) > 50, technique
        assert reason.endswith("."), technique


@pytest.mark.skipif(not FACTS.is_file(), reason="the team's shared facts are not beside the checkout")
def test_its_scope_is_the_one_of_the_catalogue() -> None:
    with FACTS.open(encoding="utf-8") as file:
        facts = [(row["id"], row["name"], tuple(row["tactics"].split("|"))) for row in csv.DictReader(file)]
    assert list(scope.techniques()) == facts


def test_the_page_in_docs_is_the_one_of_this_library() -> None:
    """Written by `make behaviours-report`; a change of the library without it fails here."""
    page = (Path(__file__).parents[3] / "docs" / "behaviours.md").read_text("utf-8")
    assert page == report.page()
    for heading in ("By tactic", "Noise on ordinary life", "Whose clauses fire", "Behaviours by technique"):
        assert heading in page
    assert "None: every technique in scope is accounted for." in page
