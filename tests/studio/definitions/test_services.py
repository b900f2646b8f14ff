"""Writing macros and lists: who may, against which version, and what is refused."""

from __future__ import annotations

import pytest

from rules_export.findings import Severity
from rules_export.lints.registry import lints
from rules_export.ruleset.model import Rule
from rules_export.verdict.editing import check_rule
from studio.accounts.permissions import RoleNeeded
from studio.audit.models import JournalEntry
from studio.definitions import queries, services
from studio.definitions.checking import check
from studio.definitions.models import Definition
from studio.definitions.services import InUseError, RefusedError, StaleDefinitionError
from studio.definitions.values import LIST, MACRO, NOTHING, Own, Term
from studio.lab.compiled import compile_rule, ruleset

pytestmark = pytest.mark.django_db


def test_a_macro_is_made_journalled_and_remembered(shelf, people):
    found = shelf.macro("acme_backup", "spawned_process and proc.name = rsync", "A backup ran.")
    assert shelf.own.terms["acme_backup"] == found.term
    assert [(one.number, one.label, one.by) for one in queries.history(found)] == [(1, "Created", people.ada)]
    assert JournalEntry.objects.get(verb="definition.created").target == "acme_backup"


def test_each_write_is_a_version_and_a_stale_one_is_refused(shelf):
    found = shelf.macro("acme_backup", "proc.name = rsync")
    shelf.write(found, condition="proc.name = restic")
    assert shelf.own.terms["acme_backup"].condition == "proc.name = restic"
    with pytest.raises(StaleDefinitionError) as stale:
        shelf.write(found, condition="proc.name = tar", version=1)
    assert stale.value.theirs.condition == "proc.name = restic"
    assert [one.condition for one in queries.history(found)] == ["proc.name = restic", "proc.name = rsync"]


def test_viewers_write_nothing(shelf, people):
    with pytest.raises(RoleNeeded):
        shelf.macro("acme_backup", "proc.name = rsync", by=people.vic)
    found = shelf.macro("acme_backup", "proc.name = rsync")
    for deed in (lambda: shelf.write(found, by=people.vic, description="x"),
                 lambda: services.delete(found.pk, people.team, people.vic)):  # fmt: skip
        with pytest.raises(RoleNeeded):
            deed()


def test_another_team_neither_sees_nor_writes_it(shelf, people):
    found = shelf.macro("acme_backup", "proc.name = rsync")
    assert not queries.own(people.other_team.pk).terms
    with pytest.raises(Definition.DoesNotExist):
        services.delete(found.pk, people.other_team, people.sam)


def test_a_deleted_one_is_free_to_come_back(shelf, people):
    found = shelf.macro("acme_backup", "proc.name = rsync")
    services.delete(found.pk, people.team, people.ada)
    assert not shelf.own.terms
    services.bring_back(found.pk, people.team, people.ada)
    assert [one.label for one in queries.history(found)] == ["Brought back", "Deleted", "Created"]
    services.delete(found.pk, people.team, people.ada)
    shelf.list("acme_backup", "rsync")
    with pytest.raises(RefusedError, match="Your team has a list of this name"):
        services.bring_back(found.pk, people.team, people.ada)


def test_what_is_used_can_neither_go_nor_be_renamed(shelf, desk, people):
    tools = shelf.list("acme_tools", "rsync")
    backup = shelf.macro("acme_backup", "proc.name in (acme_tools)")
    desk.post("condition", condition="spawned_process and acme_backup")
    with pytest.raises(InUseError, match="the macro acme_backup"):
        services.delete(tools.pk, people.team, people.ada)
    with pytest.raises(InUseError, match="the rule "):
        services.delete(backup.pk, people.team, people.ada)
    with pytest.raises(InUseError):
        shelf.write(backup, name="other_backup")
    desk.post("condition", condition="spawned_process")
    shelf.write(backup, name="other_backup")
    services.delete(backup.pk, people.team, people.ada)
    services.delete(tools.pk, people.team, people.ada)


def own(*terms: Term) -> Own:
    return NOTHING.changed(*terms)


def macro(name: str, condition: str) -> Term:
    return Term(MACRO, name, condition)


def listed(name: str, *items: str) -> Term:
    return Term(LIST, name, items=items)


