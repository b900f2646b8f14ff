"""A rule tried on events: what fires, what decides, what an exception silences, and what cannot be told."""

from __future__ import annotations

import pytest

from rules_export.language.parser import parse
from rules_export.ruleset.model import Rule, RuleException
from studio.lab.noise import culprits
from studio.lab.results import sample
from studio.lab.running import TOLD, alert_of, run
from studio.lab.scoring import scorer

RM = {
    "evt.type": "execve",
    "evt.rawres": 0,
    "evt.failed": False,
    "proc.name": "rm",
    "proc.args": "-rf /backup",
    "user.name": "ada",
}
LS = {**RM, "proc.name": "ls", "proc.args": "-l"}
RULE = Rule("Gone", "proc.name = dd or (proc.name = rm and proc.args contains -rf)", "Gone %proc.name", "", "CRITICAL")
SAMPLES = [sample("rm", "rm", RM), sample("ls", "ls", LS, "no_match")]


def test_it_tells_which_clause_decides_and_what_the_alert_reads():
    fired, silent = run(RULE, SAMPLES).outcomes
    assert (fired.matched, fired.clause, fired.path) == (True, "proc.name = rm and proc.args contains -rf", (1,))
    assert fired.text.endswith("Critical Gone rm")
    assert (silent.matched, silent.as_expected) == (False, True)
    assert 'proc.name is "ls"' in silent.reason


def test_it_names_the_exception_that_silences():
    rule = Rule(**{**_as_dict(RULE), "exceptions": (RuleException("ada", ("user.name",), ("=",), (("ada",),)),)})
    outcome = run(rule, SAMPLES).outcomes[0]
    assert (outcome.matched, outcome.silenced_by) == (False, ("ada",))
    assert outcome.reason == "silenced by the exception ada"


def test_it_says_what_an_event_lacks():
    outcome = run(RULE, [sample("x", "x", {"evt.type": "execve", "proc.name": "rm"})]).outcomes[0]
    assert (outcome.matched, outcome.reason) == (None, "needs proc.args")


@pytest.mark.parametrize(
    ("condition", "trouble"),
    [
        ("", "There is no condition"),
        ("proc.name =", "does not parse"),
        ("no_such_macro", "Nobody defines the macro no_such_macro"),
        ("no.such = 1", "Falco refuses the condition"),
    ],
)
def test_it_says_why_a_rule_cannot_be_tried(condition, trouble):
    result = run(Rule("x", condition, "", "", "DEBUG"), SAMPLES)
    assert trouble in result.trouble
    assert not result.is_good


def test_it_counts_ordinary_life_apart():
    result = run(RULE, SAMPLES[:1], [sample("b", "b", LS, "no_match"), sample("c", "c", RM, "no_match")])
    assert (result.ordinary_count, [item.sample.key for item in result.ordinary]) == (2, ["c"])
    assert result.is_good


def test_it_is_quick_without_reasons_and_says_the_same():
    slow, quick = run(RULE, SAMPLES), run(RULE, SAMPLES, explained=False)
    assert [item.matched for item in slow.outcomes] == [item.matched for item in quick.outcomes]
    assert all(not item.reason for item in quick.outcomes)


def test_it_takes_an_event_that_cannot_be_read_as_unknown():
    outcome = run(RULE, [sample("bad", "bad", {"proc.pid": "many"})]).outcomes[0]
    assert outcome.matched is None
    assert "cannot be read" in outcome.reason


def test_it_scores_each_part_on_the_samples():
    score = scorer(SAMPLES)
    assert score(parse("proc.name in (rm, ls)")) == (1, 1, 1, 1)
    assert score(parse("proc.name = rm")) == (1, 1, 0, 1)
    assert score(parse("no_such_macro")) is None


def test_it_renders_no_alert_from_an_output_that_falco_refuses():
    assert alert_of(Rule("x", "", "%no.such", "", "DEBUG"), SAMPLES[0]) is None


def _as_dict(rule):
    return {name: getattr(rule, name) for name in rule.__dataclass_fields__}


def test_it_groups_noise_by_who_causes_it():
    loud = [sample(str(n), str(n), {**RM, "proc.pname": "cron" if n < 3 else "bash"}, "no_match") for n in range(5)]
    result = run(RULE, [], loud)
    assert [(one.process, one.parent, one.count) for one in culprits(result.ordinary)] == [
        ("rm", "cron", 3),
        ("rm", "bash", 2),
    ]
    assert result.per_thousand == 1000


def test_it_explains_only_the_first_of_many_loud_events():
    many = [sample(str(number), str(number), RM, "no_match") for number in range(TOLD + 5)]
    ordinary = run(RULE, [], many).ordinary
    assert (len(ordinary), sum(bool(one.text) for one in ordinary)) == (TOLD + 5, TOLD)
