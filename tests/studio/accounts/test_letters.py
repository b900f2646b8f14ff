"""Mail, against a server that runs here."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from io import StringIO
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.management import CommandError, call_command
from django.utils import timezone

from studio.accounts import letters, services
from studio.accounts.models import Letter
from studio.accounts.tasks import send_waiting

pytestmark = pytest.mark.django_db


class Box:
    """Takes letters, or refuses them."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.refuse = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            return self.refuse
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Box, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Box(), hostname="127.0.0.1", port=port)
    controller.start()
    yield controller.handler, port
    controller.stop()


@pytest.fixture
def box(server: tuple[Box, int], settings: Any) -> Box:
    box, settings.EMAIL_PORT = server
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.PUBLIC_URL = "https://mews.example"
    box.letters.clear()
    box.refuse = ""
    return box


def parts(mail: Any) -> tuple[str, str]:
    return mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()


def test_an_invitation_goes_out_in_text_and_html(people, box, client, django_capture_on_commit_callbacks):
    people.ann.name = "Ann <b>&</b>"
    people.ann.save()
    with django_capture_on_commit_callbacks(execute=True):
        services.invite(people.ann, people.team, "new@x.example", "author")
    [mail] = box.letters
    text, html = parts(mail)
    assert mail["Subject"] == "Ann <b>&</b> invites you to Harbour"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "Ann <b>&</b> invites you to Harbour on Mews as Author" in text
    assert "Ann &lt;b&gt;&amp;&lt;/b&gt; invites" in html
    path = re.search(r"https://mews\.example(/invitation/\S+)", text)
    assert path
    assert client.get(path[1]).status_code == 200
    kept = Letter.objects.get()
    assert kept.sent_at
    assert kept.text == kept.html == ""


def test_what_the_server_does_not_take_is_tried_again_and_given_up_after_a_day(people, box):
    box.refuse = "451 not now"
    letter = letters.write("a@x.example", "Hello", "trial", {})
    for pause in letters.PAUSES:
        before = timezone.now()
        send_waiting()
        letter.refresh_from_db()
        assert timedelta(0) <= letter.next_try_at - before - timedelta(minutes=pause) < timedelta(seconds=30)
        assert "not now" in letter.trouble
        assert not letters.send(letter.pk)
        Letter.objects.update(next_try_at=timezone.now())
    send_waiting()
    letter.refresh_from_db()
    assert letter.given_up_at
    assert letter.text == ""
    assert letters.due(timezone.now() + timedelta(days=9)) == []
    Letter.objects.update(written_at=timezone.now() - timedelta(days=31))
    assert letters.forget_old() == 1


def test_a_lost_message_is_found_by_the_clock(people, box):
    letters.write("a@x.example", "Hello\r\nBcc: eve@x.example", "trial", {})
    send_waiting()
    send_waiting()
    assert [mail["Subject"] for mail in box.letters] == ["Hello Bcc: eve@x.example"]


def test_without_a_server_nothing_is_kept(people):
    services.invite(people.ann, people.team, "new@x.example", "author")
    assert not Letter.objects.exists()
    with pytest.raises(CommandError, match="EMAIL_HOST"):
        call_command("send_test_mail", "a@x.example")


def test_the_settings_can_be_tried(box, settings):
    out = StringIO()
    call_command("send_test_mail", "a@x.example", stdout=out)
    assert "took a letter" in out.getvalue()
    assert all("Mail from Mews works" in one and "https://mews.example" in one for one in parts(box.letters[0]))
    box.refuse = "550 no"
    with pytest.raises(CommandError, match="did not take it"):
        call_command("send_test_mail", "a@x.example")


def test_a_forgotten_password_sends_a_link_and_says_nothing_of_who_is_here(
    client, people, box, django_capture_on_commit_callbacks
):
    answers = []
    for address in ("Ada@harbour.example", "nobody@x.example", "ada@harbour.example"):
        with django_capture_on_commit_callbacks(execute=True):
            answers.append(client.post("/account/forgotten/", {"email": address}).content.decode())
    assert all("If somebody here has this address" in one for one in answers)
    [mail] = box.letters
    assert mail["To"] == "ada@harbour.example"
    path = re.search(r"https://mews\.example(/new-password/\S+)", parts(mail)[0])
    assert path
    assert client.get(path[1]).status_code == 200


def test_what_changes_about_signing_in_is_told(signed_in, people, box, settings, django_capture_on_commit_callbacks):
    new = "a heron in the reeds"
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(
            "/account/password/", {"oldpassword": "a perch above the river", "password1": new, "password2": new}
        )
    [mail] = box.letters
    assert mail["Subject"] == "Your password was changed"
    assert "https://mews.example/account/second-factor/" in parts(mail)[0]
