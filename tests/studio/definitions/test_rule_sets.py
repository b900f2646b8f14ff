"""Imported rule sets: macros and lists under their own names, apart from the team's and the built-in ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from rules_export.ruleset.model import List
from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.authoring import services as authoring
from studio.authoring.content import RuleContent
from studio.definitions import queries, rule_sets
from studio.definitions import services as definitions
from studio.definitions.rule_sets import RuleSetRefusedError, Source
from studio.definitions.services import InUseError
from studio.definitions.values import LIST, MACRO, Own, RuleSetTerms, Term
from studio.review import decisions
from studio.review import services as review
from studio.review.decisions import CannotDecideError

pytestmark = pytest.mark.django_db

SHELLS = Term(LIST, "shells", items=("bash", "ash"))
IS_SHELL = Term(MACRO, "is_shell", "proc.name in (shells)")
TERMS = RuleSetTerms({"shells": SHELLS, "is_shell": IS_SHELL}, frozenset({"shell_binaries", "proc.name", "x"}))
CONTENT = RuleContent(
    name="Shell", desc="A shell.", output="shell %proc.name", condition="evt.type = execve and is_shell"
)


@pytest.fixture
def rule_set(people):
    return rule_sets.create(people.team, people.ada, "Acme rules", Source(TERMS, [("acme.yaml", "- list: shells\n")]))


def draft_in(people, slug="acme-rules", content=CONTENT):
    return authoring.begin_with(people.team, people.ada, replace(content, rule_set=slug), "Import")


def test_a_rule_means_its_rule_sets_names_before_the_teams(people, rule_set):
    definitions.create(people.team, people.ada, Term(LIST, "shells", items=("zsh",)))
    draft = draft_in(people, rule_set.slug)
    assert {one.name: one for one in draft.rule_content().definitions}["shells"].items == ("bash", "ash")
    other = draft_in(people, "", RuleContent(name="x", condition="proc.name in (shells)"))
    assert [one.items for one in other.rule_content().definitions] == [("zsh",)]


def test_a_word_of_the_files_stays_a_value_whatever_lists_there_are():
    """`shell_binaries` is a built-in list, and a mere value in the files of this rule set."""
    own = Own({}, {"acme": TERMS}).within("acme")
    assert own.closure(["proc.name in (shell_binaries)"]) == (Term(LIST, "shell_binaries", items=("shell_binaries",)),)


def test_a_macro_that_is_named_like_a_value_is_no_loop():
    own = Own({"etckeeper": Term(MACRO, "etckeeper", "proc.aname = etckeeper")})
    assert own.needs(own.terms["etckeeper"]) == frozenset()


def test_titles_may_be_equal_and_short_names_are_not(people, rule_set):
    again = rule_sets.create(people.team, people.ada, "Acme rules", Source(TERMS))
    assert (rule_set.slug, again.slug) == ("acme-rules", "acme-rules-2")


def test_a_new_version_takes_the_place_of_the_old_one(people, rule_set):
    draft = draft_in(people, rule_set.slug)
    newer = RuleSetTerms({"shells": Term(LIST, "shells", items=("fish",)), "is_shell": IS_SHELL})
    rule_sets.update(people.team, people.ada, rule_set.slug, Source(newer))
    draft.refresh_from_db()
    assert List("shells", ("fish",)) in [one.item for one in draft.rule_content().definitions]
    assert JournalEntry.objects.filter(verb="rule_set.updated").count() == 1


def test_an_update_that_takes_a_name_from_a_draft_is_refused(people, rule_set):
    draft_in(people, rule_set.slug)
    with pytest.raises(RuleSetRefusedError, match="still use is_shell"):
        rule_sets.update(people.team, people.ada, rule_set.slug, Source(RuleSetTerms({"shells": SHELLS})))


def test_one_definition_can_be_changed(people, rule_set):
    changed = Term(MACRO, "is_shell", "proc.name in (shells) or proc.name = dash")
    rule_sets.change_term(people.team, people.ada, rule_set.slug, 1, changed)
    assert queries.own(people.team.pk).rule_sets[rule_set.slug].terms["is_shell"] == changed
    with pytest.raises(RuleSetRefusedError, match="Somebody else changed"):
        rule_sets.change_term(people.team, people.ada, rule_set.slug, 1, IS_SHELL)


@pytest.mark.parametrize("condition", ["", "proc.nme = x", "proc.name in (", "undefined_macro"])
def test_a_definition_that_falco_rejects_is_refused(people, rule_set, condition):
    with pytest.raises(RuleSetRefusedError):
        rule_sets.change_term(people.team, people.ada, rule_set.slug, 1, Term(MACRO, "is_shell", condition))


def test_a_rule_set_that_drafts_belong_to_stays(people, rule_set):
    draft = draft_in(people, rule_set.slug)
    with pytest.raises(InUseError):
        rule_sets.delete(people.team, people.ada, rule_set.slug)
    authoring.delete(draft.pk, people.team, people.ada)
    rule_sets.delete(people.team, people.ada, rule_set.slug)
    assert queries.own(people.team.pk).rule_sets == {}


def test_viewers_change_nothing(people, rule_set):
    with pytest.raises(RoleNeeded):
        rule_sets.rename(people.team, people.vic, rule_set.slug, "Mine")


def test_the_pages_show_and_change_it(people, rule_set, signed_in):
    draft_in(people, rule_set.slug)
    page = signed_in.get(reverse("definitions:rule_sets"))
    assert rule_set.title in page.content.decode()
    page = signed_in.get(rule_set.get_absolute_url())
    assert [term.name for term in page.context["terms"]] == ["shells", "is_shell"]
    assert page.context["rule_count"] == 1
    edit = reverse("definitions:edit_rule_set_term", args=[rule_set.slug, "shells"])
    assert signed_in.get(edit).context["affected"][0].name == "Shell"
    assert signed_in.post(edit, {"version": 1, "text": "bash\nzsh\n"}).status_code == 302
    assert queries.own(people.team.pk).rule_sets[rule_set.slug].terms["shells"].items == ("bash", "zsh")
    assert signed_in.post(edit, {"version": 1, "text": "bash"}).status_code == 422
    file = signed_in.get(reverse("definitions:rule_set_file", args=[rule_set.slug, 0]))
    assert file.content.decode() == "- list: shells\n"


def test_another_teams_rule_set_does_not_exist(people, rule_set, client):
    client.force_login(people.sam)
    assert client.get(rule_set.get_absolute_url()).status_code == 404


def test_who_changed_the_rule_set_does_not_approve_its_rules(people, rule_set):
    draft = draft_in(people, rule_set.slug)
    changed = Term(LIST, "shells", items=("bash", "dash"))
    rule_sets.change_term(people.team, people.rui, rule_set.slug, 1, changed)
    revision = review.hand_in(draft.pk, people.team, people.ada, draft.version)
    with pytest.raises(CannotDecideError):
        decisions.approve(revision.pk, people.team, people.rui, revision.content_hash)
    decisions.approve(revision.pk, people.team, people.mai, revision.content_hash)
    again = Term(LIST, "shells", items=("bash", "dash", "fish"))
    rule_sets.change_term(people.team, people.ada, rule_set.slug, 2, again)
    revision = review.hand_in(draft.pk, people.team, people.ada, draft.version)
    decisions.approve(revision.pk, people.team, people.rui, revision.content_hash)
