"""A team's own macros and lists in the builder: opened in place, put in, taken out, used where they fit."""

from __future__ import annotations

import json

import pytest

from rules_export.language.parser import parse
from studio.authoring.builder import twins
from studio.definitions.lexicon import BUILT_IN, lexicon
from studio.definitions.values import LIST, MACRO, NOTHING, Term

pytestmark = pytest.mark.django_db

RM = "spawned_process and proc.name = rm and (proc.args contains -rf or proc.args contains -fr)"


def build(desk, do, **more):
    condition = desk.now().rule_content().condition
    return desk.post("condition", action="build", condition=condition, do=do, **more)


@pytest.fixture
def rm(desk):
    desk.post("condition", condition=RM)
    return desk


def condition(desk):
    return " ".join(desk.now().rule_content().condition.split())


def test_a_row_becomes_a_macro_of_the_team(rm, shelf):
    form = build(rm, "new:2:extract")
    page = rm.client.get(form.url.partition("#")[0]).content.decode()
    assert "Extract to a macro of your team" in page
    assert page.count('name="extract-part"') == 2
    says = "It works through directories."
    typed = {"extract-name": "acme_recursive", "extract-description": says, "extract-part": ["0", "1"]}
    build(rm, "extract:2", about="extract:2", **typed)
    assert condition(rm) == "spawned_process and proc.name = rm and acme_recursive"
    made = shelf.own.terms["acme_recursive"]
    assert parse(made.condition) == parse("proc.args contains -rf or proc.args contains -fr")
    assert made.description == says
    rm.client.post(f"/drafts/{rm.draft.pk}/history/", {"version": rm.now().version, "do": "undo", "step": "condition"})
    assert parse(condition(rm)) == parse(RM)
    assert "acme_recursive" in shelf.own.terms


def test_some_rows_of_a_group_become_one(rm, shelf):
    build(rm, "extract:", about="extract:", **{"extract-name": "acme_rm", "extract-part": ["0", "1"]})
    assert condition(rm) == "acme_rm and (proc.args contains -rf or proc.args contains -fr)"
    assert shelf.own.terms["acme_rm"].condition == "spawned_process and proc.name = rm"


def test_a_negated_row_keeps_its_not(desk, shelf):
    desk.post("condition", condition="spawned_process and not proc.name = rm")
    build(desk, "extract:1", about="extract:1", **{"extract-name": "acme_rm"})
    assert condition(desk) == "spawned_process and not acme_rm"
    assert shelf.own.terms["acme_rm"].condition == "proc.name = rm"


@pytest.mark.parametrize(
    ("name", "parts", "says"),
    [
        ("", ["0"], "Give it a name."),
        ("spawned_process", ["0"], "There is a built-in macro of this name."),
        ("acme_recursive", [], "Choose at least one condition"),
        ("acme_recursive", ["7"], "Choose at least one condition"),
        ("two words", ["0"], "A name is one word"),
    ],
)
def test_what_cannot_be_extracted_is_refused_and_kept_typed(rm, shelf, name, parts, says):
    answer = build(rm, "extract:2", about="extract:2", **{"extract-name": name, "extract-part": parts})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert f'id="extract-name" name="extract-name" value="{name}"' in page
    assert not shelf.own.terms
    assert parse(condition(rm)) == parse(RM)


def test_a_stale_extraction_makes_no_macro(rm, shelf):
    old = rm.now().version
    rm.post("condition", condition="spawned_process and proc.name = tar")
    answer = rm.client.post(rm.url("condition"), {
        "version": old, "action": "build", "condition": RM, "do": "extract:1", "about": "extract:1",
        "extract-name": "acme_rm",
    })  # fmt: skip
    assert answer.status_code == 409
    assert not shelf.own.terms


def test_what_two_people_wrote_is_merged_without_the_definitions(desk, shelf, people):
    shelf.macro("acme_backup", "proc.name = rsync")
    desk.post("condition", condition="spawned_process")
    old = desk.now().version
    desk.post("condition", condition="spawned_process and acme_backup")
    stale = desk.client.post(desk.url("output"), {"version": old, "output": "A backup ran | user=%user.name"})
    assert stale.status_code == 409
    assert "Definitions" not in stale.content.decode()


