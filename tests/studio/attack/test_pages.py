"""The pages of the ATT&CK room."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.urls import reverse

from studio.attack.filters import Filters

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def test_the_matrix_shows_linux_and_containers_at_first(signed_in, catalogue):
    page = text(signed_in.get(reverse("attack:matrix")))
    assert "T9001.001" in page
    assert "Moult" not in page
    assert "© The MITRE Corporation" in page


def test_the_matrix_shows_every_platform_when_asked(signed_in, catalogue):
    assert "Moult" in text(signed_in.get(reverse("attack:matrix"), {"platform": "all"}))


def test_the_list_searches_within_the_filters(signed_in, catalogue):
    page = text(signed_in.get(reverse("attack:list"), {"q": "moult"}))
    assert "Search all platforms and tactics" in page
    assert "T9002" in text(signed_in.get(reverse("attack:list"), {"q": "moult", "platform": "Windows"}))


@pytest.mark.parametrize("name", ["attack:matrix", "attack:list"])
def test_a_search_for_a_retired_technique_points_to_its_successor(name, signed_in, catalogue):
    page = text(signed_in.get(reverse(name), {"q": "t9004"}))
    assert "revoked" in page
    assert reverse("attack:technique", args=["T9001"]) in page


@pytest.mark.parametrize("name", ["attack:matrix", "attack:list"])
@pytest.mark.parametrize(
    "query",
    [
        "?page=99",
        "?page=x",
        "?tactic=nowhere",
        "?platform=%00",
        "?q=%00%27%22%3Cscript%3E",
        "?q=" + "a" * 3000,
        "?q=%F0%9F%90%A6",
    ],
)
def test_it_stands_strange_addresses(name, query, signed_in, catalogue):
    response = signed_in.get(reverse(name) + query)
    assert response.status_code == 200
    assert "<script>" not in text(response).replace('<script type="module"', "")


@pytest.mark.parametrize("name", ["attack:matrix", "attack:list"])
def test_it_says_what_to_do_before_the_first_load(name, signed_in):
    assert "manage.py sync_attack" in text(signed_in.get(reverse(name)))


def test_the_technique_page_tells_everything(signed_in, catalogue):
    page = text(signed_in.get(reverse("attack:technique", args=["T9001"])))
    for words in (
        "Perch in a made-up release",
        "Arrival",
        "Nesting",
        "mitre_arrival",
        "Stoop",
        "Watch perches",
        "Wing Beat",
        "How high it sits",
        "Magpies sit.",
        "Hood",
        "Netting",
        "A net helps.",
        "https://attack.mitre.org/x/T9001",
        "T9003",
    ):
        assert words in page, words
    assert "1 analytic for other platforms" in page


def test_the_technique_page_asks_few_queries(signed_in, catalogue, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        signed_in.get(reverse("attack:technique", args=["T9001"]))


def test_a_retired_technique_points_to_what_took_its_place(signed_in, catalogue):
    page = text(signed_in.get(reverse("attack:technique", args=["T9004"])))
    assert "took its place" in page
    assert reverse("attack:technique", args=["T9001"]) in page
    assert "Start a rule" not in page
    assert "MITRE names no successor" in text(signed_in.get(reverse("attack:technique", args=["T9005"])))


def test_it_corrects_the_spelling_of_an_identifier(signed_in, catalogue):
    response = signed_in.get(reverse("attack:technique", args=["t9001.001"]))
    assert response.headers["Location"] == reverse("attack:technique", args=["T9001.001"])


@pytest.mark.parametrize(("kind", "attack_id"), [("technique", "T0"), ("group", "G0"), ("software", "x" * 300)])
def test_it_says_what_is_not_in_the_catalogue(kind, attack_id, signed_in, catalogue):
    response = signed_in.get(reverse(f"attack:{kind}", args=[attack_id]))
    assert response.status_code == 404
    assert "is not in the catalogue" in text(response)


def test_groups_and_software_have_pages(signed_in, catalogue):
    group = text(signed_in.get(reverse("attack:group", args=["G9001"])))
    assert "Also known as Thieves." in group
    assert "Magpies sit." in group
    assert reverse("attack:software", args=["S9001"]) in group
    assert "Rook moults." in text(signed_in.get(reverse("attack:software", args=["S9001"])))


def test_a_long_list_of_users_is_shown_on_request(signed_in, catalogue, monkeypatch):
    monkeypatch.setattr("studio.attack.views.SHOWN_USES", 0)
    address = reverse("attack:technique", args=["T9001"])
    assert "Show all 1" in text(signed_in.get(address))
    assert "Magpies sit." in text(signed_in.get(address, {"uses": "all"}))


def test_strangers_are_asked_to_sign_in(client, catalogue):
    assert client.get(reverse("attack:matrix")).status_code == 302


def test_the_search_over_everything_finds_techniques(rf, catalogue):
    from django.apps import apps

    hits = apps.get_app_config("attack").search(rf.get("/"), "stoop")
    assert [(hit.title, hit.detail) for hit in hits] == [("T9001.001 Perch: Stoop", "Arrival")]


@pytest.mark.parametrize(
    ("query", "on", "again"),
    [
        ("", {"Linux", "Containers"}, ""),
        ("platform=all", {"All platforms"}, "?platform=all"),
        ("platform=Windows&q=x", {"Windows"}, "?q=x&platform=Windows"),
        ("platform=Nowhere", {"Linux", "Containers"}, ""),
    ],
)
def test_the_address_says_which_platforms_are_on(query, on, again, catalogue):
    filters = Filters.of(QueryDict(query))
    assert {chip.label for chip in filters.platform_chips if chip.on} == on
    assert filters.query == again


def test_a_chip_switches_one_filter_over(catalogue):
    chips = {chip.label: chip.url for chip in Filters.of(QueryDict("q=x")).platform_chips}
    assert chips["Linux"] == "?q=x&platform=Containers"
    assert chips["Windows"] == "?q=x&platform=Linux&platform=Containers&platform=Windows"
    only = {chip.label: chip.url for chip in Filters.of(QueryDict("platform=Linux")).platform_chips}
    assert only["Linux"] == "?platform=all"
    assert only["Containers"] == "?"
    tactics = {chip.label: chip.url for chip in Filters.of(QueryDict("tactic=impact")).tactic_chips}
    assert (tactics["Impact"], tactics["Arrival"]) == ("?", "?tactic=arrival")


def test_authors_start_a_rule_from_a_technique_and_viewers_do_not(client, people, catalogue, monkeypatch):
    monkeypatch.setattr("studio.attack.views._address", lambda name: f"/at/{name}/")
    shown = {}
    for person in (people.ada, people.vic):
        client.force_login(person)
        shown[person] = text(client.get(reverse("attack:technique", args=["T9001"])))
    assert 'action="/at/authoring:create/"' in shown[people.ada]
    assert 'name="technique" value="T9001"' in shown[people.ada]
    assert "Start a rule" not in shown[people.vic]
