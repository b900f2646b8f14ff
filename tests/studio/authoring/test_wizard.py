"""The wizard over HTTP, without JavaScript and as htmx asks: from technique to a rule that is ready."""

from __future__ import annotations

import html
import json
import re

import pytest

from rules_export.language.parser import parse
from studio.authoring.examination import examine
from studio.authoring.models import Draft
from studio.authoring.steps import STEPS
from studio.verdicts.models import FalcoCheck
from tests.e2e import article
from tests.studio.authoring.conftest import ARTICLE

pytestmark = pytest.mark.django_db


def test_it_starts_from_a_technique_and_goes_on_to_its_behaviours(signed_in, catalogue):
    answer = signed_in.post("/drafts/new/", {"technique": "t1490"})
    assert answer.url == f"/drafts/{Draft.objects.get().pk}/behaviours/"


def test_it_starts_from_nothing_and_asks_for_a_technique(signed_in, catalogue):
    assert signed_in.post("/drafts/new/", {"title": ""}).url.endswith("/technique/")


def test_it_starts_from_a_behaviour_with_its_clause(signed_in, catalogue):
    signed_in.post("/drafts/new/", {"technique": "T1490", "behaviour": ARTICLE[0]})
    assert "proc.name = rm" in Draft.objects.get().content["condition"]
    assert signed_in.post("/drafts/new/", {"behaviour": "no-such"}).status_code == 422


@pytest.mark.parametrize(
    ("given", "says"), [("T9999", "not in the ATT&amp;CK catalogue"), ("T1488", "has retired T1488")]
)
def test_it_says_why_a_technique_cannot_be_chosen(signed_in, catalogue, given, says):
    answer = signed_in.post("/drafts/new/", {"technique": given})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Draft.objects.exists()


@pytest.mark.parametrize("step", [step.slug for step in STEPS])
def test_it_shows_every_step_of_an_empty_draft(signed_in, people, catalogue, step):
    signed_in.post("/drafts/new/", {})
    page = signed_in.get(f"/drafts/{Draft.objects.get().pk}/{step}/").content.decode()
    assert 'aria-current="step"' in page
    assert "something is missing" in page


def test_it_writes_the_articles_rule_by_form_posts_alone(desk):
    desk.write_article()
    draft = desk.now()
    exam = examine(draft.rule_content(), draft.samples_id)
    condition = parse(draft.content["condition"])
    assert len(condition.args) == len(ARTICLE) == 9
    assert [item.message for item in exam.findings if not item.code.startswith("MEWS_")] == []
    assert exam.ready
    assert exam.lab.fired == len(exam.lab.attacks) >= 9
    assert exam.lab.noise == 0
    assert exam.rule.tags == ("mitre_impact", "inhibit_system_recovery", "T1490")
    assert "user.name" in exam.yaml


def test_it_fires_on_look_alikes_until_their_exception_is_added(desk):
    desk.post("behaviours", action="choose", behaviour=ARTICLE[0])
    before = examine(desk.now().rule_content(), desk.draft.samples_id).lab
    desk.post("exceptions", action="new:root_user")
    after = examine(desk.now().rule_content(), desk.draft.samples_id).lab
    assert before.noise > after.noise == 0
    silenced = [item.sample.name for item in after.outcomes if "root_user" in item.silenced_by]
    assert silenced


def test_it_follows_a_parameter_and_says_when_the_clause_was_edited_by_hand(desk):
    desk.post("behaviours", action="choose", behaviour=ARTICLE[0])
    desk.post("behaviours", action="choose", behaviour=ARTICLE[0], **{"p-option": "-fr"})
    assert "-fr" in desk.now().content["condition"]
    desk.post("condition", condition=desk.draft.content["condition"] + " and container")
    page = desk.client.get(desk.url("behaviours")).content.decode()
    assert "You changed this clause by hand" in page


