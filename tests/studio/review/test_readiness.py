"""What may be submitted: a rule needs no technique, and an imported rule keeps the warnings that it came with."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from rules_export.errors import EmitError
from rules_export.ruleset.model import List, Macro, Rule, RuleSet
from rules_export.verdict.loading import load_ruleset
from rules_export.write.bundle import bundle
from studio.authoring import services as authoring
from studio.authoring.content import RuleContent, needing, to_rule
from studio.authoring.examination import examine
from studio.authoring.models import Draft
from studio.authoring.reading import content_of
from studio.authoring.steps import State, progress
from studio.definitions import queries as definitions
from studio.definitions import rule_sets
from studio.definitions.values import Own
from studio.packs import pack_services
from studio.packs.making import make
from studio.packs.materials import members
from studio.packs.proposing import worked_out
from studio.review import decisions, services
from studio.review.services import NotReadyError

SHARED = Path(os.environ.get("MEWS_SHARED", Path(__file__).parents[4] / "shared"))
UPSTREAM = SHARED / "upstream"

PLAIN = RuleContent(
    name="Shell in a pod",
    desc="Detects a shell.",
    condition="evt.type = execve and proc.name = sh",
    output="A shell | user=%user.name",
    touched=frozenset({"name", "desc", "output", "tags"}),
)
LOUD = replace(PLAIN, condition="proc.name = sh")
K8S = replace(
    PLAIN,
    condition="ka.verb = create and ka.target.resource = pods and not ka.user.name startswith system:",
    output="A pod was created | user=%ka.user.name",
    source="k8s_audit",
)
CLOUDTRAIL = replace(
    PLAIN, condition="ct.name = ConsoleLogin", output="Sign-in | user=%ct.user", source="aws_cloudtrail"
)


@pytest.fixture
def relaxed(people):
    """The cast, in a team that asks for no sample events."""
    people.team.samples_required = False
    people.team.save()
    return people


def submit(people, content: RuleContent):
    draft = authoring.begin_with(people.team, people.ada, content, "Import")
    return services.hand_in(draft.pk, people.team, people.ada, draft.version)


def approve(people, revision):
    return decisions.approve(revision.pk, people.team, people.rui, revision.content_hash)


@pytest.mark.parametrize("content", [PLAIN, K8S, CLOUDTRAIL], ids=["syscall", "k8s_audit", "aws_cloudtrail"])
def test_a_rule_without_a_technique_is_submitted_approved_and_exported(relaxed, content):
    revision = approve(relaxed, submit(relaxed, content))
    assert revision.state == "approved"
    assert revision.draft.complete
    assert to_rule(revision.rule_content()) == to_rule(content)
    made = make([{"draft": 1, "content": revision.content}], "standalone")
    assert not made.reasons
    (again,) = load_ruleset([("x", made.text)], "all")[0].rules
    assert again.source == content.source


def test_the_step_of_the_technique_is_optional():
    states = {one.step.slug: one.state for one in progress(PLAIN, (), "check", ready=True)}
    assert states["technique"] is State.OPTIONAL
    chosen = replace(PLAIN, techniques=("T1490",), primary="T1490")
    states = {one.step.slug: one.state for one in progress(chosen, (), "check", ready=True)}
    assert states["technique"] is State.DONE


def test_an_imported_rule_needs_no_sample_events(people):
    with pytest.raises(NotReadyError, match="No attack event yet"):
        submit(people, PLAIN)
    assert approve(people, submit(people, replace(PLAIN, rule_set="official"))).state == "approved"


def test_a_warning_stops_the_teams_own_rule_and_not_an_imported_one(relaxed):
    with pytest.raises(NotReadyError, match="Falco would warn about the condition"):
        submit(relaxed, LOUD)
    revision = approve(relaxed, submit(relaxed, replace(LOUD, rule_set="official")))
    (warning,) = [one for one in revision.summary["findings"] if one["code"] == "LOAD_NO_EVTTYPE"]
    assert warning["severity"] == "warning"
    made = make([{"draft": revision.draft_id, "content": revision.content}], "standalone")
    assert made.text
    assert "Shell in a pod: " in made.summary["warnings"][0]


def test_an_error_stops_an_imported_rule_too(relaxed):
    broken = replace(LOUD, condition="proc.nme = sh", rule_set="official")
    with pytest.raises(NotReadyError, match="Falco would refuse the condition"):
        submit(relaxed, broken)


def test_the_check_page_says_that_warnings_may_stay(relaxed, signed_in):
    draft = authoring.begin_with(relaxed.team, relaxed.ada, replace(LOUD, rule_set="official"), "Import")
    page = signed_in.get(f"/drafts/{draft.pk}/check/").content.decode()
    assert "Falco gives 1 warning about this rule" in page
    assert 'id="hand-in"' in page
    own = authoring.begin_with(relaxed.team, relaxed.ada, LOUD, "Import")
    page = signed_in.get(f"/drafts/{own.pk}/check/").content.decode()
    assert "1 warning to settle" in page
    assert 'id="hand-in"' not in page


def rule(content: RuleContent, **changes) -> Rule:
    return replace(to_rule(content), **changes)


def test_a_file_keeps_the_warnings_of_an_imported_rule_set_alone():
    unused = (Macro("never_used", "evt.type = open"), List("odd name", ("x",)))
    imported = rule(LOUD, rule_set="official", brings=(Macro("loud-name", "proc.name = sh"),))
    made = bundle([imported, rule(PLAIN, name="Own")], "standalone")
    assert [(one.code, one.item) for one in made.warnings] == [("LOAD_NO_EVTTYPE", "Shell in a pod")]
    with pytest.raises(EmitError, match=r"would warn about.*\(Own\)") as refused:
        bundle([imported, rule(LOUD, name="Own")], "standalone")
    assert [one.item for one in refused.value.findings] == ["Own"]
    with pytest.raises(EmitError, match="would not load"):
        bundle([replace(imported, condition="proc.nme = sh")], "standalone")
    assert not {one.name for one in made.macros} & {one.name for one in unused}


def test_a_release_names_the_warnings_and_goes_out(relaxed):
    approve(relaxed, submit(relaxed, replace(LOUD, rule_set="official")))
    about = {"name": "official", "title": "Official", "description": "", "target": "0.42"}
    pack = pack_services.create(relaxed.team, relaxed.mai, **about)
    pack_services.add(pack, relaxed.mai, [Draft.objects.get().pk])
    proposal = worked_out(pack, tuple(members(pack)), None)
    assert not proposal.blockers
    assert [(one.code, one.rule) for one in proposal.warnings] == [("LOAD_NO_EVTTYPE", "Shell in a pod")]


def official() -> list[tuple[RuleSet, str]]:
    """The rules files of three versions and of the plugins, each loaded as its version loads them."""
    if not UPSTREAM.is_dir():
        return []
    found = []
    for version in ("1.0.1", "3.2.0", "5.0.0"):
        files = [(one.name, one.read_text(encoding="utf-8")) for one in sorted((UPSTREAM / version).glob("*.yaml"))]
        found.append((load_ruleset(files)[0], version))
    for path in sorted((UPSTREAM / "plugins").glob("*.yaml")):
        found.append((load_ruleset([(path.name, path.read_text(encoding="utf-8"))], "all")[0], path.stem))
    return found


@pytest.mark.skipif(not UPSTREAM.is_dir(), reason="the rules of the Falco project are not at hand")
def test_every_official_rule_is_ready_and_some_are_approved(people, monkeypatch):
    for found, name in official():
        own = Own({}, {name: rule_sets.terms_of(found)})
        monkeypatch.setattr(definitions, "own", lambda team, own=own: own)
        for place, each in enumerate(found.rules):
            content = needing(replace(content_of(each).content, rule_set=name), own)
            exam = examine(content, 0)
            assert exam.ready, (name, each.name, exam.lacks, [one.message for one in exam.stopping])
            if place % 20 == 0:
                approve(people, submit(people, content))


def test_drafts_that_lacked_a_technique_alone_become_complete(people):
    ready = authoring.begin_with(people.team, people.ada, PLAIN, "Import")
    half = authoring.begin_with(people.team, people.ada, replace(PLAIN, output=" "), "Import")
    Draft.objects.update(complete=False)
    import_module("studio.authoring.migrations.0004_optional_technique").complete(apps, None)
    assert list(Draft.objects.filter(complete=True)) == [ready]
    assert half.pk
