"""The fourth step over HTTP: owner, reason and last day, blocks, windows of long tables, warnings."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.authoring.content import ExceptionTable
from studio.authoring.edits import set_tables
from studio.authoring.examination import examine
from studio.authoring.services import Seen, edit

pytestmark = pytest.mark.django_db

TABLE = {"action": "table", "index": 0}


def put(desk, *tables):
    """These exceptions, without a page."""
    draft = desk.now()
    edit(draft.pk, Seen(draft.author, draft.team, draft.version), set_tables(tables))


def table(desk, index=0):
    return desk.now().content["exceptions"][index]


def page(desk, query=""):
    return html.unescape(desk.client.get(desk.url("exceptions") + query).content.decode())


def text_of(fragment):
    return " ".join(re.sub(r"<[^>]+>", " ", fragment).split())


def numbered(count):
    return ExceptionTable("many", ("user.name",), ("in",), tuple((f"user{number}",) for number in range(count)))


def test_owner_reason_and_last_day_are_kept_and_told(desk):
    desk.post("condition", condition="spawned_process and proc.name = rm")
    desk.post("exceptions", action="new:root_user")
    last = (timezone.localdate() + timedelta(days=3)).isoformat()
    desk.post("exceptions", **TABLE, owner="Backup team", reason="Nightly jobs", expires=last)
    assert (table(desk)["owner"], table(desk)["reason"], table(desk)["expires"]) == (
        "Backup team",
        "Nightly jobs",
        last,
    )
    assert table(desk)["rows"] == [["root"]], "what a post does not name stays"
    shown = page(desk)
    assert "It expires in 3 days." in text_of(shown)
    assert f"# Owner: Backup team. Expires {last}. Nightly jobs" in shown
    desk.post("exceptions", **TABLE, expires="2020-01-01")
    assert "and still silences: Falco knows no last day" in text_of(page(desk))
    assert '<option value="Ada Author">' in shown, "members are offered as owners"


def test_a_suggestion_that_would_silence_most_of_what_happens_says_so_before_it_is_added(desk):
    items = re.findall(r'<li class="row-item">.*?</li>', page(desk))
    root, backup = (
        next(item for item in items if f'id="suggest-{key}"' in item) for key in ("root_user", "known_backup_jobs")
    )
    assert re.search(r"Very broad: it fits \d\d of 100 events of ordinary life", text_of(root))
    assert "road" not in text_of(backup)


def test_suggestions_tell_what_they_would_silence_now(desk):
    for behaviour in ("t1490-rm-recursive-force", "t1490-chattr-immutable", "t1490-disable-apport"):
        desk.post("behaviours", action="choose", behaviour=behaviour)
    noise = examine(desk.now().rule_content(), desk.draft.samples_id).lab.noise
    items = [text_of(item) for item in re.findall(r'<li class="row-item">.*?</li>', page(desk))]
    told = [int(found[1]) for item in items if (found := re.search(r"silences (\d+) of the", item))]
    assert told == sorted(told, reverse=True), "what silences most stands first"
    assert f"silences {told[0]} of the {noise} benign events that fire" in items[0]
    assert f"{noise} benign events fire. Make exceptions" in text_of(
        desk.client.get(desk.url("check")).content.decode()
    )
    desk.post("exceptions", action="new:root_user")
    left = examine(desk.now().rule_content(), desk.draft.samples_id).lab.noise
    assert left == noise - told[0]


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "31.12.2026"])
def test_a_day_that_is_none_is_refused_with_its_form(desk, day):
    desk.post("exceptions", action="new")
    answer = desk.post("exceptions", htmx=True, **TABLE, expires=day)
    assert answer.status_code == 422
    assert "Write it as year-month-day" in answer.content.decode()


def test_a_refused_post_shows_the_cells_as_they_were_typed(desk):
    desk.post("exceptions", action="new")
    answer = desk.post("exceptions", **TABLE, reason="Nightly", expires="soon", **{"cell-0-0": "typed by hand"})
    shown = answer.content.decode()
    assert 'value="typed by hand"' in shown
    assert 'value="Nightly"' in shown
    assert table(desk)["rows"] == [[""]]


def test_rows_are_pasted_without_javascript(desk):
    desk.post("exceptions", action="new")
    answer = desk.post("exceptions", **TABLE, do="paste", block="user.name\tproc.pname\r\nbackup\tcron\r\nada\tbash")
    assert answer.url.endswith("#exception-0")
    assert table(desk)["fields"] == ["user.name", "proc.pname"]
    assert table(desk)["rows"] == [["backup", "cron"], ["ada", "bash"]]


def test_a_block_that_does_not_fit_is_shown_again(desk):
    desk.post("exceptions", action="new")
    answer = desk.post("exceptions", **TABLE, do="paste", block="a\tb\nc\td")
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "The block is 2 columns wide, and 1 fits there" in shown
    assert "a\tb\nc\td</textarea>" in shown
    assert table(desk)["rows"] == [[""]]


def test_a_long_table_is_shown_in_windows_and_filtered(desk):
    put(desk, numbered(130))
    shown = page(desk)
    assert len(re.findall("data-cell", shown)) == 50
    assert "Rows 1 to 50 of 130" in shown
    assert 'id="cell-0-120-0"' in page(desk, "?first-0=100")
    found = page(desk, "?find-0=user12")
    assert "Rows 1 to 11 of 11 that say “user12”" in found
    for odd in ("?first-0=99999", "?first-0=x", "?find-0=nobody&first-0=end", "?first-0=-1"):
        assert desk.client.get(desk.url("exceptions") + odd).status_code == 200
    desk.post("exceptions", **TABLE, first=100, **{"cell-120-0": "bob"})
    assert [row for row in table(desk)["rows"] if row == ["bob"]] == [table(desk)["rows"][120]]
    assert len(table(desk)["rows"]) == 130


def test_an_answer_to_htmx_tells_each_row_on_the_page_anew(desk):
    put(desk, numbered(60))
    answer = desk.post("exceptions", htmx=True, **TABLE, first=50, **{"cell-50-0": "root"}).content.decode()
    assert re.findall(r'id="note-0-(\d+)" hx-swap-oob', answer) == [str(number) for number in range(50, 60)]
    assert 'id="exception-note-0" hx-swap-oob="true"' in answer
    added = desk.post("exceptions", htmx=True, **TABLE, first=0, do="add-row").content.decode()
    assert 'id="cell-0-60-0"' in added, "a new row is on the page"


def test_a_row_that_silences_an_attack_is_warned_about(desk):
    desk.post("condition", condition="spawned_process and proc.name = rm")
    desk.post("behaviours", action="choose", behaviour="t1490-rm-recursive-force")
    put(desk, ExceptionTable("all_rm", ("proc.name", "user.name"), ("=", "exists"), (("rm", "x"),)))
    put(desk, ExceptionTable("wide", ("proc.name",), ("in",), (("apt",), ("rm",))))
    shown = text_of(page(desk))
    assert re.search(r"Row 2 of wide also silences \d+ attack events?: “", shown)
    assert "Row 1 of wide" not in shown


def test_exceptions_change_places(desk):
    put(desk, *(ExceptionTable(name, ("user.name",), ("=",), ((name,),)) for name in ("one", "two", "three")))
    desk.post("exceptions", **TABLE, do="down")
    assert [one["name"] for one in desk.now().content["exceptions"]] == ["two", "one", "three"]
    desk.post("exceptions", action="table", index=2, do="up")
    assert [one["name"] for one in desk.now().content["exceptions"]] == ["two", "three", "one"]


def test_more_exceptions_than_fit_are_refused_in_words(desk):
    put(desk, *(ExceptionTable(f"e{number}", ("user.name",), ("=",)) for number in range(30)))
    answer = desk.post("exceptions", htmx=True, action="new")
    assert answer.status_code == 422
    assert "at most 30 exceptions" in answer.content.decode()
