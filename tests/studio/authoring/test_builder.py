"""The builder over HTTP: every edit as a plain form post and as htmx asks, junk and stale versions, who may."""

from __future__ import annotations

import html
import re

import pytest

from rules_export.language.parser import parse
from rules_export.language.printer import to_text

pytestmark = pytest.mark.django_db

CONDITION = (
    "spawned_process and proc.name = rm and (proc.args contains -rf or proc.args contains -fr) and not container"
)


def with_(old, new):
    """The condition with another text in one place."""
    assert old in CONDITION
    return CONDITION.replace(old, new)


def row(name="", op="=", value="", *, number=0, **more):
    """What the inputs of one line post."""
    data = {"name": name, "op": op, "value": value, **more}
    return {f"{number}-{key}": text for key, text in data.items()}


@pytest.fixture
def build(desk):
    """Presses a button of the builder on a condition; gives the condition's tree afterwards."""

    def pressed(do, condition=CONDITION, *, about="", htmx=False, **lines):
        desk.post("condition", condition=condition)
        shown = desk.now().content["condition"]
        pressed.answer = desk.post("condition", htmx=htmx, action="build", condition=shown, do=do, about=about, **lines)
        return desk.now().content["condition"]

    return pressed


EDITS = [
    ("remove:1", "", {}, "spawned_process and (proc.args contains -rf or proc.args contains -fr) and not container"),
    ("remove:2.0", "", {}, "spawned_process and proc.name = rm and proc.args contains -fr and not container"),
    ("negate:0", "", {}, with_("spawned_process", "not spawned_process")),
    ("negate:3", "", {}, with_("not container", "container")),
    ("duplicate:0", "", {}, f"spawned_process and {CONDITION}"),
    ("unwrap:2", "", {}, with_("(", "").replace(" or ", " and ").replace(")", "")),
    ("move:1:up", "", {}, with_("spawned_process and proc.name = rm", "proc.name = rm and spawned_process")),
    ("move:1:down", "", {}, "spawned_process and (proc.args contains -rf or proc.args contains -fr) and proc.name = rm"
     " and not container"),
    ("move:1:in", "", {}, "spawned_process and (proc.name = rm or proc.args contains -rf or proc.args contains -fr)"
     " and not container"),
    ("move:2.0:out", "", {}, "spawned_process and proc.name = rm and proc.args contains -fr and proc.args contains -rf"
     " and not container"),
    ("join:2:all", "", {}, with_(" or ", " and ")),
    ("join:2:none", "", {}, with_("(proc", "not (proc")),
    ("join:2:not-all", "", {}, with_("(proc", "not (proc").replace(" or ", " and ")),
    ("join::any", "", {}, with_(" and ", " or ")),
    ("inline:0", "", {}, with_("spawned_process", "evt.type in (execve, execveat)")),
    ("set", "at:1", row("proc.name", "in", "rm\nshred"), with_("= rm", "in (rm, shred)")),
    ("set", "at:1", row("proc.pname", "startswith", "cron"), with_("proc.name = rm", "proc.pname startswith cron")),
    ("set", "at:3", row("spawned_process"), with_("not container", "not spawned_process")),
    ("set", "at:1", row("proc.name", "exists", ""), with_("= rm", "exists")),
    ("set", "at:1", row("proc.aname", "=", "sshd", argument="2"), with_("proc.name = rm", "proc.aname[2] = sshd")),
    ("set", "at:1", row("proc.name", "=", "RM", transformer="toupper"),
     with_("proc.name = rm", "toupper(proc.name) = RM")),
    ("set", "at:1", row("proc.name", "startswith", "r\ns", modifier="anyof"),
     with_("= rm", "startswith anyof (r, s)")),
    ("set", "add:", row("user.name", "=", "root"), f"{CONDITION} and user.name = root"),
    ("set", "add:2", row("proc.args", "contains", "-r -f"), with_("-fr)", "-fr or proc.args contains '-r -f')")),
    ("set", "or:1", row("proc.name", "=", "shred"), with_("proc.name = rm", "(proc.name = rm or proc.name = shred)")),
    ("set", "and:1", row("user.name", "=", "root"), with_("= rm", "= rm and user.name = root")),
    ("set", "and:", row("user.name", "=", "root"), f"{CONDITION} and user.name = root"),
    ("set", "or:", row("user.name", "=", "root"), f"({CONDITION}) or user.name = root"),
    ("set", "any:", row("user.name", "=", "a") | row("user.name", "=", "b", number=1),
     f"{CONDITION} and (user.name = a or user.name = b)"),
    # what is typed in the open form is never lost to another button
    ("negate:0", "at:1", row("proc.name", "=", "dd"), with_("= rm", "= dd").replace("spawned", "not spawned")),
    ("remove:1", "or:0", row("user.name", "=", "root"),
     with_("spawned_process and proc.name = rm", "(spawned_process or user.name = root)")),
    ("remove:0", "or:0", row("user.name", "=", "root"), with_("spawned_process", "user.name = root")),
    ("close", "at:1", row("proc.name", "=", "dd"), with_("= rm", "= dd")),
]  # fmt: skip


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize(("do", "about", "lines", "wanted"), EDITS, ids=lambda one: one if isinstance(one, str) else "")
def test_it_edits_the_tree(build, desk, do, about, lines, wanted, htmx):
    after = build(do, about=about, htmx=htmx, **lines)
    assert to_text(parse(after)) == to_text(parse(wanted))
    assert build.answer.status_code == (200 if htmx else 302)
    if htmx:
        page = build.answer.content.decode()
        assert 'id="builder"' in page
        assert 'id="live"' in page
    else:
        assert desk.client.get(build.answer.url).status_code == 200