@pytest.mark.parametrize(
    ("term", "others", "code"),
    [
        (macro("", "proc.name = a"), (), "MEWS_NAME_MISSING"),
        (macro("two words", "proc.name = a"), (), "MEWS_NAME_MALFORMED"),
        (macro("exists", "proc.name = a"), (), "MEWS_NAME_MALFORMED"),
        (macro("x" * 101, "proc.name = a"), (), "MEWS_NAME_TOO_LONG"),
        (macro("spawned_process", "proc.name = a"), (), "MEWS_NAME_BUILT_IN"),
        (listed("shell_binaries", "a"), (), "MEWS_NAME_BUILT_IN"),
        (listed("acme", "a"), (macro("acme", "proc.name = a"),), "MEWS_NAME_TAKEN"),
        (listed("bash", "a"), (), "MEWS_NAME_IS_VALUE"),
        (listed("execve", "a"), (), "MEWS_NAME_IS_VALUE"),
        (macro("acme", ""), (), "MEWS_CONDITION_MISSING"),
        (macro("acme", "proc.name = ("), (), "LOAD_ERR_COMPILE_CONDITION"),
        (macro("acme", "nobody_knows"), (), "LOAD_ERR_VALIDATE"),
        (macro("acme", "proc.nme = a"), (), "LOAD_ERR_COMPILE_CONDITION"),
        (macro("acme", "not acme"), (), "MEWS_LOOP"),
        (macro("acme", "other"), (macro("other", "third"), macro("third", "acme")), "MEWS_LOOP"),
        (listed("acme", "inner"), (listed("inner", "deep"), listed("deep", "a")), "MEWS_NESTED_TOO_DEEP"),
        (listed("acme", "deep"), (listed("outer", "acme"), listed("deep", "a")), "MEWS_NESTED_TOO_DEEP"),
        (listed("acme", "acme"), (), "MEWS_LOOP"),
        (listed("acme", *map(str, range(5001))), (), "MEWS_LIST_TOO_LONG"),
        (listed("acme", "a)b"), (), "LOAD_ERR_COMPILE_CONDITION"),
    ],
)  # fmt: skip
def test_what_cannot_be_one_is_said(term, others, code):
    found = check(term, own(*others))
    assert (found[0].code, found[0].severity) == (code, Severity.ERROR)


@pytest.mark.parametrize(
    ("term", "code", "severity"),
    [
        (macro("Acme", "proc.name = a"), "MEWS_NAME_CASE", Severity.ADVICE),
        (listed("acme"), "MEWS_LIST_EMPTY", Severity.ADVICE),
        (listed("acme", "a", "b", "a"), "MEWS_DUPLICATE_VALUES", Severity.WARNING),
        (listed("acme", "spawned_process"), "MEWS_MACRO_IN_LIST", Severity.WARNING),
        (macro("acme", "proc.name in (shel_binaries)"), "MEWS_UNKNOWN_LIST", Severity.WARNING),
    ],
)
def test_what_looks_wrong_is_said_and_allowed(term, code, severity):
    assert [(one.code, one.severity) for one in check(term, NOTHING)] == [(code, severity)]


@pytest.mark.parametrize(
    "term",
    [
        macro("acme", "proc.name in (shell_binaries, acme_tool)"),
        macro("acme", "not container"),
        listed("acme", "rsync", "shell_binaries", '"a, b"', "/opt/acme (x86)".replace("(x86)", "x")),
    ],
)
def test_what_is_fine_is_left_alone(term):
    assert check(term, NOTHING) == []


def test_saving_refuses_what_the_check_finds(shelf):
    with pytest.raises(RefusedError, match="leads back to itself: acme → acme"):
        shelf.macro("acme", "not acme")
    found = shelf.macro("acme", "proc.name = rsync")
    with pytest.raises(RefusedError, match=r"nonexistent field proc\.nme"):
        shelf.write(found, condition="proc.nme = rsync")


TOOLS, BACKUP = (
    listed("acme_tools", "rsync", "restic"),
    macro("acme_backup", "spawned_process and proc.name in (acme_tools)"),
)
RULE = Rule("Backup", "acme_backup and user.name != root", "x | user=%user.name", "x", "NOTICE",
            brings=(TOOLS.item, BACKUP.item))  # fmt: skip
RSYNC = {"evt.type": "execve", "evt.dir": "<", "proc.name": "rsync", "user.name": "ada"}


def test_a_rule_means_by_the_names_what_it_brings():
    assert compile_rule(RULE).condition.decides(RSYNC)
    assert not compile_rule(RULE).condition.decides({**RSYNC, "proc.name": "tar"})
    assert not check_rule(RULE, ruleset(RULE.brings))


def test_a_closure_holds_what_a_text_needs_each_after_its_own_needs():
    all_of_them = own(macro("a", "b and proc.name in (l)"), macro("b", "c"), macro("c", "proc.name = x"),
                      listed("l", "m"), listed("m", "x"), macro("unused", "a"))  # fmt: skip
    assert [one.name for one in all_of_them.closure(["not a"])] == ["c", "b", "m", "l", "a"]
    assert all_of_them.closure(["proc.name = b"]) == ()
    assert all_of_them.dependents("m") == {"l", "a", "unused"}


def test_a_macro_is_spared_what_is_said_of_whole_rules():
    """Whether a lint speaks of whole rules stands where the lint is registered."""
    of_rules = {one.code for one in lints() if one.whole_rule}
    assert "MEWS_NO_EVENT_TYPE" in of_rules
    found = {one.code for one in check(Term(MACRO, "by_shell", "proc.name = bash"), Own())}
    assert found.isdisjoint(of_rules)
