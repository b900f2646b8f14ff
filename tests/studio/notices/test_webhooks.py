"""Webhooks, against a receiver that runs here."""

from __future__ import annotations

import json
import re
import socket
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.utils import timezone
from standardwebhooks.webhooks import Webhook as Receiver
from werkzeug import Response

from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.notices import addresses, delivering, webhooks
from studio.notices.models import Event, Webhook, WebhookDelivery
from studio.notices.tasks import deliver, deliver_waiting
from tests.studio.packs.test_releases import own_folder, pack, released
from tests.studio.review.conftest import catalogue, desk, draft, house

__all__ = ["catalogue", "desk", "draft", "house", "own_folder", "pack"]

pytestmark = pytest.mark.django_db
PATH = "/hook"


@pytest.fixture
def inside(settings: Any) -> None:
    """The receiver of these tests lives inside the network."""
    settings.WEBHOOK_ALLOW_PRIVATE, settings.PUBLIC_URL = True, "https://mews.example"


@pytest.fixture
def hook(people, httpserver, inside):
    return webhooks.create(people.ann, people.team, "Chat", httpserver.url_for(PATH), "generic", list(Event.values))


def happen(people, **data):
    webhooks.announce(people.team, "rule.approved", people.rui, "Rui approved <A>", "/reviews/1/", rule="<A>", **data)
    return WebhookDelivery.objects.latest("id")


def test_a_signed_delivery_arrives(people, httpserver, hook):
    httpserver.expect_request(PATH, method="POST").respond_with_data("thanks")
    delivery = happen(people, note="x" * 5000)
    delivering.attempt(delivery.pk)
    request, _ = httpserver.log[0]
    said = Receiver(hook[1]).verify(request.data, dict(request.headers))
    assert said["type"] == "rule.approved"
    assert said["data"]["url"] == "https://mews.example/reviews/1/"
    assert (said["data"]["team"], said["data"]["by"], len(said["data"]["note"])) == ("harbour", "Rui Reviewer", 1000)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last["status"]) == ("done", 200)
    delivering.attempt(delivery.pk)
    assert len(httpserver.log) == 1


def test_slack_gets_its_shape_and_nobody_s_text_pings(people, httpserver, inside):
    webhooks.create(people.ann, people.team, "Slack", httpserver.url_for(PATH), "slack", ["rule.approved"])
    httpserver.expect_request(PATH).respond_with_data("ok")
    delivering.attempt(happen(people, note="<!channel> & co").pk)
    said = json.loads(httpserver.log[0][0].data)
    assert said["text"] == "Rui approved &lt;A&gt; (<https://mews.example/reviews/1/|open>)"
    assert "&lt;!channel&gt; &amp; co" in json.dumps(said["blocks"])


def test_only_what_was_chosen_and_only_the_team_s_own(people, httpserver, inside):
    webhooks.create(people.ann, people.team, "Releases", httpserver.url_for(PATH), "generic", ["release.published"])
    webhooks.create(people.sam, people.other_team, "Theirs", httpserver.url_for(PATH), "generic", ["rule.approved"])
    webhooks.announce(people.team, "rule.approved", people.rui, "x")
    Webhook.objects.update(is_active=False)
    webhooks.announce(people.team, "release.published", people.mai, "x")
    assert not WebhookDelivery.objects.exists()
    with pytest.raises(ValueError, match="is not a valid Event"):
        webhooks.announce(people.team, "no.such", people.mai, "x")


def test_what_fails_is_tried_again_with_longer_and_longer_pauses(people, httpserver, hook):
    httpserver.expect_request(PATH).respond_with_data("\x00 down for\nrepair " + "y" * 9000, status=503)
    delivery = happen(people)
    for pause in delivering.PAUSES:
        deliver_waiting()
        delivery.refresh_from_db()
        waits = (delivery.next_try_at - timezone.now()).total_seconds() / 60
        assert pause - 0.1 < waits < pause * 1.2 + 0.1
        WebhookDelivery.objects.update(next_try_at=timezone.now())
    deliver_waiting()
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert len(delivery.tries) == len(delivering.PAUSES) + 1
    assert delivery.last["words"].startswith("down for repair yyy")
    assert len(delivery.last["words"]) <= delivering.READ
    webhooks.send_again(people.ann, delivery)
    httpserver.clear()
    httpserver.expect_request(PATH).respond_with_data("ok")
    deliver_waiting()
    delivery.refresh_from_db()
    assert delivery.state == "done"
    WebhookDelivery.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert delivering.forget_old() == 1