def test_it_builds_a_condition_from_nothing(desk):
    answer = desk.post("condition", action="build", condition="", do="new::add")
    page = desk.client.get(answer.url).content.decode()
    assert 'value="add:"' in page
    desk.post("condition", action="build", condition="", do="set", about="add:", **row("spawned_process"))
    shown = desk.now().content["condition"]
    desk.post("condition", action="build", condition=shown, do="set", about="and:", **row("proc.name", "=", "rm"))
    assert desk.now().content["condition"] == "spawned_process and proc.name = rm"


def test_it_leaves_an_empty_condition_when_the_last_row_goes(build):
    assert build("remove:", "proc.name = rm") == ""


def test_it_keeps_the_text_as_typed_when_a_row_is_only_opened(build):
    typed = "proc.name = rm\n   and container"
    assert build("select:0", typed) == typed
    assert build.answer.url.endswith("?at=0#row-0")


def test_it_undoes_and_redoes(build, desk):
    build("remove:1")
    for direction, there in (("undo", True), ("redo", False)):
        data = {"version": desk.now().version, "direction": direction, "step": "condition"}
        desk.client.post(f"/drafts/{desk.draft.pk}/history/", data)
        assert ("proc.name = rm" in desk.now().content["condition"]) is there


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (row("proc.name", "in", " \n "), "needs at least one value"),
        (row("proc.name", "=", ""), "The value is missing"),
        (row("evt.rawres", "<", "few"), "compares with a number"),
        (row("", "=", "x"), "Name the field"),
        (row("proc.name or container", "=", "x"), "is not a field"),
        (row("proc.name", "=", '"open'), "cannot be read"),
        (row("proc.name", "like", "x"), "Choose how"),
        (row("proc.name", "=", "a\nb"), "compares with one value"),
    ],
)
def test_it_says_what_is_wrong_with_a_condition_and_keeps_what_was_typed(build, desk, lines, says):
    for htmx in (True, False):
        assert to_text(parse(build("set", about="at:1", htmx=htmx, **lines))) == to_text(parse(CONDITION))
        assert build.answer.status_code == 422
        page = html.unescape(build.answer.content.decode())
        assert says in page


@pytest.mark.parametrize(
    ("do", "about", "lines", "shown"),
    [
        ("set", "at:1", row("proc.name", "=", "two\nlines"), ("proc.name", "two\nlines")),
        ("set", "and:1", row("user.name or x", "=", "typed"), ("user.name or x", "typed")),
        ("negate:0", "at:1", row("proc.pname", "in", ""), ("proc.pname", "in")),
        (
            "extract:2",
            "extract:2",
            {"extract-name": "1 bad", "extract-description": "Said by hand", "extract-part": "1"},
            ("1 bad", "Said by hand"),
        ),
    ],
)
def test_a_refused_post_without_javascript_opens_the_form_as_it_was_typed(build, do, about, lines, shown):
    build(do, about=about, **lines)
    assert build.answer.status_code == 422
    page = html.unescape(build.answer.content.decode())
    editor = page[page.index('id="editor"') : page.index('id="live"')]
    for text in shown:
        assert re.search(rf'(?:value="|>\s*){re.escape(text)}', editor), text


