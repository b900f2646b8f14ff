"""The rule of the article that Mews grew from, as data, and how to compare a downloaded file with it."""

from __future__ import annotations

from typing import Any

import yaml

from rules_export.language.ast import And, Node, Or
from rules_export.language.parser import parse
from rules_export.language.visitor import expand

SERVICES = (
    "systemd-backlight@.service",
    "apport.service",
    "rescue.service",
    "emergency.service",
    "recovery-mode.service",
)
TOOLS = (
    ("rm", "-rf"),
    ("chattr", "+i"),
    ("mkfs.ext4", "-E nodiscard"),
    ("mount", "remount,ro"),
    *(("systemctl", f"disable {service}") for service in SERVICES),
)

#: The behaviours of the library that stand for the nine clauses.
BEHAVIOURS = (
    "t1490-rm-recursive-force",
    "t1490-chattr-immutable",
    "t1490-mkfs-nodiscard",
    "t1490-remount-readonly",
    "t1490-disable-systemd-backlight",
    "t1490-disable-apport",
    "t1490-disable-rescue",
    "t1490-disable-emergency",
    "t1490-disable-recovery-mode",
)
NAME = "Disable recovery features"
DESC = "Detects disabling system recovery features by deleting or disabling services and commands."
OUTPUT = "Disabling recovery features so that system becomes non recoverable in case of failure."
TAGS = ["mitre_impact", "inhibit_system_recovery", "T1490"]


def clauses(condition: str, macros: dict[str, Node]) -> set[frozenset[Node]]:
    """The alternatives of a condition, each as the set of its tests, with macros written out."""
    tree = expand(parse(condition), macros)
    return {frozenset(_flat(one)) for one in (tree.args if isinstance(tree, Or) else (tree,))}


def _flat(node: Node) -> list[Node]:
    return [leaf for arg in node.args for leaf in _flat(arg)] if isinstance(node, And) else [node]


def expected(macros: dict[str, Node]) -> set[frozenset[Node]]:
    """The article's nine clauses with `spawned_process` written out."""
    tests = [f'spawned_process and proc.name = "{tool}" and proc.args contains "{args}"' for tool, args in TOOLS]
    return {clause for test in tests for clause in clauses(test, macros)}


def read(text: str) -> tuple[dict[str, Any], dict[str, Node]]:
    """The only rule of a rules file, and its macros as trees."""
    items = yaml.load(text, yaml.BaseLoader)  # every scalar as text, as Falco reads it
    macros = {item["macro"]: parse(item["condition"]) for item in items if "macro" in item}
    [rule] = [item for item in items if "rule" in item]
    return rule, macros


def silences_root(rule: dict[str, Any]) -> bool:
    """Whether an exception of the rule says: user.name is root."""
    for one in rule["exceptions"]:
        fields = one["fields"] if isinstance(one["fields"], list) else [one["fields"]]
        if fields == ["user.name"] and "root" in str(one["values"]):
            return True
    return False
