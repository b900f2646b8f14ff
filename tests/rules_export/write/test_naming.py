"""Rules of several rule sets in one file: each keeps what it means by its names."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules_export.catalog.macros import LISTS, MACROS, words
from rules_export.compare.expansion import Expander, differences, same
from rules_export.definitions.closure import Vocabulary, closure, texts_of
from rules_export.errors import EmitError
from rules_export.ruleset.model import List, Macro, Rule, RuleException, RuleSet
from rules_export.verdict.loading import Load
from rules_export.verdict.settled import load_settled
from rules_export.write.bundle import bundle
from rules_export.write.naming import refuse_unless_unchanged

SHARED = Path(os.environ.get("MEWS_SHARED", Path(__file__).parents[4] / "shared"))
RULE = Rule("Shell", "evt.type = execve and proc.name in (shells)", "shell %proc.name", "A shell.", "NOTICE")


def of_set(rule_set: str, rules: RuleSet) -> list[Rule]:
    """The rules with what they bring of their own file, as an import hands them over: a word that is a list of ours
    and none of the file's is brought as a list of itself."""
    vocabulary = Vocabulary({one.name: one for one in rules.macros}, {one.name: one for one in rules.lists})
    found = []
    for rule in rules.rules:
        needed = closure([rule], vocabulary)
        texts = [*texts_of(rule), *(one.condition for one in needed.macros)]
        texts += [item for one in needed.lists for item in one.items]
        named = {word for text in texts for word in words(text)} & LISTS.keys() - vocabulary.lists.keys()
        literal = (List(name, (name,)) for name in sorted(named))
        found.append(replace(rule, brings=(*needed.lists, *needed.macros, *literal), rule_set=rule_set))
    return found


def meaning(rule: Rule) -> object:
    """The expanded rule by itself."""
    vocabulary = Vocabulary.of(
        [one for one in rule.brings if isinstance(one, Macro)],
        [one for one in rule.brings if isinstance(one, List)],
        (),
    )
    return Expander(vocabulary.macros.values(), vocabulary.lists.values()).rule(rule)


def loaded(text: str, before: str = "") -> tuple[dict[str, Rule], Expander]:
    load = Load()
    for name, content in (("before.yaml", before), ("rules.yaml", text)):
        if content:
            assert not load.add(name, content).errors
    return {one.name: one for one in load.collector.as_model().rules}, Expander.of_load(load)


def test_it_keeps_names_that_nobody_else_means_otherwise() -> None:
    rule = replace(RULE, rule_set="acme", brings=(List("shells", ("bash", "ash")),))
    made = bundle([rule], "standalone")
    assert made.lists == (List("shells", ("bash", "ash")),)


def test_two_rule_sets_keep_their_own_lists() -> None:
    one = replace(RULE, rule_set="acme", brings=(List("shells", ("bash",)),))
    other = replace(RULE, name="Other shell", rule_set="other-set", brings=(List("shells", ("zsh",)),))
    made = bundle([one, other], "standalone")
    assert made.lists == (List("shells", ("bash",)), List("shells_other_set", ("zsh",)))


def test_equal_texts_over_unequal_lists_are_not_equal() -> None:
    """Equality is transitive: spawned_process of two sets is one macro, a macro over their lists is two."""
    macro = Macro("is_shell", "proc.name in (shells)")
    rules = [
        replace(RULE, name=name, condition="evt.type = execve and is_shell", rule_set=name, brings=(listed, macro))
        for name, listed in (("a", List("shells", ("bash",))), ("b", List("shells", ("zsh",))))
    ]
    made = bundle(rules, "standalone")
    assert [one.name for one in made.macros] == ["is_shell", "is_shell_b"]
    assert made.macros[1].condition == "proc.name in (shells_b)"


def test_an_overlay_leaves_the_macros_of_the_files_before_alone() -> None:
    """A macro of upstream that a rule set means otherwise is not redefined: upstream's own rules would change."""
    narrow = Macro("spawned_process", "(evt.type = execve and proc.name != sh)")
    rule = replace(RULE, condition="spawned_process and proc.name = ash", rule_set="acme", brings=(narrow,))
    made = bundle([rule], "overlay")
    assert [one.name for one in made.macros] == ["spawned_process_acme"]
    same_rule = replace(rule, brings=(Macro("spawned_process", MACROS["spawned_process"].condition),))
    assert bundle([same_rule], "overlay").macros == ()


def test_our_own_rules_keep_the_librarys_lists_beside_a_rule_set() -> None:
    ours = replace(RULE, name="Ours", condition="evt.type = execve and proc.name in (shell_binaries)")
    theirs = replace(ours, name="Theirs", rule_set="acme", brings=(List("shell_binaries", ("mysh",)),))
    rules, expander = loaded(bundle([theirs, ours], "standalone").text)
    for rule in (ours, theirs):
        assert same(expander.rule(rules[rule.name]), meaning(rule))  # type: ignore[arg-type]


def test_a_value_is_no_reference_to_a_list_of_ours() -> None:
    """`shell_binaries` is a mere value in a file that defines no list of that name."""
    rule = replace(
        RULE, condition="evt.type = execve and proc.name in (shell_binaries, x)", rule_set="acme",
        brings=(List("shell_binaries", ("shell_binaries",)),),
        exceptions=(RuleException("e", ("proc.name", "proc.pname"), ("=", "in"), (("shell_binaries", ("x", "y")),)),),
    )  # fmt: skip
    made = bundle([rule], "standalone")
    assert made.lists == ()
    rules, expander = loaded(made.text)
    assert same(expander.rule(rules["Shell"]), meaning(rule))  # type: ignore[arg-type]