@pytest.mark.parametrize(
    ("do", "about"),
    [
        ("remove:9", ""), ("remove:0.0.0", ""), ("move:0:sideways", ""), ("move:0:up", ""), ("move::up", ""),
        ("join:0:any", ""), ("join:2:many", ""), ("unwrap:0", ""), ("inline:1", ""), ("fly:0", ""), ("new:0:bird", ""),
        ("set", "at:9"), ("set", "at:2"), ("set", "bird:0"), ("remove:-1", ""), ("remove:" + "1." * 500 + "1", ""),
        ("\x00", ""), ("remove:٣", ""), ("set", "at:" + "9" * 300), (":::::", ":::"),
    ],
)  # fmt: skip
def test_it_refuses_places_and_verbs_that_are_not_there(build, do, about):
    for htmx in (True, False):
        after = build(do, about=about, htmx=htmx, **row("proc.name", "=", "x"))
        assert build.answer.status_code == 422, do
        assert to_text(parse(after)) == to_text(parse(CONDITION))


def test_it_shows_both_versions_when_somebody_else_wrote(desk):
    desk.post("condition", condition=CONDITION)
    stale = desk.now().version
    desk.post("condition", condition="proc.name = dd")
    data = {"version": stale, "action": "build", "condition": CONDITION, "do": "remove:1"}
    for htmx in (False, True):
        answer = desk.client.post(desk.url("condition"), data, headers={"HX-Request": "true"} if htmx else {})
        assert answer.status_code == 409
        assert "proc.name = dd" in html.unescape(answer.content.decode())
    assert desk.now().content["condition"] == "proc.name = dd"


def test_it_refuses_a_viewer_and_shows_the_rows_without_buttons(desk, people, client):
    desk.post("condition", condition=CONDITION)
    client.force_login(people.vic)
    data = {"version": desk.now().version, "action": "build", "condition": CONDITION, "do": "remove:1"}
    assert client.post(desk.url("condition"), data).status_code == 403
    page = client.get(desk.url("condition"), {"at": "1"}).content.decode()
    assert "proc.name" in page
    assert 'name="do"' not in page


@pytest.mark.parametrize("at", ["1", "2", "", "9", "x", "1." * 400, "2.0"])
def test_it_opens_the_row_that_the_address_asks_for_or_none(desk, at):
    desk.post("condition", condition=CONDITION)
    for key in ("at", "new"):
        answer = desk.client.get(desk.url("condition"), {key: at if key == "at" else f"add:{at}"})
        assert answer.status_code == 200


def test_it_switches_views_without_loss_and_remembers_the_last(desk):
    text = "proc.name = rm\n\n  and   container"
    desk.post("condition", condition=text)
    url = desk.url("condition")
    assert 'id="builder"' in desk.client.get(url).content.decode()
    page = desk.client.get(url, {"view": "text"}).content.decode()
    assert text in page
    assert 'id="id_condition"' in desk.client.get(url).content.decode(), "the view is remembered"
    assert 'id="builder"' in desk.client.get(url, {"view": "visual"}).content.decode()
    assert desk.now().content["condition"] == text


def test_it_says_where_a_text_does_not_parse_and_offers_the_text(desk):
    desk.post("condition", condition="proc.name = rm and\n  or container")
    page = desk.client.get(desk.url("condition"), {"view": "visual"}).content.decode()
    assert "This text does not parse" in page
    assert "line 2, column" in page
    assert "?view=text" in page


def test_it_reads_the_condition_out_beside_both_views(desk):
    desk.post("condition", condition="spawned_process and proc.name in (rm, dd)")
    for view in ("visual", "text"):
        page = html.unescape(desk.client.get(desk.url("condition"), {"view": view}).content.decode())
        assert "The rule fires when spawned_process (“A program was started”) holds and the process name is one" in page


def test_it_offers_families_of_calls_and_operators_that_fit(desk):
    desk.post("condition", condition="evt.type = open and proc.is_exe_writable = true and fd.sport = 22")
    page = desk.client.get(desk.url("condition"), {"at": "0"}).content.decode()
    assert "open, openat, openat2" in page
    page = desk.client.get(desk.url("condition"), {"at": "1"}).content.decode()
    assert re.search(r'<select[^>]*id="0-value"[^>]*>\s*<option selected>true', page)
    assert "<option>contains</option>" not in page
    page = desk.client.get(desk.url("condition"), {"at": "2"}).content.decode()
    assert 'inputmode="numeric"' in page


