"""Rules files come in: held against what is there, item by item; nothing is lost, nothing written unasked."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rules_export.catalog.macros import MACROS
from rules_export.verdict.loading import load_ruleset
from rules_export.write.rule_yaml import item_yaml
from studio.authoring.content import to_rule
from studio.authoring.models import Draft
from studio.definitions.models import Definition
from studio.library import importing, tasks
from studio.library.models import RulesFile
from tests.rules_export.archives.hostile_archives import damaged, tarred, zipped
from tests.studio.authoring.conftest import catalogue

__all__ = ["catalogue"]

pytestmark = pytest.mark.django_db

FILE = """
- required_engine_version: 0.57.0
- list: harbour_tools
  items: [crane, hoist]
- macro: harbour_tool
  condition: (proc.name in (harbour_tools))
- macro: spawned_process
  condition: (evt.type in (execve, execveat))
- rule: Harbour tool started
  desc: Somebody starts a tool of the harbour.
  condition: spawned_process and harbour_tool and not user.name = root
  output: A tool was started (command=%proc.cmdline user=%user.name)
  priority: NOTICE
  tags: [maturity_sandbox, host, process, mitre_execution, T1490]
  warn_evttypes: false
  skip-if-unknown-filter: true
  capture: true
  capture_duration: 5000
  exceptions:
  - name: by_parent
    fields: [proc.pname, proc.name]
    comps: [in, startswith]
    values:
    - [[cron, systemd], crane]
- rule: Broken
  desc: It names a field that is none.
  condition: evt.type = execve and proc.nme = crane
  output: Broken
  priority: INFO