def test_a_list_of_one_set_does_not_take_the_place_of_anothers_value() -> None:
    one = replace(RULE, condition="evt.type = execve and proc.name = bash", rule_set="a")
    other = replace(
        RULE, name="Other", condition="evt.type = execve and proc.name in (bash)", rule_set="b",
        brings=(List("bash", ("bash", "ash")),),
    )  # fmt: skip
    for mode in ("standalone", "overlay"):
        rules, expander = loaded(bundle([one, other], mode).text)  # type: ignore[arg-type]
        for rule in (one, other):
            assert same(expander.rule(rules[rule.name]), meaning(rule))  # type: ignore[arg-type]


def test_it_refuses_a_file_in_which_a_rule_would_change() -> None:
    load = Load()
    made = bundle([replace(RULE, condition="evt.type = execve and proc.name = x")])
    load.add("rules.yaml", made.text)
    changed = replace(RULE, condition="evt.type = execve and proc.name = y")
    with pytest.raises(EmitError) as refusal:
        refuse_unless_unchanged([changed], (), load)
    assert [one.code for one in refusal.value.findings] == ["MEWS_MEANING_CHANGED"]


NAMES = ("alpha", "beta", "spawned_process", "shell_binaries", "container", "bash")
VALUES = ("bash", "alpha", "shell_binaries", '"10.0.0.0/8"', "'x y'", "beta")


@st.composite
def rule_sets(draw: st.DrawFn) -> str:
    """A rules file with nested macros, lists in lists, and names that are ours or values elsewhere."""
    lines = []
    lists = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))
    for place, name in enumerate(lists):
        items = draw(st.lists(st.sampled_from([*VALUES, *lists[:place]]), min_size=1, max_size=3))
        lines.append(f"- list: {name}\n  items: [{', '.join(map(repr_yaml, items))}]")
    macros: list[str] = []
    values = st.sampled_from([*VALUES, *lists])
    for name in draw(st.lists(st.sampled_from([one for one in NAMES if one not in lists]), unique=True, max_size=3)):
        check = f"proc.name in ({draw(values)}, {draw(values)})"
        if macros and draw(st.booleans()):
            check += f" or {draw(st.sampled_from(macros))}"
        lines.append(f"- macro: {name}\n  condition: ({check})")
        macros.append(name)
    for number in range(draw(st.integers(1, 3))):
        check = f"evt.type = execve and proc.pname in ({draw(values)})"
        if macros:
            check += f" and not {draw(st.sampled_from(macros))}"
        lines.append(
            f"- rule: Rule {number}\n  condition: {check}\n  output: o\n  desc: d\n  priority: NOTICE\n  exceptions:\n"
            f"    - name: e\n      fields: [proc.name, proc.cmdline]\n      comps: [in, =]\n"
            f"      values:\n        - [[{repr_yaml(draw(values))}], z]"
        )
    return "\n".join(lines) + "\n"


def repr_yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(rule_sets(), min_size=1, max_size=3), st.sampled_from(["standalone", "overlay"]), st.booleans())
def test_whatever_rule_sets_are_released_together_every_rule_keeps_its_meaning(
    texts: list[str], mode: str, with_ours: bool
) -> None:
    rules = []
    for number, text in enumerate(texts):
        found = load_settled([("rules.yaml", text)])
        if any(result.errors for result in found.results):
            continue
        rules += [replace(one, name=f"{one.name} of {number}") for one in of_set(f"set-{number}", found.rules)]
    if with_ours:
        rules.append(replace(RULE, condition="spawned_process and proc.name in (shell_binaries) and not container"))
    if not rules:
        return
    try:
        made = bundle(rules, mode)  # type: ignore[arg-type]
    except EmitError:
        print("\n----\n".join(texts), mode)
        raise
    before = [MACROS[name] for name in MACROS if MACROS[name].upstream_file == "falco_rules.yaml"]
    lists = [one for one in LISTS.values() if one.upstream_file == "falco_rules.yaml"]
    assumed = "".join(f"- list: {one.name}\n  items: [{', '.join(map(repr_yaml, one.items))}]\n" for one in lists)
    assumed += "".join(f"- macro: {one.name}\n  condition: {repr_yaml(one.condition)}\n" for one in before)
    written, expander = loaded(made.text, assumed if mode == "overlay" else "")
    for rule in rules:
        assert same(expander.rule(written[rule.name]), meaning(rule)), made.text  # type: ignore[arg-type]


@pytest.mark.skipif(not (SHARED / "upstream").is_dir(), reason="needs the Falco project's rule sets")
@pytest.mark.parametrize("version", ["3.2.0", "5.0.0"])
def test_official_rule_sets_come_out_as_they_went_in(version: str) -> None:
    files = [(path.name, path.read_text()) for path in sorted((SHARED / "upstream" / version).glob("*.yaml"))]
    files.sort(key=lambda one: one[0] != "falco_rules.yaml")
    found = load_settled(files)
    assert not any(result.errors for result in found.results)
    rules = of_set("falco", found.rules)
    assert differences(files, [("rules.yaml", bundle(rules, "standalone").text)]) == []