def test_it_refuses_a_parameter_that_no_clause_can_take(desk):
    answer = desk.post("behaviours", htmx=True, action="choose", behaviour=ARTICLE[0], **{"p-option": "x" * 300})
    assert answer.status_code == 422
    assert "at most 255 bytes" in answer.content.decode()
    assert desk.now().version == 1


def test_it_answers_htmx_with_the_parts_that_follow(desk):
    answer = desk.post("condition", htmx=True, condition="spawned_process and proc.name = rm")
    page = answer.content.decode()
    for part in ('id="side"', 'id="progress"', 'id="live"', 'id="saved"', 'id="draft-title"'):
        assert part in page
    assert 'id="id_condition"' not in page, "what is being typed in is never replaced"
    assert json.loads(answer["HX-Trigger"]) == {"draft:saved": {"version": 2, "undo": True, "redo": False}}


def test_it_saves_and_goes_on_without_javascript(desk):
    assert desk.post("condition", condition="proc.name = rm", then="next").url == desk.url("exceptions")
    assert desk.post("condition", condition="proc.name = rm").url == desk.url("condition")


def test_it_places_a_syntax_error_by_line_and_column_and_offers_a_near_name(desk):
    desk.post("condition", condition="spawned_process and\nproc.nme = rm")
    page = desk.client.get(desk.url("condition")).content.decode()
    assert "proc.nme" in page
    assert "line 2, column 1" in page
    assert "Did you mean" in page
    assert "The tree appears when the text parses" not in page


def test_it_keeps_a_broken_condition_and_still_shows_every_page(desk):
    broken = "proc.name in (rm"
    desk.post("condition", condition=broken)
    desk.post("behaviours", action="choose", behaviour=ARTICLE[0])
    assert desk.now().content["condition"].startswith(broken)
    for step in STEPS:
        assert desk.client.get(desk.url(step.slug)).status_code == 200


def test_it_shows_the_tree_with_the_place_of_each_part(desk):
    desk.post("condition", condition="spawned_process and (proc.name = rm or proc.name = dd) and not (container and x)")
    for view in ("visual", "text"):
        page = desk.client.get(desk.url("condition"), {"view": view}).content.decode()
        assert 'aria-label="group 2, any of"' in page
        assert "group 2, condition 1: " in page


def test_it_reshapes_an_exception_by_its_buttons(desk):
    desk.post("exceptions", action="new")
    table = {"action": "table", "index": 0, "name": "jobs", "field-0": "user.name", "comp-0": "=", "cell-0-0": "backup"}
    desk.post("exceptions", **table, do="add-field")
    desk.post("exceptions", **table, **{"field-1": "proc.pname", "comp-1": "in", "cell-0-1": "cron, at"}, do="add-row")
    exception = desk.now().content["exceptions"][0]
    assert exception["fields"] == ["user.name", "proc.pname"]
    assert exception["rows"] == [["backup", "cron, at"], ["", ""]]
    desk.post(
        "exceptions", **table, **{"field-1": "proc.pname", "comp-1": "in", "cell-0-1": "cron"}, do="remove-field-0"
    )
    assert desk.now().content["exceptions"][0]["rows"] == [["cron"], [""]], "a row that a post does not name stays"
    desk.post("exceptions", **table, do="remove")
    assert desk.now().content["exceptions"] == []


def test_it_shows_the_condition_as_falco_builds_it(desk):
    desk.post("condition", condition="spawned_process and proc.name = rm")
    desk.post("exceptions", action="new:root_user")
    assert "and not (( user.name = root))" in desk.client.get(desk.url("exceptions")).content.decode()


def test_it_renders_the_alert_on_a_chosen_event(desk):
    desk.post("behaviours", action="choose", behaviour=ARTICLE[0])
    desk.post("output", output="Backups went | command=%proc.cmdline")
    page = desk.client.get(desk.url("output"), {"event": f"{ARTICLE[0]}-a1"}).content.decode()
    assert "Backups went | command=rm -rf /var/backups/postgresql" in page


