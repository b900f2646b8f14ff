"""The demo marks itself, can be repeated, and keeps away from real teams."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from studio.accounts.models import Team, User


def run() -> list[str]:
    out = StringIO()
    call_command("demo", address="http://here", stdout=out)
    return out.getvalue().splitlines()


def test_it_makes_marked_people_once_and_a_way_in_each_time(client, db, settings):
    settings.DEMO = True
    first, second = run(), run()
    assert len(first) == 6
    assert all("Password of" in line for line in first[:5])
    assert len(second) == 1
    assert Team.objects.get().is_demo
    assert User.objects.count() == 5
    path = second[-1].split("http://here")[1]
    assert client.get(first[-1].split("http://here")[1]).status_code == 410
    assert "You will be Ada Author" in client.get(path).content.decode()
    client.post(path)
    page = client.get("/settings/").content.decode()
    assert "Demo: sample people" in page
    assert client.post(path).status_code == 410


def test_it_gives_sample_people_passwords_that_work(client, db, settings):
    settings.DEMO = True
    email, password = run()[0].removeprefix("Password of ").split(", shown once: ")
    client.post("/account/login/", {"login": email, "password": password})
    assert client.get("/settings/").status_code == 200


def test_it_refuses_a_database_where_people_work(people, settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="database of its own"):
        call_command("demo")
    settings.DEMO = False
    Team.objects.all().delete()
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")
