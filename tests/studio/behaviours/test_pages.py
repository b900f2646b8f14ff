"""The pages of the library: list, one behaviour, describe your own."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from studio.behaviours import queries
from studio.behaviours.records import Behaviour

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return html.unescape(response.content.decode())


def test_the_list_shows_cards_in_pages(signed_in):
    page = signed_in.get(reverse("behaviours:index"))
    assert page.status_code == 200
    assert queries.all()[0].title in text(page)
    assert f"of {len(queries.all())} behaviours" in text(page)


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ({"q": "dd overwrite"}, "Overwrite backups with dd", "List processes"),
        ({"technique": "T1490"}, "Delete whole trees by force", "Port knocking"),
        ({"technique": "t1548"}, "Write to sudoers", "Port knocking"),
        ({"noise": "high", "technique": "T1490"}, "Delete whole trees by force", "Make files immutable"),
        ({"technique": "T9999"}, "No behaviour of this technique yet", "Port knocking"),
        ({"q": "no-such-word"}, "No behaviour matches", "Port knocking"),
        ({"technique": "x'<script>", "noise": "loud", "page": "99", "q": "\x00"}, "behaviours", "<script>"),
    ],
)
def test_the_list_reads_its_filters_from_the_address(signed_in, query, shown, hidden):
    page = text(signed_in.get(reverse("behaviours:index"), query))
    assert shown in page
    assert hidden not in page


def test_the_tactic_narrows_by_the_catalogue(signed_in, monkeypatch):
    class Impact:
        slug, name = "impact", "Impact"

    monkeypatch.setattr("studio.attack.queries.tactics", lambda: [Impact])
    monkeypatch.setattr("studio.attack.queries.technique_tactics", lambda: {"T1490": {"impact"}})
    page = text(signed_in.get(reverse("behaviours:index"), {"tactic": "impact", "q": "backup"}))
    assert "Overwrite backups with dd" in page
    assert "Copy to or from removable media" not in page


@pytest.mark.any_database
def shape(behaviour: Behaviour) -> tuple[object, ...]:
    """What the page of a behaviour depends on: behaviours of one shape are shown alike."""
    looks = behaviour.look_alikes
    return (
        *sorted({parameter.kind for parameter in behaviour.parameters}),
        bool(behaviour.variants),
        bool(looks),
        any(look.exception for look in looks),
        behaviour.lowest_engine,
        {event.type for event in behaviour.attack_events} == {"execve"},
    )


def test_behaviours_of_every_shape_have_a_page(signed_in):
    shapes = {shape(behaviour): behaviour for behaviour in queries.all()}
    assert len(shapes) > 20
    for behaviour in shapes.values():
        page = signed_in.get(reverse("behaviours:detail", args=[behaviour.id]))
        assert page.status_code == 200, behaviour.id
        body = text(page)
        assert behaviour.kernel in body
        assert f"{behaviour.lowest_engine}, Falco 0." in body
        assert all(event.name in body for event in (*behaviour.attack_events, *behaviour.benign_events))


def test_a_page_shows_the_clause_with_the_parameters_of_the_address(signed_in):
    address = reverse("behaviours:detail", args=["t1490-disable-apport"])
    page = signed_in.get(address, {"p-service": "kdump.service"})
    assert page.status_code == 200
    assert "disable kdump.service" in text(page)


def test_a_page_refuses_parameters_in_words_and_keeps_the_clause(signed_in):
    address = reverse("behaviours:detail", args=["t1490-delete-backup-archives"])
    page = signed_in.get(address, {"p-tools": "rm", "p-paths": "backup"})
    assert page.status_code == 422
    assert "begin with /" in text(page)
    assert "/var/backups" in text(page)


def test_a_page_offers_variants(signed_in):
    address = reverse("behaviours:detail", args=["t1490-rm-recursive-force"])
    assert "icontains" in text(signed_in.get(address, {"p-option": "-rf", "p-variant": "backup-paths"}))
    assert signed_in.get(address, {"p-option": "-rf", "p-variant": "none"}).status_code == 422


def test_an_unknown_behaviour_is_not_found(signed_in):
    assert signed_in.get("/behaviours/t0000-none/").status_code == 404


def test_describing_proposes_clauses_without_and_with_htmx(signed_in):
    address = reverse("behaviours:describe")
    whole = signed_in.post(address, {"text": "sudo systemctl disable apport.service"})
    part = signed_in.post(address, {"text": "sudo systemctl disable apport.service"}, headers={"HX-Request": "true"})
    for page in (whole, part):
        assert page.status_code == 200
        assert "disable apport.service" in text(page)
    assert "<html" in text(whole)
    assert "<html" not in text(part)


def test_a_proposal_goes_to_the_lab_to_be_edited_and_tried(signed_in):
    page = signed_in.post(reverse("behaviours:describe"), {"text": "oddtool --wipe /srv/data"})
    posted = {
        name: re.search(f'name="{name}" value="([^"]+)"', page.content.decode())[1] for name in ("condition", "lines")
    }
    tried = signed_in.post(reverse("lab:index"), {name: html.unescape(value) for name, value in posted.items()})
    assert "1 of 1 event fired" in text(tried)
    assert "proc.name = oddtool" in text(tried)


@pytest.mark.parametrize(
    ("pasted", "status", "words"),
    [
        ("", 422, "This field is required"),
        ("x" * 70_000, 422, "at most 65536"),
        ("echo 'a", 200, "not closed"),
        ("\x00", 422, "Null characters"),
    ],
)
def test_describing_answers_bad_text_in_words(signed_in, pasted, status, words):
    page = signed_in.post(reverse("behaviours:describe"), {"text": pasted})
    assert page.status_code == status
    assert words in text(page)


def test_the_search_over_everything_finds_behaviours(signed_in):
    assert "Overwrite backups with dd" in text(signed_in.get(reverse("search"), {"q": "dd overwrite"}))


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(reverse("behaviours:index")).status_code == 302


def test_authors_may_begin_a_rule_from_a_behaviour_and_viewers_not(signed_in, client, people):
    address = reverse("behaviours:detail", args=["t1490-dd-overwrite"])
    assert "Start a rule from T1490" in text(signed_in.get(address))
    client.force_login(people.vic)
    assert "Start a rule" not in text(client.get(address))