"""


def give(client, where="team", **data):
    """Upload, let the worker read, and look at the page."""
    answer = client.post("/library/import/", data)
    if answer.status_code != 302:
        return answer
    kept = RulesFile.objects.latest("pk")
    RulesFile.objects.filter(pk=kept.pk).update(placing={"where": where, "title": "", "rule_set": ""})
    tasks.import_rules(kept.pk)
    return client.get(answer.url)


def carry_out(client, **asked):
    """Import with these choices, let the worker do it, and look at the page."""
    kept = RulesFile.objects.latest("pk")
    choices = {key.replace("__", ":"): value for key, value in asked.items()}
    client.post(kept.get_absolute_url(), {"do": "import", **choices})
    tasks.import_rules(kept.pk)
    return client.get(kept.get_absolute_url())


def test_it_shows_what_a_file_would_bring_and_writes_nothing(signed_in):
    shown = give(signed_in, text=FILE).content.decode()
    assert "Harbour tool started" in shown
    assert "harbour_tools" in shown
    assert "Rejected by Falco" in shown
    assert "2 rules</strong>: 1 loads, 1 rejected" in shown
    assert "require engine 0.57.0" in shown
    assert 'aria-label="Items of list harbour_tools"><code>crane\nhoist</code>' in shown
    assert shown.index("Harbour tool started") < shown.index("harbour_tools")
    assert not Draft.objects.exists()
    assert not Definition.objects.exists()


def test_it_imports_without_losing_a_key(signed_in):
    give(signed_in, text=FILE)
    shown = carry_out(signed_in).content.decode()
    assert "Imported" in shown
    rule = to_rule(Draft.objects.get(title="Harbour tool started").rule_content())
    before, _ = load_ruleset([("x", FILE)])
    wanted = before.rule("Harbour tool started")
    for part in (
        "desc",
        "tags",
        "warn_evttypes",
        "skip_if_unknown_filter",
        "capture",
        "capture_duration",
        "exceptions",
    ):
        assert getattr(rule, part) == getattr(wanted, part), part
    assert rule.condition.split() == wanted.condition.split()
    assert {one.name for one in rule.brings} == {"harbour_tool", "harbour_tools"}
    assert "skip-if-unknown-filter: true" in item_yaml(rule)


def test_the_same_file_again_brings_nothing(people, signed_in):
    give(signed_in, text=FILE)
    carry_out(signed_in)
    plan = importing.plan(people.team, [("again.yaml", FILE)], importing.Placing("team"))
    standings = {one.name: one.standing for one in plan.items}
    assert standings["Harbour tool started"] == standings["harbour_tool"] == standings["harbour_tools"] == "same"
    assert "was imported already" in carry_out(signed_in).content.decode()
    assert Draft.objects.count() == 2


def test_what_differs_is_left_alone_unless_asked(signed_in):
    give(signed_in, text=FILE)
    carry_out(signed_in)
    changed = FILE.replace("not user.name = root", "not user.name = daemon").replace("crane, hoist", "crane, winch")
    give(signed_in, text=changed)
    carry_out(signed_in)
    draft = Draft.objects.get(title="Harbour tool started")
    assert "root" in draft.rule_content().condition
    give(signed_in, text=changed)
    carry_out(signed_in, **{"rule__Harbour tool started": "replace", "list__harbour_tools": "replace"})
    draft.refresh_from_db()
    assert "daemon" in draft.rule_content().condition
    assert Definition.objects.get(name="harbour_tools").items == ["crane", "winch"]
    assert Draft.objects.count() == 2


def test_a_replaced_rule_gets_nothing_that_the_file_does_not_say(signed_in, catalogue):
    give(signed_in, text=FILE)
    carry_out(signed_in)
    bare = FILE.replace("  tags: [maturity_sandbox, host, process, mitre_execution, T1490]\n", "").replace(
        "Somebody", "One"
    )
    give(signed_in, text=bare)
    carry_out(signed_in, **{"rule__Harbour tool started": "replace"})
    rule = to_rule(Draft.objects.get(title="Harbour tool started").rule_content())
    assert (rule.tags, rule.desc) == ((), "One starts a tool of the harbour.")


def test_a_skipped_macro_stands_in_place_of_its_name(signed_in):
    give(signed_in, text=FILE)
    carry_out(signed_in, list__harbour_tools="skip", macro__harbour_tool="skip")
    condition = Draft.objects.get(title="Harbour tool started").rule_content().condition
    assert "harbour" not in condition
    assert "crane, hoist" in condition
    assert not Definition.objects.exists()


def test_a_name_of_the_library_with_another_text_is_no_macro_of_the_team(people, signed_in):
    other = FILE.replace("(evt.type in (execve, execveat))", "(evt.type = execve and proc.name exists)")
    assert other != FILE
    assert "spawned_process" in MACROS
    plan = importing.plan(people.team, [("x.yaml", other)], importing.Placing("team"))
    assert {one.name: one.standing for one in plan.items}["spawned_process"] == "taken"
    give(signed_in, text=other)
    carry_out(signed_in)
    condition = Draft.objects.get(title="Harbour tool started").rule_content().condition
    assert "proc.name exists" in condition
    assert "spawned_process" not in condition


def archive(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/").replace("_yaml", ".yaml"), text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "choose a file first"),
        ({"text": "x: [1"}, "Line 1"),
        ({"text": "just words"}, "Line 1"),
        ({"text": "[]"}, "no rule, macro or list"),
        ({"file": SimpleUploadedFile("x.yaml", b"\xff\xfe")}, "not UTF-8"),
        ({"file": SimpleUploadedFile("x.zip", archive(readme_txt="hello"))}, "holds no rules file"),
        ({"file": SimpleUploadedFile("x.zip", archive(**{"..__x_yaml": FILE}))}, "x.yaml"),
        ({"file": SimpleUploadedFile("x.tar.gz", b"\x1f\x8b no gzip")}, "no zip, tar or tar.gz"),
        (
            {"file": SimpleUploadedFile("x.zip", damaged(zipped(zipfile.ZIP_LZMA)))},
            "a.yaml in the archive is compressed",
        ),
        ({"file": SimpleUploadedFile("x.tgz", gzip.compress(tarred(headers={"c": "x" * 100_000})))}, "at most 64 KiB"),
        ({"file": SimpleUploadedFile("x.yaml", b"a" * 5_000_001)}, "larger than"),
        ({"file": SimpleUploadedFile("x.zip", archive(x_yaml="\0" * 21_000_000))}, "goes beyond 20 MiB"),
    ],
)
def test_what_is_no_rules_file_is_refused_with_words(signed_in, data, says):
    answer = give(signed_in, **data)
    assert says in answer.content.decode()
    kept = RulesFile.objects.first()
    assert (answer.status_code, kept) == (422, None) or kept.state == "failed"
    assert not Draft.objects.exists()


def test_it_takes_an_archive_of_rules_files(signed_in):
    lists, rest = FILE.split("- macro: harbour_tool\n")
    upload = SimpleUploadedFile(
        "rules.zip", archive(rules_d__10_yaml=lists, rules_d__20_yaml="- macro: harbour_tool\n" + rest)
    )
    assert "Harbour tool started" in give(signed_in, file=upload).content.decode()


OVER_TAKEN = """
- list: rpm_binaries
  items: [rpm, '"75-system-updat"']
- list: known_writers
  items: [rpm_binaries, our-tool]
- macro: package_write
  condition: (proc.name in (rpm_binaries) or proc.pname in (known_writers))
- rule: Write below rpm
  desc: d
  condition: evt.type = openat and fd.name startswith /var/lib/rpm and not package_write
  output: o
  priority: ERROR
"""


@pytest.mark.parametrize("where", list(importing.Where))
def test_wherever_macros_and_lists_go_the_rule_matches_what_it_matched_in_the_file(people, where):
    """rpm_binaries is built in with other values, so it cannot become the team's own list."""
    plan = importing.plan(people.team, [("rules.yaml", OVER_TAKEN)], importing.Placing(where))
    assert [(item.findings, item.choices[0]) for item in plan.items if item.kind == "rule"] == [((), "add")]