def test_it_inserts_a_field_without_javascript(desk):
    desk.post("output", output="Gone | user=%user.name", action="insert:proc.aname[2]")
    assert desk.now().content["output"] == "Gone | user=%user.name proc_aname_2=%proc.aname[2]"


def test_it_changes_tags_and_keeps_what_was_typed_beside_them(desk):
    details = {"name": "New name", "desc": "D.", "priority": "ERROR", "enabled": "on", "tags": "mitre_impact, T1490"}
    desk.post("details", **details, action="tag:maturity_sandbox")
    content = desk.now().content
    assert (content["name"], content["tags"]) == ("New name", ["maturity_sandbox", "mitre_impact", "T1490"])
    desk.post("details", **details, action="suggest:name")
    assert desk.now().content["name"] == "Inhibit System Recovery"


def test_it_undoes_over_http(desk):
    desk.post("condition", condition="proc.name = rm")
    answer = desk.client.post(
        f"/drafts/{desk.draft.pk}/history/", {"version": 2, "direction": "undo", "step": "condition"}
    )
    assert answer.url == desk.url("condition")
    assert desk.now().content["condition"] == ""


def test_it_shows_both_versions_when_somebody_else_wrote(desk):
    desk.post("condition", condition="proc.name = theirs")
    for htmx in (False, True):
        headers = {"HX-Request": "true"} if htmx else {}
        answer = desk.client.post(
            desk.url("condition"), {"version": 1, "condition": "proc.name = mine"}, headers=headers
        )
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "proc.name = theirs" in page
        assert "proc.name = mine" in page
        assert 'name="version" value="2"' in page
    assert answer["HX-Retarget"] == "#stage"


def test_it_warns_of_system_calls_that_falco_does_not_watch_by_default(desk):
    desk.post("condition", condition="evt.type = read and fd.name = /etc/shadow")
    page = desk.client.get(desk.url("check")).content.decode()
    assert "Falco does not watch read unless told to" in page
    assert "base_syscalls.all: true" in page


def test_it_teaches_where_the_library_knows_nothing(signed_in, people, catalogue):
    signed_in.post("/drafts/new/", {"title": "Mine"})
    page = signed_in.get(f"/drafts/{Draft.objects.get().pk}/behaviours/").content.decode()
    assert "Choose a technique first" in page
    assert "Paste what was seen" in page


def test_it_takes_clauses_and_events_of_what_was_pasted(desk):
    url, text = f"/drafts/{desk.draft.pk}/describe/", "systemctl disable apport.service\nblkdiscard -f /dev/sdz"
    page = desk.client.post(url, {"command": text}).content.decode()
    assert 'id="progress"' in page, "without JavaScript the whole page comes"
    partial = desk.client.post(url, {"command": text}, headers={"HX-Request": "true"}).content.decode()
    assert "2 lines read, 2 clauses ticked." in partial
    ticked = [html.unescape(one) for one in re.findall(r'name="take" value="([^"]+)"[^>]* checked>', partial)]
    assert [one.partition(":")[0] for one in ticked] == ["behaviour", "clause"]
    desk.post("behaviours", action="take", take=ticked, command=text)
    assert len(desk.now().rule_content().behaviours) == 1
    exam = examine(desk.now().rule_content(), desk.draft.samples_id)
    assert exam.lab.fired == len(exam.lab.attacks) >= 2
    assert desk.draft.samples.events.count() == 1, "behaviours bring their events along"
    again = desk.client.post(url, {"command": text}, headers={"HX-Request": "true"}).content.decode()
    assert "0 clauses ticked" in again
    assert "Caught already by" in again


@pytest.mark.parametrize("taken", [[], ["clause:proc.name ="], ["behaviour:none"], ["clause:" + "x" * 5000]])
def test_it_refuses_clauses_that_nobody_offered(desk, taken):
    before = desk.now().content
    assert desk.post("behaviours", action="take", take=taken, command="").status_code == 422
    assert desk.now().content == before


