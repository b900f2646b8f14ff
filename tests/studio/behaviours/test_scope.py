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


def test_it_never_falls_behind_what_was_reached() -> None:
    accounts = scope.accounts()
    assert len(queries.all()) >= 330
    assert sum(bool(account.own) for account in accounts) >= 250
    assert sum(bool(account.reason) for account in accounts) <= 50


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


def test_it_reports_the_same_page_every_time() -> None:
    page = report.page()
    assert page == report.page()
    for heading in ("By tactic", "Noise on ordinary life", "Whose clauses fire", "Behaviours by technique"):
        assert heading in page
    assert "None: every technique in scope is accounted for." in page