def test_no_redirect_is_followed_and_gone_switches_off(people, httpserver, hook):
    httpserver.expect_request(PATH).respond_with_response(Response(status=302, headers={"Location": "/elsewhere"}))
    delivery = happen(people)
    delivering.attempt(delivery.pk)
    delivery.refresh_from_db()
    assert "Mews follows none" in delivery.last["words"]
    assert len(httpserver.log) == 1
    httpserver.clear()
    httpserver.expect_request(PATH).respond_with_data("", status=410)
    delivering.attempt(happen(people).pk)
    assert not Webhook.objects.get().is_active


def test_a_lost_message_is_found_by_the_clock_and_a_claim_keeps_others_away(people, httpserver, hook):
    httpserver.expect_request(PATH).respond_with_data("ok")
    delivery = happen(people)
    WebhookDelivery.objects.update(next_try_at=timezone.now() + delivering.CLAIM)
    deliver_waiting()
    assert not httpserver.log
    WebhookDelivery.objects.update(next_try_at=timezone.now())
    deliver_waiting()
    delivery.refresh_from_db()
    assert delivery.state == "done"


INSIDE = [
    "https://127.0.0.1/", "https://10.0.0.1/", "https://169.254.169.254/latest/", "https://[::1]/", "https://0.0.0.0/",
    "https://[fe80::1]/", "https://[::ffff:127.0.0.1]/", "https://localhost/", "https://db.internal/", "https://192.168.1.1/",
    "https://100.64.0.1/", "https://[fd00::1]/", "https://LOCALHOST./x",
    "https://[fec0::1]/", "https://[::10.0.0.1]/", "https://[::a00:1]/", "https://[::ffff:a00:1]/", "https://[::]/",
    "https://[64:ff9b::a00:1]/", "https://[64:ff9b:1::a00:1]/", "https://[2002:a00:1::]/", "https://[ff02::1]/",
    "https://[2001:0:a00:1::1]/", "https://[2001:db8::1]/", "https://[3fff::1]/", "https://[fe80::1%25eth0]/",
    "https://2130706433/", "https://0x7f000001/", "https://017700000001/", "https://127.1/", "https://127.0.1/",
    "https://0x7f.1/", "https://0177.0.0.1/", "https://010.0.0.1/", "https://0/", "https://0x/", "https://127.0.0.1./",
    "https://127.0.0.1../", "https://8.8.8.8.9/", "https://0x08080808/", "https://1.2.3.256/", "https://router/",
    "https://１２７.0.0.1/", "https://127。0。0。1/", "https://127．0．0．1/", "https://①②⑦.⓪.⓪.①/", "https://ⓛocalhost/",
    "https://%31%32%37.0.0.1/", "https://127.0.0.1%00.example.org/", "https://224.0.0.1/", "https://255.255.255.255/",
    "https://192.0.0.8/", "https://192.88.99.1/", "https://198.18.0.1/", "https://db.local/", "https://x.localhost/",
]  # fmt: skip
ODD = [
    "http://example.org/", "ftp://example.org/", "https://", "https://user:secret@example.org/", "//example.org",
    "https://exa mple.org/", "javascript:alert(1)",
    "https://example.org@127.0.0.1/", "https://127.0.0.1:80@example.org/",
    "https://example.org:99999/", "https://[::1", "https:\\\\example.org",
]  # fmt: skip


@pytest.mark.parametrize("url", [*INSIDE, *ODD])
def test_addresses_inside_and_odd_ones_are_refused(url):
    with pytest.raises(ValidationError):
        addresses.check(url)


@pytest.mark.parametrize(
    "url",
    ["https://hooks.example.org/x", "https://8.8.8.8/x", "https://[2606:4700::1111]/x", "https://bücher.example.org/",
     "https://hooks.example.org./x", "https://1and1.example:8443/", "https://7.example.org/"],
)  # fmt: skip
def test_public_addresses_are_taken(url):
    assert addresses.check(url) == url


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "::1", "fe80::1", "::ffff:10.0.0.1", "fec0::1",
        "64:ff9b::a01:203", "::10.0.0.1", "::8.8.8.8", "64:ff9b::808:808", "64:ff9b:1::a00:1", "2002:a00:1::",
        "2001:0:a00:1::1", "2001:db8::1", "fd00::1", "ff02::1", "224.0.0.1", "192.88.99.1", "0.0.0.0",
        "255.255.255.255", "4000::1",
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused_when_it_is_sent(people, hook, settings, monkeypatch, number):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    family = socket.AF_INET6 if ":" in number else socket.AF_INET
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *args, **more: [(family, socket.SOCK_STREAM, 6, "", (number, 443))]
    )
    webhooks.change(people.ann, hook[0], "Chat", "https://hooks.example.org/x", "generic", ["rule.approved"], True)
    status, words = delivering.post(happen(people))
    assert status == 0
    assert "inside the network" in words


