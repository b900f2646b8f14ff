"""The fifth step over HTTP: both views, sets, any field, and the alert on the event that was chosen."""

from __future__ import annotations

import html

import pytest

from tests.studio.authoring.conftest import ARTICLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def writing(desk):
    desk.post("behaviours", action="choose", behaviour=ARTICLE[0])
    desk.post("output", output="Backups went | user=%user.name command=%proc.cmdline")
    return desk


def page(desk, query=""):
    return html.unescape(desk.client.get(desk.url("output") + query).content.decode())


def output(desk):
    return desk.now().content["output"]


def test_the_view_is_remembered(writing):
    chips = page(writing)
    assert 'name="sentence" value="Backups went"' in chips
    assert 'id="reads-1"' in chips
    assert 'id="id_output"' in page(writing, "?how=text")
    assert 'id="id_output"' in page(writing), "as it was last"
    assert 'name="sentence"' in page(writing, "?how=chips")


def test_chips_are_written_as_text(writing):
    typed = {"sentence": "Gone | now", "key-0": "who", "value-0": "user.name", "key-1": "x", "value-1": ""}
    writing.post("output", **typed)
    assert output(writing) == "Gone now | who=%user.name"
    writing.post("output", **typed, action="chip:remove-0")
    assert output(writing) == "Gone now"


def test_a_set_adds_what_is_missing_and_nothing_twice(writing):
    writing.post("output", output=output(writing), action="insert:user=user.name,terminal=proc.tty")
    assert output(writing) == "Backups went | user=%user.name command=%proc.cmdline terminal=%proc.tty"
    assert "All there" not in page(writing)


@pytest.mark.parametrize(("field", "says"), [("proc.nme", "Did you mean proc.name?"), ("x y", "no field x y")])
def test_any_field_is_added_without_javascript_or_refused_in_words(writing, field, says):
    before = output(writing)
    answer = writing.post("output", output=before, action="add", field=field)
    assert answer.status_code == 422
    assert says in html.unescape(answer.content.decode())
    writing.post("output", output=before, action="add", field="%proc.aname[2]")
    assert output(writing) == f"{before} proc_aname_2=%proc.aname[2]"


def test_a_refused_post_shows_the_chips_as_they_were_typed(writing):
    page(writing, "?how=chips")
    typed = {"sentence": "Typed by hand", "key-0": "who", "value-0": "user.name"}
    answer = writing.post("output", **typed, action="add", field="proc.nme")
    assert answer.status_code == 422
    assert 'value="Typed by hand"' in answer.content.decode()


def test_the_chosen_event_stays_through_a_save(writing):
    event = f"{ARTICLE[0]}-a1"
    answer = writing.post("output", htmx=True, output=output(writing) + " x=%fd.name", event=event).content.decode()
    assert f'<option value="{event}" selected' in answer
    assert "This event has no fd.name" in answer
    assert writing.post("output", output="Gone | u=%user.name", event=event).url.endswith(f"?event={event}#")


def test_what_is_missing_is_told_with_a_way_to_add_it(writing):
    writing.post("output", output="Backups went")
    shown = page(writing)
    assert "The alert does not say who did it." in shown
    assert 'value="insert:user.name"' in shown


def test_an_output_that_falco_refuses_is_text_in_both_views(writing):
    writing.post("output", output="Gone | user=%user.nme")
    shown = page(writing, "?how=chips")
    assert "has no chips yet" in shown
    assert 'id="id_output"' in shown
    assert writing.post("output", htmx=True, output="x %", action="chip:sort").status_code == 422