def test_a_draft_begins_with_what_was_pasted(signed_in, people, catalogue):
    commands = "\n".join(f"{tool} {arguments}" for tool, arguments in article.TOOLS)
    answer = signed_in.post("/drafts/new/", {"pasted": commands}, follow=True)
    assert answer.redirect_chain[-1][0].endswith("/behaviours/")
    content = Draft.objects.get().rule_content()
    assert content.techniques == ("T1490",), "what most lines are known for"
    assert (content.name, content.tags[-1]) == ("Inhibit System Recovery", "T1490")
    exam = examine(content, Draft.objects.get().samples_id)
    assert exam.lab.fired == len(exam.lab.attacks)
    refused = signed_in.post("/drafts/new/", {"pasted": "cd ..", "technique": "Inhibit system recovery"})
    assert refused.status_code == 422
    assert "cd .." in refused.content.decode()
    signed_in.post("/drafts/new/", {"technique": "inhibit system recovery"})
    assert Draft.objects.latest("pk").techniques == "T1490"


def test_what_could_not_be_read_is_told_in_few_words(signed_in, people, catalogue):
    unread = "\n".join('{"output": ' + str(number) for number in range(30))
    answer = signed_in.post("/drafts/new/", {"pasted": f"systemctl disable apport.service\n{unread}"}, follow=True)
    told = [str(one) for one in answer.context["messages"]]
    assert len(told) == 3
    assert "not complete JSON" in told[0]
    assert "Paste it in this step" in told[-1]


def test_a_pasted_rule_is_taken_as_it_is(signed_in, people, catalogue):
    rule = "- rule: R\n  desc: D\n  condition: evt.type = execve\n  output: O\n  priority: INFO\n"
    assert signed_in.post("/drafts/new/", {"pasted": rule}).url.endswith("/check/")
    broken = signed_in.post("/drafts/new/", {"pasted": rule.replace("INFO", "HIGH")})
    assert broken.status_code == 422
    assert 'action="/drafts/new/yaml/"' in broken.content.decode()


@pytest.mark.parametrize("junk", ["", "\x00", "x" * 30_000, "'", "$(", "a\n" * 5000, "|;&&", '{"rule": 1}'])
def test_it_describes_junk_without_failing(desk, junk):
    assert desk.client.post(f"/drafts/{desk.draft.pk}/describe/", {"command": junk}).status_code == 200


@pytest.mark.parametrize(
    "condition",
    [
        "toupper(" * 400 + "proc.name" + ")" * 400 + " = X",
        "not (proc.pname = b or " * 190 + "proc.name = x" + ")" * 190,
    ],
    ids=["transformers", "groups"],
)
def test_a_condition_as_deep_as_falco_takes_it_opens_on_every_page(desk, condition):
    assert parse(condition)
    desk.post("condition", condition=condition)
    assert desk.now().content["condition"] == condition
    for page in ("condition/?view=visual", "condition/?view=text", "exceptions/", "check/"):
        assert desk.client.get(f"/drafts/{desk.draft.pk}/{page}").status_code == 200
    assert desk.post("condition", action="build", do="negate:", condition=condition).status_code in (302, 422)


def test_it_asks_the_real_falco_once_the_rule_is_ready(desk, monkeypatch):
    monkeypatch.setattr("studio.verdicts.falco.binary", lambda: "/usr/bin/falco")
    assert "is asked once the rule is ready" in desk.client.get(desk.url("check")).content.decode()
    desk.write_article()
    for _ in range(2):
        assert "Asking the real Falco" in desk.client.get(desk.url("check")).content.decode()
    check = FalcoCheck.objects.get()
    assert "macro: spawned_process" in check.files[0]["text"]
    check.state, check.loads = "done", False
    check.save()
    assert "disagree" in desk.client.get(desk.url("check")).content.decode()