def test_own_names_open_in_place_and_are_put_in(desk, shelf):
    shelf.list("acme_tools", "rsync", "restic")
    shelf.macro("acme_backup", "proc.name in (acme_tools)", "A backup tool ran.")
    desk.post("condition", condition="spawned_process and acme_backup and proc.pname in (acme_tools)")
    page = desk.client.get(f"{desk.url('condition')}?view=visual").content.decode()
    assert "<p>A backup tool ran.</p><code>proc.name in (acme_tools)</code>" in page
    assert "<code>rsync, restic</code>" in " ".join(page.split()) or "<code>rsync, restic <" in page
    assert '<option value="acme_backup">macro</option>' in page
    assert "acme_backup (“A backup tool ran”) holds" in page
    build(desk, "inline:1")
    assert condition(desk) == "spawned_process and proc.name in (acme_tools) and proc.pname in (acme_tools)"


def test_the_text_view_checks_and_completes_with_them(desk, shelf):
    shelf.macro("acme_backup", "proc.name = rsync", "A backup tool ran.")
    address = f"/drafts/{desk.draft.pk}/condition/findings/"
    known = desk.client.post(address, {"condition": "spawned_process and acme_backup"}).json()
    assert not [one for one in known["findings"] if one["severity"] == "error"]
    unknown = desk.client.post(address, {"condition": "spawned_process and acme_other"}).json()
    assert "Undefined macro 'acme_other'" in unknown["findings"][0]["message"]
    answer = desk.client.get("/definitions/vocabulary.json")
    assert json.loads(answer.content)["macros"][0]["name"] == "acme_backup"
    again = desk.client.get("/definitions/vocabulary.json", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    shelf.list("acme_tools", "rsync")
    assert desk.client.get("/definitions/vocabulary.json", headers={"If-None-Match": answer["ETag"]}).status_code == 200


def test_a_macro_with_this_meaning_is_offered_and_put_in(desk, shelf):
    shelf.macro("acme_wipe", "proc.args contains -fr or proc.args contains -rf", "It works through directories.")
    desk.post("condition", condition=RM.replace("spawned_process", "evt.type in (execveat, execve)"))
    page = desk.client.get(f"{desk.url('condition')}?view=visual").content.decode()
    assert "There is a macro with this meaning" in page
    build(desk, "use:2:acme_wipe")
    build(desk, "use:0:spawned_process")
    assert condition(desk) == "spawned_process and proc.name = rm and acme_wipe"
    assert "use:" not in desk.client.get(f"{desk.url('condition')}?view=visual").content.decode()
    assert build(desk, "use:0:acme_wipe").status_code == 422


OWN = lexicon(NOTHING.changed(
    Term(LIST, "acme_tools", items=("rsync", "restic")),
    Term(MACRO, "acme_backup", "proc.name in (restic, rsync) and user.name = root"),
))  # fmt: skip


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("evt.type in (execveat, execve)", BUILT_IN, [((), "spawned_process", ())]),
        ("not container.id != host", BUILT_IN, [((0,), "container", ())]),
        ("container", BUILT_IN, []),
        ("evt.num = 0", BUILT_IN, []),
        ("user.name == root and proc.name in (acme_tools)", OWN, [((), "acme_backup", ())]),
        ("user.name = root and evt.type = open and proc.name in (rsync, restic)", OWN, [((), "acme_backup", (0, 2))]),
        ("user.name = root or proc.name in (rsync, restic)", OWN, []),
        ("proc.name in (rsync)", OWN, []),
    ],
)
def test_twins_are_found_whatever_the_order(text, names, found):
    assert [(one.path, one.name, one.members) for one in twins.find(parse(text), names)] == found


def test_only_the_macro_that_says_most_is_offered():
    opened = "evt.type in (open, openat, openat2) and evt.is_open_write = true"
    text = f"{opened} and fd.typechar = f and fd.num >= 0 and user.name = root"
    assert [one.name for one in twins.find(parse(text), BUILT_IN)] == ["open_write"]
