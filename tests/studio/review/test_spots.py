"""Comments on a clause of the condition and on a row of an exception; answers that htmx can put in place."""

from __future__ import annotations

import json

import pytest

from studio.review import spots, talk
from studio.review.models import Thread
from studio.review.talk import CannotTalkError, Place

pytestmark = pytest.mark.django_db


def comment(client, revision, **data):
    return client.post(f"/reviews/{revision.pk}/threads/", data, follow=True).content.decode()


def test_a_clause_has_threads_of_its_own(client, people, changed):
    client.force_login(people.rui)
    clause = next(one for one in spots.clauses(changed.rule_content()) if "chattr" in one.text)
    page = client.get(f"/reviews/{changed.pk}/?spot={clause.address}").content.decode()
    assert f'value="{clause.key}"' in page
    shown = comment(client, changed, place="clause", spot=clause.key, text="Is lsattr worth it too?")
    thread = Thread.objects.get()
    assert f'id="thread-{thread.pk}"' in shown
    assert thread.where.startswith("Clause “")
    assert "chattr" in thread.where


def test_a_row_of_an_exception_has_threads_of_its_own(client, people, changed):
    client.force_login(people.rui)
    last = len(changed.rule_content().exceptions) - 1
    shown = comment(client, changed, place="row", spot=f"{last}.0", text="Which host?")
    assert "Which host?" in shown
    assert Thread.objects.get().where == "Backup_tool, row 1"


@pytest.mark.parametrize(
    ("place", "spot"), [("clause", "9.9"), ("clause", ""), ("row", "0.99"), ("row", "x"), ("clause", "0" * 400)]
)
def test_a_spot_that_is_not_there_is_refused(people, changed, place, spot):
    with pytest.raises(CannotTalkError, match="no such place"):
        talk.begin(changed.pk, people.team, people.rui, Place(place, None, spot), "Here?")


def test_a_condition_that_does_not_parse_has_no_clauses(changed):
    from dataclasses import replace

    assert spots.clauses(replace(changed.rule_content(), condition="a = ")) == []


def test_htmx_gets_the_middle_of_the_page_at_the_thread(client, people, changed):
    client.force_login(people.rui)
    answer = client.post(
        f"/reviews/{changed.pk}/threads/", {"place": "whole", "text": "Good."}, headers={"HX-Request": "true"}
    )
    where = json.loads(answer.headers["HX-Location"])
    assert where["path"].endswith(f"#thread-{Thread.objects.get().pk}")
    assert where["target"] == where["select"] == "#main"