def ticked(*families):
    return {"0-family": list(families)}


def test_it_offers_groups_of_the_other_kind(desk):
    desk.post("condition", condition="spawned_process and (proc.name = rm or proc.name = dd)")
    page = desk.client.get(desk.url("condition")).content.decode()
    assert 'value="new::any"' in page
    assert 'value="new:1:all"' in page


def test_it_adds_and_drops_a_family(build):
    text = "evt.type = open and container"
    family = {"0-family-shown": "1"}
    after = build("set", text, about="at:0", **row("evt.type", "=", "open"), **family, **ticked("open", "execve"))
    assert after == "evt.type in (open, openat, openat2, execve, execveat) and container"
    whole = row("evt.type", "in", "open\nopenat\nopenat2\nexecve\nexecveat")
    lines = whole | family | {"0-family-was": ["open", "execve"]}
    assert build("set", after, about="at:0", **lines, **ticked("execve")) == (
        "evt.type in (execve, execveat) and container"
    )


def test_it_takes_an_operator_that_fits_when_the_field_is_exchanged(build):
    after = build("set", about="at:1", **row("proc.is_exe_writable", "startswith", "rm", was="proc.name"))
    assert "proc.is_exe_writable = true" in after


def test_it_offers_a_blank_form_what_fits_without_writing(desk):
    url = f"/drafts/{desk.draft.pk}/builder/blank/"
    data = {"about": "add:", "condition": "", "version": 1, **row("fd.sport", "=", "")}
    for headers in ({}, {"HX-Request": "true"}):
        page = desk.client.post(url, data, headers=headers)
        assert page.status_code == 200
        assert 'inputmode="numeric"' in page.content.decode()
        assert "<option>contains</option>" not in page.content.decode()
        junk = desk.client.post(url, {**data, "about": "bird:x", "0-name": "x" * 900}, headers=headers)
        assert junk.status_code == 422
    assert desk.now().version == 1


def test_it_says_at_each_keystroke_what_is_wrong_and_keeps_nothing(desk):
    url = f"/drafts/{desk.draft.pk}/condition/findings/"
    found = desk.client.post(url, {"condition": "container and\nproc.nme = rm"}).json()["findings"]
    assert (found[0]["from"], found[0]["severity"]) == (14, "error")
    assert "proc.nme" in found[0]["message"]
    for junk in ("", "(((", "\x00", "x" * 70_000):
        assert desk.client.post(url, {"condition": junk}).status_code in (200, 422)
    assert desk.now().version == 1


def test_it_stays_quick_with_long_lists_and_long_conditions(desk):
    values = ", ".join(f"tool{number}" for number in range(500))
    desk.post("condition", condition=f"proc.name in ({values})")
    page = desk.client.get(desk.url("condition"), {"at": ""}).content.decode()
    assert "500 in all" in page
    assert "and 492 more" in page
    desk.post("condition", condition=" or ".join(f"proc.name = tool{number}" for number in range(2500)))
    assert "has 2501 parts" in desk.client.get(desk.url("condition")).content.decode()


def test_it_shows_deep_and_doubly_negated_trees(desk):
    deep = "".join(f"(proc.name = a{n} {'and' if n % 2 else 'or'} " for n in range(150)) + "container" + ")" * 150
    for text in (deep, "not (not container)", "not (not (proc.name = a or container))"):
        desk.post("condition", condition=text)
        for view in ("visual", "text"):
            assert desk.client.get(desk.url("condition"), {"view": view}).status_code == 200, text


def test_a_group_can_be_put_beside_the_only_condition(desk):
    desk.post("condition", condition="spawned_process")
    page = desk.client.get(f"{desk.url('condition')}?view=visual&new=any:").content.decode()
    assert 'id="1-name"' in page
    two = {"0-name": "proc.name", "0-op": "=", "0-value": "rm", "1-name": "proc.name", "1-op": "=", "1-value": "dd"}
    desk.post("condition", htmx=True, action="build", do="set", about="any:", condition="spawned_process", **two)
    assert desk.now().content["condition"] == "spawned_process and (proc.name = rm or proc.name = dd)"
