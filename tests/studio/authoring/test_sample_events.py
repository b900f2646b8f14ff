"""Sample events of a draft: by form, from behaviours, renamed, with every wrong value told at its field."""

from __future__ import annotations

import pytest

from studio.authoring import services
from studio.lab.event_form import MakeEventForm
from studio.lab.models import SampleEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client, people):
    client.force_login(people.ada)
    return services.create(people.team, people.ada, ("T1490",))


def test_the_form_shows_the_fields_of_the_chosen_type(client, draft):
    page = client.get(f"/drafts/{draft.pk}/events/new/?type=connect&command=nc -e sh&target=192.0.2.9:4444").content
    assert b'name="f-fd.sip"' in page
    assert b'placeholder="192.0.2.9"' in page
    assert b'name="f-fs.path.name"' not in page
    assert b'name="f-evt.arg.request"' in client.get(f"/drafts/{draft.pk}/events/new/?type=ptrace").content


def test_it_keeps_an_event_made_by_form(client, draft):
    posted = {"type": "write", "command": "vi /etc/cron.d/x", "target": "/etc/cron.d/x", "expectation": "match"}
    posted |= {"f-user.name": "eve", "f-container.id": "<NA>", "more": "proc.vpid = 1", "name": "Cron file"}
    assert client.post(f"/drafts/{draft.pk}/events/new/", posted).status_code == 302
    event = SampleEvent.objects.get()
    assert (event.name, event.fields["user.name"], event.fields["container.id"]) == ("Cron file", "eve", None)
    assert (event.fields["fd.name"], event.fields["proc.name"]) == ("/etc/cron.d/x", "vi")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"f-proc.pid": "many"}, "must be a whole number"),
        ({"more": "nonsense"}, "Line 1 of the further fields"),
        ({"more": "proc.vpid = x"}, "proc.vpid: must be a whole number"),
        ({"type": "connect", "target": "no address"}, "Address and port"),
        ({"type": "nothing"}, "Select a valid choice"),
        ({"command": ""}, "This field is required"),
        ({"f-user.name": "a\x00b"}, "NUL"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_what_was_typed(client, draft, wrong, says):
    posted = {"type": "run", "command": "rm -rf /", "expectation": "match", "f-proc.name": "shred", **wrong}
    answer = client.post(f"/drafts/{draft.pk}/events/new/", posted)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert 'value="shred"' in answer.content.decode()
    assert not SampleEvent.objects.exists()


def test_every_type_has_a_form():
    from studio.lab import shapes

    for _, options in shapes.choices():
        for choice, _ in options:
            assert MakeEventForm(asked={"type": choice}).groups


def test_it_takes_events_from_behaviours(client, draft):
    page = client.get(f"/drafts/{draft.pk}/events/behaviours/").content.decode()
    key = "t1490-chattr-immutable:a0"
    assert key in page
    assert client.post(f"/drafts/{draft.pk}/events/behaviours/", {}).status_code == 422
    client.post(f"/drafts/{draft.pk}/events/behaviours/", {"event": [key, "t1490-chattr-immutable:b0", "x:y"]})
    assert sorted(SampleEvent.objects.values_list("expectation", flat=True)) == ["match", "no_match"]
    client.post(f"/drafts/{draft.pk}/events/behaviours/", {"event": [key], "expectation": "no_match"})
    assert SampleEvent.objects.filter(expectation="no_match").count() == 2


def test_it_renames_an_event_and_refuses_an_empty_name(client, draft):
    client.post(f"/drafts/{draft.pk}/events/", {"lines": '{"proc.name": "rm"}', "expectation": "match"})
    event = SampleEvent.objects.get()
    client.post(f"/drafts/{draft.pk}/events/{event.pk}/", {"do": "rename", "name": "Old copies go"})
    event.refresh_from_db()
    assert event.name == "Old copies go"
    page = client.post(f"/drafts/{draft.pk}/events/{event.pk}/", {"do": "rename", "name": " "}, follow=True)
    assert "An event needs a name" in page.content.decode()
