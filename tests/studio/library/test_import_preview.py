"""The preview of an import: filtered, chosen one by one or together, also without JavaScript and with 2,000 items."""

from __future__ import annotations

import re
import time

import pytest
from django.core.management import CommandError, call_command

from rules_export.findings import Finding, Severity
from studio.authoring.models import Draft
from studio.definitions.models import Definition, RuleSet
from studio.library import import_items, import_jobs, tasks
from studio.library.models import RulesFile
from tests.studio.library.imports import FILE, RULE, choices, read, work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def names(page):
    """The items that a page lists."""
    found = re.findall(r'<li class="row-item import-item">.*?<strong[^>]*>([^<]*)<', page.content.decode(), re.DOTALL)
    return found


def test_rules_come_first_then_macros_then_lists(signed_in, people):
    page = signed_in.get(read(people).get_absolute_url())
    assert names(page) == ["Crane started", "Hoist started", "Typo", "tool", "tools"]
    text = page.content.decode()
    assert "<strong>3 rules</strong>: 2 load, 1 rejected · 1 macro, 1 list" in text
    groups = re.findall(
        r'<details class="import-group"( open)?><summary><h2>(\w+)</h2> <span class="count">(\d+)', text
    )
    assert groups == [(" open", "Rules", "3"), ("", "Macros", "1"), ("", "Lists", "1")]


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("q=crane", ["Crane started", "tools"]),
        ("q=PROC.NME", ["Typo"]),
        ("kind=macro", ["tool"]),
        ("standing=new&kind=list", ["tools"]),
        ("verdict=rejected", ["Typo"]),
        ("findings=1", ["Typo"]),
        ("q=nothing", []),
        ("kind=x&standing=%00&verdict=%27&page=-1", ["Crane started", "Hoist started", "Typo", "tool", "tools"]),
        ("q=%00crane&page=99999999999999999999", ["Crane started", "tools"]),
    ],
)
def test_it_filters_by_the_query_string(signed_in, people, query, listed):
    page = signed_in.get(f"{read(people).get_absolute_url()}?{query}")
    assert (page.status_code, names(page)) == (200, listed)


def test_verdicts_follow_from_findings_alone():
    def finding(severity):
        return Finding("X", severity, "x")

    assert import_items.verdict([]) == "loads"
    assert import_items.verdict([finding(Severity.ADVICE)]) == "loads"
    assert import_items.verdict([finding(Severity.WARNING), finding(Severity.ADVICE)]) == "warnings"
    assert import_items.verdict([finding(Severity.WARNING), finding(Severity.ERROR)]) == "rejected"


def test_a_rule_with_warnings_says_so(signed_in, people):
    page = signed_in.get(
        read(people, RULE.format(name="Slow", tool="x").replace("evt.type = execve and ", "")).get_absolute_url()
    )
    assert "Loads with warnings" in page.content.decode()
    assert "1 rule</strong>: 0 load, 1 with warnings" in page.content.decode()


def test_choices_survive_filtering_without_javascript(signed_in, people):
    file = read(people)
    posted = {"do": "filter", "q": "hoist", "kind": "rule", "rule:Typo": "skip", "version": file.version}
    answer = signed_in.post(file.get_absolute_url(), posted)
    assert answer.url == f"{file.get_absolute_url()}?q=hoist&kind=rule"
    assert choices(file)["rule:Typo"] == "skip"
    page = signed_in.get(answer.url)
    assert names(page) == ["Hoist started"]
    assert "Import 2 rules and 2 macros or lists" in page.content.decode()


def test_one_choice_is_saved_at_once_with_javascript(signed_in, people):
    file = read(people)
    posted = {"do": "save", "rule:Typo": "skip", "version": file.version}
    answer = signed_in.post(file.get_absolute_url(), posted, headers={"HX-Request": "true"}).content.decode()
    assert answer.startswith('\n<div id="import-bar"') or '<div id="import-bar"' in answer
    assert "Import 2 rules and 2 macros or lists" in answer
    assert f'name="version" value="{file.version + 1}"' in answer


