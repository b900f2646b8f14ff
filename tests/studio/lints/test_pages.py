"""The page of all findings, the page of each, and the team's switches."""

from __future__ import annotations

import html
import re

import pytest

from rules_export.lints.registry import lints
from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.lints import queries, services
from studio.lints.models import SwitchedOff
from studio.lints.services import NoSuchLintError

pytestmark = pytest.mark.django_db

CODE = "MEWS_DESC_PERIOD"


@pytest.fixture
def maintainer(client, people):
    client.force_login(people.mai)
    return client


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_it_lists_every_lint_by_family(signed_in):
    page = text(signed_in.get("/lints/"))
    assert f"{len(lints())} findings, none switched off" in page
    assert all(one.code in page for one in lints())
    assert "Values that a field never has" in page
    assert "takes the role Maintainer" in page
    assert "/switch/" not in page


@pytest.mark.parametrize(
    ("asked", "has", "lacks"),
    [
        ({"q": "double negation"}, "MEWS_DOUBLE_NEGATION", "MEWS_DESC_PERIOD"),
        ({"q": "MEWS_DESC_P"}, "MEWS_DESC_PERIOD", "MEWS_DESC_SHORT"),
        ({"kind": "warning"}, "MEWS_CONTRADICTION", "MEWS_DESC_PERIOD"),
        ({"kind": "safe"}, "MEWS_DESC_PERIOD", "MEWS_DOUBLE_NEGATION"),
        ({"kind": "fix"}, "MEWS_DOUBLE_NEGATION", "MEWS_CONTRADICTION"),
        ({"kind": "off"}, "Show all", "MEWS_DESC_PERIOD"),
        ({"kind": "nonsense", "q": "\x00"}, "MEWS_DESC_PERIOD", "Show all"),
    ],
)
def test_it_is_searched_and_filtered(signed_in, asked, has, lacks):
    page = text(signed_in.get("/lints/", asked)).partition('id="lints"')[2]
    assert has in page
    assert lacks not in page


@pytest.mark.parametrize("one", lints()[::9], ids=lambda one: one.code)
def test_it_explains_each(signed_in, one):
    page = text(signed_in.get(f"/lints/{one.code}/"))
    assert one.title.replace("`", "") in re.sub(r"</?code>", "", page)
    assert one.hint.replace("`", "") in re.sub(r"</?code>", "", page)
    assert "It complains about" in page


def test_it_shows_what_a_fix_makes_of_the_bad_example(signed_in):
    page = text(signed_in.get("/lints/MEWS_DUPLICATE_CLAUSE/"))
    assert "The fix: Leave the repetition out" in page
    assert "and proc.name = systemctl</code>" in page
    assert "A safe fix" in page


@pytest.mark.parametrize("code", ["LOAD_NO_EVTTYPE", "MEWS_NO_SUCH", "x" * 200])
def test_it_knows_no_page_for_what_is_not_the_studios(maintainer, code):
    assert maintainer.get(f"/lints/{code}/").status_code == 404
    assert maintainer.post(f"/lints/{code}/switch/", {"reason": "Not for us"}).status_code == 404


@pytest.mark.parametrize("htmx", [False, True])
def test_a_maintainer_switches_it_off_with_a_reason_and_on_again(maintainer, people, htmx):
    headers = {"HX-Request": "true"} if htmx else {}
    answer = maintainer.post(f"/lints/{CODE}/switch/", {"reason": " We write notes. "}, headers=headers)
    assert answer.status_code == (200 if htmx else 302)
    assert queries.off(people.team.pk)[CODE].reason == "We write notes."
    assert not queries.off(people.other_team.pk)
    page = text(maintainer.get("/lints/", {"kind": "off"}))
    assert "1 switched off" in page
    assert "We write notes." in page
    assert "Mai Maintainer" in page
    entry = JournalEntry.objects.get(verb="lint.switched_off")
    assert (entry.target, entry.details["reason"], entry.actor) == (CODE, "We write notes.", str(people.mai))
    maintainer.post(f"/lints/{CODE}/switch/", {"to": "on"}, headers=headers)
    maintainer.post(f"/lints/{CODE}/switch/", {"to": "on"}, headers=headers)
    assert not SwitchedOff.objects.exists()
    assert JournalEntry.objects.filter(verb="lint.switched_on").count() == 1


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("reason", ["", "   ", "no", "x" * 301])
def test_it_asks_for_a_reason(maintainer, reason, htmx):
    headers = {"HX-Request": "true"} if htmx else {}
    answer = maintainer.post(f"/lints/{CODE}/switch/", {"reason": reason}, headers=headers)
    assert answer.status_code == 422
    assert "aria-invalid" in text(answer)
    assert ("<h1" in text(answer)) is not htmx
    assert not SwitchedOff.objects.exists()


def test_its_service_guards_itself(people):
    with pytest.raises(RoleNeeded):
        services.switch_off(people.team, people.rui, CODE, "Not for us")
    with pytest.raises(NoSuchLintError):
        services.switch_off(people.team, people.mai, "LOAD_NO_EVTTYPE", "Not for us")
    with pytest.raises(ValueError, match="reason"):
        services.switch_off(people.team, people.mai, CODE, " ")
    with pytest.raises(RoleNeeded):
        services.switch_on(people.team, people.rui, CODE)
    first = services.switch_off(people.team, people.mai, CODE, "Not for us")
    assert services.switch_off(people.team, people.ann, CODE, "Still not").pk == first.pk


def test_the_search_over_everything_finds_it(signed_in):
    assert "/lints/MEWS_DOUBLE_NEGATION/" in text(signed_in.get("/search/", {"q": "double negation"}))
