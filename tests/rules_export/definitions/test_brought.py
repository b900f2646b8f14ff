"""Rules that bring macros and lists of a team's own: in the file, in what they catch, in what changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules_export.compare.difference import Effect, meaning_diff
from rules_export.compare.semver import Content, Level, reasons
from rules_export.definitions.brought import disagreements
from rules_export.errors import EmitError
from rules_export.language.parser import parse
from rules_export.language.words import in_words, outline
from rules_export.lints.context import LintContext
from rules_export.ruleset.model import List, Macro, Rule
from rules_export.write.bundle import bundle

TOOLS = List("acme_tools", ("rsync", "restic"))
BACKUP = Macro("acme_backup", "spawned_process and proc.name in (acme_tools)")
RULE = Rule("Backup", "acme_backup and user.name != root", "A backup ran | user=%user.name", "A backup ran.", "NOTICE",
            ("host", "process", "T1490"), brings=(TOOLS, BACKUP))  # fmt: skip


def test_the_file_defines_them_before_what_needs_them():
    text = bundle([RULE]).text
    assert text.index("list: acme_tools") < text.index("macro: acme_backup") < text.index("rule: Backup")


def test_two_rules_that_agree_share_one_definition():
    assert bundle([RULE, replace(RULE, name="Backup again")]).text.count("macro: acme_backup") == 1


def test_two_rules_that_mean_different_things_by_one_name_are_refused():
    other = replace(RULE, name="Second", brings=(List("acme_tools", ("tar",)), BACKUP))
    with pytest.raises(EmitError, match="list acme_tools says something else here than in Backup") as refused:
        bundle([RULE, other])
    assert [(one.code, one.item) for one in refused.value.findings] == [("MEWS_DEFINITIONS_DIFFER", "Second")]
    laid_out = replace(RULE, name="Third", brings=(TOOLS, Macro("acme_backup", f"{BACKUP.condition}\n")))
    assert not disagreements([RULE, laid_out])


def test_a_changed_definition_is_a_change_of_the_rule():
    wider = replace(RULE, brings=(List("acme_tools", ("rsync", "restic", "tar")), BACKUP))
    (change,) = meaning_diff(RULE, wider)
    assert (change.place, change.effect, change.says) == (
        "condition",
        Effect.MORE,
        "In the list acme_tools tar is new.",
    )
    macro = replace(RULE, brings=(TOOLS, Macro("acme_backup", "spawned_process and proc.name = rsync")))
    assert [(one.says, one.effect) for one in meaning_diff(RULE, macro)] == [
        ("The macro acme_backup says something else.", Effect.FEWER)
    ]


def test_a_name_that_begins_to_mean_a_definition_is_a_change_of_the_rule():
    plain = replace(RULE, brings=())
    assert [one.says for one in meaning_diff(plain, RULE)] == [
        "By acme_backup the rule means a macro of the team's own now."
    ]
    (back,) = meaning_diff(RULE, plain)
    assert (back.says, back.effect) == (
        "By acme_backup the rule no longer means a macro of the team's own.",
        Effect.OTHER,
    )


def test_a_version_counts_a_changed_list_once_as_a_patch():
    wider = List("acme_tools", ("rsync", "restic", "tar"))
    before = Content((RULE,), (BACKUP,), (TOOLS,))
    after = Content((replace(RULE, brings=(wider, BACKUP)),), (BACKUP,), (wider,))
    assert [(one.level, one.item) for one in reasons(before, after)] == [(Level.PATCH, "acme_tools")]


def test_a_name_that_the_library_has_too_means_the_brought_one():
    library = LintContext.of_library()
    own = library.bringing((Macro("spawned_process", "evt.type = clone"),))
    assert own.whole_macros["spawned_process"] == parse("evt.type = clone")
    assert library.bringing(()) is library
    assert library.bringing((TOOLS,)).items(("acme_tools",)) == TOOLS.items


def test_macros_are_read_out_with_what_they_say():
    tree = parse("not acme_backup and user.name = root")
    said = in_words(tree, {"acme_backup": "A backup tool was started."})
    assert said == "acme_backup (“A backup tool was started”) does not hold and the user is root"
    assert list(outline(parse("acme_backup"), {"acme_backup": "A backup."})) == [(0, "acme_backup (“A backup”) holds")]
    assert in_words(parse("acme_backup")) == "acme_backup holds"
