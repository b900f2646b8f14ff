"""Notices by mail: at once, once a day, never."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from studio.accounts.models import Letter, Membership
from studio.notices import mailing
from studio.notices.models import Kind, Notice, Way
from studio.notices.services import mark_read, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(settings: Any) -> None:
    """A house with a mail server. What letters hold is looked at before the worker takes them."""
    settings.EMAIL_HOST, settings.PUBLIC_URL = "mail.example", "https://mews.example"


def tell(people, kind=Kind.COMMENT, text="Rui commented on A & <b>", to=None):
    send(people.team, to or [people.ada], people.rui, kind, text, "/reviews/1/", "Why <i>?")


def test_what_somebody_waits_for_goes_at_once_the_rest_once_a_day(people, post):
    tell(people, Kind.CHANGES)
    tell(people, Kind.COMMENT)
    letter = Letter.objects.get()
    assert letter.to == people.ada.email
    assert "Rui commented on A & <b>." in letter.text
    assert "https://mews.example/reviews/1/" in letter.text
    assert "A &amp; &lt;b&gt;" in letter.html
    assert "<i>" not in letter.html
    assert mailing.send_digests() == 1
    assert mailing.send_digests() == 0
    assert Letter.objects.count() == 2


def test_a_digest_gathers_by_team_and_leaves_out_what_was_read(people, post):
    Membership.objects.create(user=people.ada, team=people.other_team, role="author")
    for number in range(3):
        tell(people, text=f"Number {number}")
    send(people.other_team, [people.ada], people.sam, Kind.HANDED_IN, "Inland's", "/reviews/9/")
    mark_read(people.ada, people.team, Notice.objects.get(text="Number 1").pk)
    call_command("send_digests")
    letter = Letter.objects.get()
    assert letter.subject == "3 notices in Mews"
    assert "Number 1" not in letter.text
    assert letter.text.index("Harbour") < letter.text.index("Number 2") < letter.text.index("Inland")


def test_who_left_or_was_closed_out_gets_nothing(people, post):
    tell(people, to=[people.ada, people.vic])
    Membership.objects.filter(user=people.ada).delete()
    people.vic.is_active = False
    people.vic.save()
    assert mailing.send_digests() == 0
    assert not Notice.objects.filter(for_digest=True).exists()


def test_ada_chooses(client, people, post):
    client.force_login(people.ada)
    page = client.get("/notices/mail/").content.decode()
    assert page.count(" checked") == len(Kind)
    wanted = {kind.value: Way.NEVER.value for kind in Kind} | {Kind.COMMENT.value: Way.AT_ONCE.value}
    assert client.post("/notices/mail/", wanted).status_code == 302
    assert mailing.ways(people.ada)[Kind.COMMENT] == Way.AT_ONCE
    tell(people, Kind.COMMENT)
    tell(people, Kind.MENTION)
    assert Letter.objects.count() == 1
    assert mailing.send_digests() == 0


def test_nonsense_is_refused(client, people):
    client.force_login(people.ada)
    assert client.post("/notices/mail/", {"comment": "often"}).status_code == 422
    assert "has not set up a mail server" in client.get("/notices/mail/").content.decode()


def test_a_house_without_mail_saves_nothing_up(people, settings):
    tell(people)
    settings.EMAIL_HOST = "mail.example"
    assert mailing.send_digests() == 0


def test_a_long_day_says_how_much_more_there_is(people, post):
    for number in range(mailing.MOST_LISTED + 5):
        tell(people, text=f"Number {number}")
    mailing.send_digests()
    assert "And 5 more" in Letter.objects.get().text
