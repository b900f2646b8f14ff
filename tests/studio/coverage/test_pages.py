"""The matrix of what the team's rules catch, on a catalogue of birds."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.api import tokens
from studio.authoring.services import create
from studio.behaviours.own import services as own
from studio.coverage import queries
from studio.packs import pack_services
from studio.review.models import Revision
from studio.review.services import content_hash
from tests.studio.attack.conftest import birds, catalogue  # noqa: F401 - a fixture
from tests.studio.behaviours.own import record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

URL = "/coverage/"


def draft(people, *techniques: str, title: str = "A rule"):
    made = create(people.team, people.ada)
    made.content = {**made.content, "techniques": list(techniques), "tags": list(techniques), "name": title}
    made.title, made.techniques = title, " ".join(techniques)
    made.save()
    return made


def revision(people, made, state: str = "in_review"):
    number = Revision.objects.filter(draft=made).count() + 1
    about = {"content": made.content, "content_hash": content_hash(made.content), "yaml": "", "name": made.title}
    about |= {"approved_at": timezone.now()} if state == "approved" else {}
    return Revision.objects.create(
        team=people.team, draft=made, number=number, state=state, handed_in_by=people.ada, **about
    )


def levels(client, query: str = "") -> dict[str, str]:
    text = client.get(f"{URL}table.csv{query}").content.decode("utf-8-sig")
    return {row["Technique"]: row["Level"] for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture(autouse=True)
def little_library(monkeypatch):
    monkeypatch.setattr(queries, "built_in", lambda: {"T9001.001": ["stoop-fast"], "T9002": ["moult"]})


def test_it_shows_how_far_each_technique_is(signed_in, people):
    assert levels(signed_in) == {"T9001": "Can begin", "T9001.001": "Can begin"}
    made = draft(people, "T9001.001")
    assert levels(signed_in) == {"T9001": "Draft", "T9001.001": "Draft"}
    revision(people, made)
    assert levels(signed_in) == {"T9001": "In review", "T9001.001": "In review"}


def disable(made):
    made.content = {**made.content, "enabled": False}
    made.save()


def test_a_disabled_rule_is_no_coverage_but_a_level_of_its_own(signed_in, people):
    made = draft(people, "T9001.001", title="Stoop seen")
    disable(made)
    assert levels(signed_in) == {"T9001": "Disabled", "T9001.001": "Disabled"}
    approved = revision(people, made, "approved")
    assert [str(one.standing) for one in queries.rules(people.team)] == ["disabled"]
    page = signed_in.get(f"{URL}?platform=all").content.decode()
    assert "1 disabled rule does not count" in page
    assert 'class="coverage-disabled"' in page
    assert re.search(r"Rules cover <strong>0</strong> of", page)
    assert levels(signed_in, "?show=covered") == {}
    assert levels(signed_in, "?show=gaps") == {"T9001": "Disabled", "T9001.001": "Disabled"}
    gaps = page.partition('id="gaps-title"')[2]
    assert "T9001.001" in gaps, "a technique with disabled rules only is a gap"
    table = signed_in.get(f"{URL}table.csv").content.decode("utf-8-sig")
    [stoop] = [row for row in csv.DictReader(io.StringIO(table)) if row["Technique"] == "T9001.001"]
    assert (stoop["Approved"], stoop["Disabled"], stoop["Rules"]) == ("0", "1", "Stoop seen (disabled)")
    layer = json.loads(signed_in.get(f"{URL}layer.json").content)
    [cell] = [one for one in layer["techniques"] if one["techniqueID"] == "T9001.001"]
    assert (cell["score"], cell["comment"]) == (2, "1 disabled")
    assert cell["metadata"] == [{"name": "Disabled", "value": "Stoop seen"}]
    assert "2 disabled" in layer["description"]
    assert "Disabled: 2" in signed_in.get(f"{URL}matrix.svg").content.decode()
    Revision.objects.filter(pk=approved.pk).update(state="superseded")
    made.content = {**made.content, "enabled": True}
    made.save()
    assert levels(signed_in)["T9001.001"] == "Draft"


def test_a_disabled_approval_does_not_hide_a_newer_revision_that_is_enabled(people):
    made = draft(people, "T9001")
    disable(made)
    revision(people, made, "approved")
    made.content = {**made.content, "enabled": True}
    revision(people, made)
    assert [str(one.standing) for one in queries.rules(people.team)] == ["in_review"]


def test_a_pack_that_disables_a_rule_does_not_cover_its_techniques(signed_in, people):
    on, off = draft(people, "T9001.001", title="On"), draft(people, "T9002", title="Off")
    disable(on)
    pack = pack_services.create(people.team, people.ada, name="birds", title="Birds")
    pack_services.add(pack, people.ada, [on.pk, off.pk])
    pack.members.filter(draft=on).update(switch="on")
    pack.members.filter(draft=off).update(switch="off")
    address = reverse("packs:coverage_file", args=["birds", "table.csv"])
    rows = csv.DictReader(io.StringIO(signed_in.get(f"{address}?platform=all").content.decode("utf-8-sig")))
    found = {row["Technique"]: row["Level"] for row in rows}
    assert (found["T9001.001"], found["T9002"]) == ("Draft", "Disabled")


def test_programs_are_told_which_rules_count(client, people):
    disable(draft(people, "T9001.001", title="Stoop seen"))
    draft(people, "T9001", title="Sings")
    _, secret = tokens.make(people.ada, people.team, "Test", [], 1)
    answer = client.get("/api/v1/coverage?platform=all", headers={"authorization": f"Bearer {secret}"}).json()
    cells = {one["id"]: one for one in answer["cells"]}
    assert (cells["T9001.001"]["level"], cells["T9001.001"]["rules"]) == ("disabled", [])
    assert cells["T9001.001"]["disabled"] == ["Stoop seen"]
    assert (cells["T9001"]["rules"], cells["T9001"]["disabled"]) == (["Sings"], ["Stoop seen"])
    assert (answer["rules"]["disabled"], answer["rules"]["draft"], answer["covered"]) == (1, 1, 1)


def test_it_counts_no_rule_twice_and_none_of_others(signed_in, people):
    made = draft(people, "T9001")
    revision(people, made, "superseded")
    revision(people, made)
    gone = draft(people, "T9001")
    gone.deleted_at = gone.updated
    gone.save()
    other = create(people.other_team, people.sam)
    other.techniques = "T9001"
    other.save()
    assert [(one.name, str(one.standing)) for one in queries.rules(people.team)] == [("A rule", "in_review")]


def test_it_takes_what_was_withdrawn_for_a_draft(people):
    revision(people, draft(people, "T9001"), "withdrawn")
    assert [str(one.standing) for one in queries.rules(people.team)] == ["draft"]


def test_it_counts_behaviours_of_the_team_once_they_are_approved(signed_in, people):
    version = own.create(people.team, people.ada, record(techniques=["T9001"]))
    assert "T9001" not in queries.behaviours(people.team)
    own.hand_in(version.pk, people.team, people.ada, version.edition)
    approved = own.approve(version.pk, people.team, people.rui, version.digest)
    assert queries.behaviours(people.team)["T9001"] == [approved.reference]
    assert "T9001" not in queries.behaviours(people.other_team)
    rows = csv.DictReader(io.StringIO(signed_in.get(f"{URL}table.csv").content.decode("utf-8-sig")))
    assert {row["Technique"]: row["Behaviours"] for row in rows} == {"T9001": "2", "T9001.001": "1"}


def test_it_says_so_in_words(signed_in, people):
    draft(people, "T9001.001")
    page = signed_in.get(URL).content.decode()
    assert "Rules cover <strong>2</strong> of <strong>2</strong> techniques: 0 approved, 0 in review, 1 draft." in page
    assert '<span class="coverage-words"><span class="visually-hidden">, </span>1 draft</span>' in page
    assert 'aria-label="Coverage: one column for each tactic"' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?platform=all", {"T9001", "T9001.001", "T9002"}),
        ("?platform=Windows", {"T9001", "T9002"}),
        ("?q=stoop", {"T9001.001"}),
        ("?show=covered", {"T9001"}),
        ("?show=gaps&platform=all", {"T9001.001", "T9002"}),
        ("?against=magpies", {"T9001"}),
        ("?against=Thieves", {"T9001"}),
        ("?against=s9001&platform=all", {"T9002"}),
        ("?against=nobody", {"T9001", "T9001.001"}),
        ("?show=%00&platform=nowhere&against=%00&tactic=x", {"T9001", "T9001.001"}),
    ],
)
def test_it_shows_what_the_address_asks_for(signed_in, people, query, found):
    draft(people, "T9001")
    assert set(levels(signed_in, query)) == found
    assert signed_in.get(URL + query).status_code == 200


def test_it_measures_against_a_group(signed_in):
    page = signed_in.get(f"{URL}?against=Magpies").content.decode()
    assert "Coverage against Magpies" in page
    assert "uses <strong>1</strong> technique shown here; rules cover <strong>0</strong> of them." in page
    assert "Magpies sit." in page


def test_it_tells_what_a_group_uses_elsewhere(signed_in):
    page = signed_in.get(f"{URL}?against=Rook").content.decode()
    assert "None of its techniques is here" in page
    assert "?platform=all&amp;against=Rook" in page


def test_it_asks_which_group_is_meant(signed_in):
    page = signed_in.get(f"{URL}?against=oo&platform=Windows").content.decode()
    assert "?platform=Windows&amp;against=S9001" in page
    assert "S9002 Hood" in page
    assert "The catalogue knows no group or software" in signed_in.get(f"{URL}?against=xyz").content.decode()


def test_it_keeps_everything_asked_in_every_chip(signed_in):
    page = signed_in.get(f"{URL}?q=perch&against=Magpies&show=gaps").content.decode()
    assert 'href="?q=perch&amp;platform=Linux&amp;against=Magpies&amp;show=gaps"' in page
    assert 'href="/coverage/layer.json?q=perch&amp;against=Magpies&amp;show=gaps"' in page


def test_it_offers_to_write_the_missing_rule(client, people):
    client.force_login(people.ada)
    page = client.get(f"{URL}?platform=all").content.decode()
    assert f'action="{reverse("authoring:create")}"' in page
    client.force_login(people.vic)
    assert "Write a rule" not in client.get(f"{URL}?platform=all").content.decode()


def test_it_makes_a_layer_that_mitres_reader_takes(signed_in, people):
    from mitreattack.navlayers.core.layer import Layer

    draft(people, "T9001.001", title="Stoop seen")
    answer = signed_in.get(f"{URL}layer.json?platform=all")
    told = json.loads(answer.content)
    assert Layer(told, strict=True).to_dict() is not None
    assert answer["Content-Disposition"] == 'attachment; filename="coverage-layer.json"'
    stoop = next(one for one in told["techniques"] if one["techniqueID"] == "T9001.001")
    assert (stoop["score"], stoop["comment"]) == (3, "1 draft")
    assert stoop["metadata"] == [{"name": "Draft", "value": "Stoop seen"}]


def test_it_makes_a_spreadsheet(signed_in, people):
    from openpyxl import load_workbook

    draft(people, "T9001.001", title="=1+1")
    answer = signed_in.get(f"{URL}table.xlsx?platform=all")
    assert answer["Content-Disposition"] == 'attachment; filename="coverage.xlsx"'
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Techniques", "Tactics", "Gaps"]
    rows = [list(row) for row in book["Techniques"].iter_rows(values_only=True)]
    stoop = next(row for row in rows if row[0] == "T9001.001")
    assert (stoop[3], stoop[6], stoop[9]) == ("Draft", 1, "=1+1")
    assert book["Techniques"].cell(rows.index(stoop) + 1, 10).data_type == "s", "a name became a formula"
    assert book["Gaps"].cell(2, 1).value == "T9002"


def test_it_makes_a_picture_that_stands_by_itself(signed_in, people):
    from xml.etree import ElementTree

    draft(people, "T9001.001", title="<b>&")
    answer = signed_in.get(f"{URL}matrix.svg?platform=all&against=Magpies")
    assert answer["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(answer.content)
    titles = [one.text for one in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[0] == "Harbour: coverage against Magpies"
    assert any("T9001" in one and "Draft, 1 draft" in one for one in titles[1:])
    assert signed_in.get(f"{URL}nothing.pdf").status_code == 404


def test_it_asks_the_database_a_fixed_number_of_questions(signed_in, people, django_assert_max_num_queries):
    for number in range(20):
        revision(people, draft(people, "T9001", title=f"Rule {number}"))
    with django_assert_max_num_queries(27):
        signed_in.get(f"{URL}?platform=all&against=Magpies")


def test_it_is_for_members_only(client, people):
    assert client.get(URL).status_code == 302
    client.force_login(people.vic)
    assert client.get(URL).status_code == 200


def test_it_says_what_to_do_without_a_catalogue(signed_in):
    from studio.attack.models import Catalogue

    Catalogue.objects.all().delete()
    assert b"No ATT&amp;CK catalogue is loaded" in signed_in.get(URL).content
