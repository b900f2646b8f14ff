"""The alert that a rule yields, as Falco would write it."""

from rules_export.output.alert import alert
from rules_export.ruleset.model import Rule


def test_it_writes_falcos_keys_in_falcos_order():
    rule = Rule(
        name="Delete backups",
        condition="proc.name = rm",
        output="Backups deleted | user=%user.name process=%proc.name fd=%fd.name",
        desc="…",
        priority="CRITICAL",
        tags=("mitre_impact", "T1490", "host"),
    )
    made = alert(rule, {"proc.name": "rm", "user.name": "eve"}, 1710950412194095280, hostname="web-1")
    assert list(made) == ["hostname", "output", "output_fields", "priority", "rule", "source", "tags", "time"]
    assert made["output"] == "16:00:12.194095280: Critical Backups deleted | user=eve process=rm fd=<NA>"
    assert made["output_fields"] == {
        "evt.time": 1710950412194095280,
        "fd.name": None,
        "proc.name": "rm",
        "user.name": "eve",
    }
    assert made["tags"] == ["T1490", "host", "mitre_impact"]
    assert made["time"] == "2024-03-20T16:00:12.194095280Z"


def test_it_spells_info_in_full():
    rule = Rule(name="R", condition="evt.num = 0", output="x", desc="d", priority="info")
    assert alert(rule, {}, 0)["priority"] == "Informational"
