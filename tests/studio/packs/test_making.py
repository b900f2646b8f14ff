"""A file leaves only when Falco would load it without a word."""

from __future__ import annotations

import pytest

from rules_export.verdict.loading import validate
from studio.packs.making import make

T1490 = {
    "techniques": ["T1490"],
    "primary": "T1490",
    "condition": """spawned_process and ((proc.name = "rm" and proc.args contains "-rf")
        or (proc.name = "chattr" and proc.args contains "+i"))""",
    "exceptions": [{"name": "root", "fields": ["user.name"], "comps": ["="], "rows": [["root"]]}],
    "output": "Recovery features disabled | command=%proc.cmdline user=%user.name",
    "name": "Disable recovery features",
    "desc": "Detects the disabling of recovery features.",
    "priority": "CRITICAL",
    "tags": ["mitre_impact", "inhibit_system_recovery", "T1490"],
}


def chosen(**changes):
    return {"draft": 1, "version": 1, "content": {**T1490, **changes}}


def test_it_makes_a_standalone_file_that_loads_by_itself():
    made = make([chosen()], "standalone")
    verdict = validate([("falco_rules.local.yaml", made.text)])
    assert made.reasons == ()
    assert verdict.exit_code == 0
    assert [problem.code for result in verdict.results for problem in result.warnings] == []
    assert "- macro: spawned_process" in made.text


def test_it_leaves_upstream_macros_out_of_an_overlay_and_says_so():
    made = make([chosen()], "overlay")
    assert "- macro:" not in made.text
    assert made.summary["assumed"] == ["spawned_process"]


def test_it_gives_the_same_bytes_for_the_same_rules():
    assert make([chosen()], "overlay").text == make([chosen()], "overlay").text


def test_it_asks_for_the_container_plugin_where_its_fields_are_used():
    made = make([chosen(output="Gone %container.id %proc.cmdline")], "overlay")
    assert [plugin["name"] for plugin in made.summary["required_plugin_versions"]] == ["container"]
    assert "required_plugin_versions" in made.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"condition": "spawned_process and proc.nme = rm"}, "LOAD_ERR_COMPILE_CONDITION"),
        ({"condition": "proc.name = rm"}, "LOAD_NO_EVTTYPE"),
        ({"condition": "spawned_process and ("}, "LOAD_ERR_COMPILE_CONDITION"),
        ({"condition": "no_such_macro"}, "LOAD_ERR_VALIDATE"),
        ({"output": "100% sure"}, "LOAD_ERR_COMPILE_OUTPUT"),
        ({"condition": "spawned_process and evt.dir = <"}, "LOAD_DEPRECATED_ITEM"),
        ({"desc": " "}, "MEWS_INCOMPLETE"),
        ({"name": ""}, "MEWS_INCOMPLETE"),
    ],
)
def test_it_refuses_what_falco_refuses_or_warns_of(changes, code):
    made = make([chosen(**changes)], "standalone")
    assert made.text == ""
    assert code in {reason.code for reason in made.reasons}
    assert {reason.draft for reason in made.reasons} == {1}


def test_it_refuses_two_rules_of_one_name():
    made = make([chosen(), {**chosen(), "draft": 2}], "overlay")
    assert [(reason.code, reason.draft) for reason in made.reasons] == [("MEWS_SAME_NAME", 2)]