def test_a_name_is_looked_up_once_so_that_it_cannot_lead_elsewhere_when_it_is_used(people, hook, settings, monkeypatch):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    asked: list[str] = []

    def resolve(name: str, *args: Any, **more: Any) -> list[Any]:
        asked.append(name)
        if len(asked) > 1:
            raise socket.gaierror("no network in tests")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    webhooks.change(people.ann, hook[0], "Chat", "https://hooks.example.org/x", "generic", ["rule.approved"], True)
    assert delivering.post(happen(people))[0] == 0
    assert asked == ["hooks.example.org", "8.8.8.8"]


def test_a_receiver_that_trickles_counts_as_one_that_does_not_answer(people, hook, monkeypatch):
    def trickle(*args: Any) -> Any:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(delivering, "_send", trickle)
    delivery = happen(people)
    delivering.attempt(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.last["status"], delivery.last["words"]) == (0, "No answer: it trickled for too long.")
    assert deliver.soft_time_limit + deliver_waiting.soft_time_limit < delivering.CLAIM.total_seconds()


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", f"http://{'a' * 70}.example/", "http://nowhere.invalid/"])
def test_no_answer_is_noted_not_a_failure_of_ours(people, hook, url):
    webhooks.change(people.ann, hook[0], "Chat", url, "generic", ["rule.approved"], True)
    delivery = happen(people)
    delivering.attempt(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.last["status"] == 0
    assert delivery.last["words"].startswith("No answer")


def test_an_administrator_sets_one_up_and_tries_it(
    client, people, httpserver, inside, django_capture_on_commit_callbacks
):
    client.force_login(people.ann)
    form = {"name": "Ops", "url": httpserver.url_for(PATH), "shape": "generic", "events": ["release.published"]}
    assert client.post("/notices/webhooks/", {**form, "url": "nonsense"}).status_code == 422
    assert client.post("/notices/webhooks/", {**form, "events": []}).status_code == 422
    page = client.post("/notices/webhooks/", form, follow=True).content.decode()
    secret = re.search(r"whsec_[\w+/=]+", page)
    assert secret
    hook = Webhook.objects.get()
    assert secret[0] not in client.get(hook.get_absolute_url()).content.decode()
    assert secret[0] not in hook.sealed_secret
    assert "There is a webhook of this name" in client.post("/notices/webhooks/", form).content.decode()
    httpserver.expect_request(PATH).respond_with_data("fine", status=500)
    with django_capture_on_commit_callbacks(execute=True):
        log = client.post(f"/notices/webhooks/{hook.pk}/trial/")["Location"]
    page = client.get(log).content.decode()
    assert "Trying again" in page
    assert ">500<" in page
    assert "mews.trial" in client.get(hook.get_absolute_url()).content.decode()
    page = client.post(f"/notices/webhooks/{hook.pk}/secret/", follow=True).content.decode()
    assert "whsec_" in page
    client.post(f"/notices/webhooks/{hook.pk}/delete/")
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert {"webhook.created", "webhook.tried", "webhook.secret_renewed", "webhook.deleted"} <= verbs
    assert not Webhook.objects.exists()


def test_it_is_for_administrators(people, inside):
    with pytest.raises(RoleNeeded):
        webhooks.create(people.mai, people.team, "x", "https://x.example/", "generic", ["rule.approved"])


def test_a_review_tells_what_happens(people, house, hook):
    revision = house.hand_in(note="Please.")
    house.send_back(revision, note="Name the user.")
    told = [(one.event, json.loads(one.body)["data"]) for one in WebhookDelivery.objects.order_by("id")]
    assert [event for event, _ in told] == ["rule.handed_in", "rule.changes_requested"]
    assert told[0][1]["text"].startswith("Ada Author handed in")
    assert told[1][1]["note"] == "Name the user."
    assert told[1][1]["hash"] == revision.content_hash


def test_a_release_is_announced_when_its_files_are_ready(people, hook, pack):
    release = released(pack, people)
    made = WebhookDelivery.objects.get(event="release.published")
    said = json.loads(made.body)["data"]
    assert (said["pack"], said["version"], said["rules"]) == (pack.name, "1.0.0", len(release.members))
    assert said["url"] == f"https://mews.example{release.get_absolute_url()}"