def test_it_says_when_somebody_else_changed_the_choices(signed_in, client, people):
    file = read(people)
    import_jobs.choose(file.pk, people.team, people.rui, import_items.Change({"rule:Typo": "skip"}))
    posted = {"do": "save", "rule:Hoist started": "skip", "version": file.version}
    answer = signed_in.post(file.get_absolute_url(), posted, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Rui Reviewer changed the choices" in answer.content.decode()
    answer = signed_in.post(file.get_absolute_url(), {**posted, "do": "import"}, follow=True)
    assert "Rui Reviewer changed the choices" in answer.content.decode()
    assert RulesFile.objects.get().state == "ready"


@pytest.mark.parametrize(
    ("posted", "after"),
    [
        ({"do": "together", "together": "skip", "kind": "rule"}, ["skip", "skip", "skip", "add", "add"]),
        ({"do": "together", "together": "skip", "q": "hoist"}, ["add", "skip", "add", "add", "add"]),
        ({"do": "none"}, ["skip"] * 5),
        ({"do": "none", "findings": "1", "rule:Hoist started": "skip"}, ["add", "skip", "skip", "add", "add"]),
        ({"do": "together", "together": "replace"}, ["add"] * 5),
        ({"do": "together", "together": "x"}, ["add"] * 5),
    ],
)
def test_it_applies_a_choice_to_all_that_is_shown(signed_in, people, posted, after):
    file = read(people)
    assert signed_in.post(file.get_absolute_url(), posted).status_code == 302
    assert list(choices(file).values()) == after


def test_select_all_replaces_what_differs_and_leaves_what_is_the_same(signed_in, people):
    first = read(people)
    import_jobs.ask(first.pk, people.team, people.ada)
    work(first)
    file = read(people, FILE.replace("name = hoist", "name = winch"))
    assert set(choices(file).values()) == {"skip"}
    signed_in.post(file.get_absolute_url(), {"do": "all"})
    assert choices(file)["rule:Hoist started"] == "replace"
    assert choices(file)["rule:Crane started"] == "skip"
    signed_in.post(file.get_absolute_url(), {"do": "together", "together": "suggested"})
    assert set(choices(file).values()) == {"skip"}


def test_where_macros_and_lists_go_is_chosen_on_the_page(signed_in, people):
    file = read(people, where="rule_set")
    page = signed_in.get(file.get_absolute_url()).content.decode()
    assert "are kept in the new rule set" in page
    assert 'name="where" value="rule_set" checked' in page
    assert 'name="title" value="rules"' in page
    assert file.items.get(kind="macro").standing == "kept"
    signed_in.post(file.get_absolute_url(), {"do": "place", "where": "inline", "title": "x"})
    file = work(file)
    assert file.placing == {"where": "inline", "title": "", "rule_set": ""}
    import_jobs.ask(file.pk, people.team, people.ada)
    work(file)
    assert "crane" in Draft.objects.get(title="Crane started").rule_content().condition
    assert not Definition.objects.exists()


def test_a_place_that_does_not_exist_is_refused_with_a_message(signed_in, people):
    file = read(people)
    for wrong in (
        {"where": "nowhere"},
        {"where": "rule_set", "rule_set": "other"},
        {"where": "team", "title": "x" * 101},
    ):
        answer = signed_in.post(file.get_absolute_url(), {"do": "place", **wrong}, follow=True)
        assert "Choose where macros and lists go" in answer.content.decode()
    assert RulesFile.objects.get().state == "ready"


def test_a_rule_set_of_the_team_can_be_updated(signed_in, people):
    file = read(people, where="rule_set")
    file.plan["rule_sets"] = [["crane-rules", "Crane rules"]]
    file.save()
    assert "Update Crane rules" in signed_in.get(file.get_absolute_url()).content.decode()
    signed_in.post(
        file.get_absolute_url(), {"do": "place", "where": "rule_set", "rule_set": "crane-rules", "title": "x"}
    )
    assert RulesFile.objects.get().placing == {"where": "rule_set", "title": "", "rule_set": "crane-rules"}


def test_a_double_click_imports_once(signed_in, people):
    file = read(people)
    for _ in range(2):
        answer = signed_in.post(file.get_absolute_url(), {"do": "import", "version": file.version}, follow=True)
    assert "is being imported by Ada Author" in answer.content.decode()
    work(file)
    assert Draft.objects.count() == 3


def test_the_outcome_links_to_the_drafts(signed_in, people):
    file = read(people)
    import_jobs.ask(file.pk, people.team, people.ada)
    page = signed_in.get(work(file).get_absolute_url()).content.decode()
    assert all(f"/drafts/{one.pk}/" in page for one in Draft.objects.all())
    assert page.index("Crane started") < page.index(">tool<")


def test_two_thousand_items_stay_usable(signed_in, people):
    macros = "".join(f"- macro: m{n}\n  condition: (proc.name = x{n})\n" for n in range(500))
    text = macros + "".join(RULE.format(name=f"Rule {n}", tool=f"x{n}") for n in range(1500))
    file = read(people, text)
    address = file.get_absolute_url()
    began = time.monotonic()
    page = signed_in.get(address)
    seconds = time.monotonic() - began
    assert len(names(page)) == 100
    assert len(page.content) < 400_000
    assert seconds < 2
    assert names(signed_in.get(f"{address}?page=20"))[-1] == "m499"
    assert names(signed_in.get(f"{address}?q=Rule 149&page=1")) == [
        "Rule 149",
        *(f"Rule {n}" for n in range(1490, 1500)),
    ]
    posted = {"do": "next", "next": "2", **{f"rule:Rule {n}": "skip" for n in range(100)}}
    assert signed_in.post(address, posted).url == f"{address}?page=2"
    assert file.items.filter(choice="skip").count() == 100
    signed_in.post(address, {"do": "none", "kind": "rule"})
    assert "Import 500 macros or lists" in signed_in.get(address).content.decode()


def test_names_with_html_and_signs_are_text(signed_in, people):
    text = RULE.format(name='"<b>x</b> & \\"y\\""', tool="x")
    page = signed_in.get(read(people, text).get_absolute_url()).content.decode()
    assert "<b>x" not in page
    assert 'name="rule:&lt;b&gt;x&lt;/b&gt; &amp; &quot;y&quot;"' in page


# --- manage.py import_rules ---


@pytest.fixture
def who(people):
    return ["--team", people.team.slug, "--by", people.ada.email]


@pytest.fixture
def path(tmp_path):
    place = tmp_path / "rules.yaml"
    place.write_text(FILE)
    return place


def test_jobs_import_too(people, path, who, capsys, monkeypatch):
    monkeypatch.setattr(tasks.import_rules, "delay", lambda *_: pytest.fail("no worker is needed"))
    call_command("import_rules", path, *who, "--dry-run")
    assert not Draft.objects.exists()
    assert not RulesFile.objects.exists()
    capsys.readouterr()
    call_command("import_rules", path, *who)
    assert Draft.objects.count() == 3
    lines = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert lines[:2] == [["added", "rule_set", "rules"], ["added", "rule", "Crane started"]]
    assert RulesFile.objects.get().placing["where"] == "rule_set"
    call_command("import_rules", path, *who)  # the same file again updates its rule set
    assert (Draft.objects.count(), RuleSet.objects.count()) == (3, 1)
    call_command("import_rules", path, *who, "--keep", "team")  # rules of the team's own beside those of the rule set
    assert Draft.objects.count() == 6


def test_jobs_say_where_macros_and_lists_go(people, path, who):
    call_command("import_rules", path, *who, "--keep", "inline")
    assert not Definition.objects.exists()
    with pytest.raises(CommandError, match="--rule-set and --title need --keep rule-set"):
        call_command("import_rules", path, *who, "--keep", "team", "--title", "x")
    with pytest.raises(CommandError, match=r"The team has no rule set other. It has: none\."):
        call_command("import_rules", path, *who, "--rule-set", "other")


def test_jobs_say_why_not(people, path, who, tmp_path):
    with pytest.raises(CommandError, match="Author"):
        call_command("import_rules", path, "--team", people.team.slug, "--by", people.vic.email)
    path.write_text("x: [")
    with pytest.raises(CommandError, match="ine 1"):
        call_command("import_rules", path, *who)
    assert not RulesFile.objects.exists()
    with pytest.raises(CommandError, match=r"/nothing.yaml cannot be read: No such file"):
        call_command("import_rules", tmp_path / "nothing.yaml", *who)
