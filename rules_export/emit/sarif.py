"""Findings on a rules file as SARIF 2.1.0, which code hosts and editors show beside the lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rules_export.emit.canonical import pretty_json
from rules_export.emit.scalars import inline
from rules_export.findings import Finding, Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}
#: A part of a rule → the key of the file that holds it.
_KEYS = {"condition": "condition", "output": "output", "exceptions": "exceptions", "desc": "desc"}
_KEYS |= {"priority": "priority", "tags": "tags"}


def sarif(findings: Iterable[Finding], file_name: str, text: str, made_by: str, version: str) -> bytes:
    """The findings on the rules file `text`, each at the line of the part of the rule that it speaks of."""
    found = list(findings)
    codes = sorted({one.code for one in found})
    lines = text.split("\n")
    starts = {line: number for number, line in enumerate(lines) if line.startswith("- rule: ")}
    run: dict[str, Any] = {
        "tool": {"driver": {"name": made_by, "semanticVersion": version, "rules": [{"id": code} for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.code), file_name, _line(one, lines, starts)) for one in found],
    }
    return pretty_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(one: Finding, code: int, file_name: str, line: int) -> dict[str, Any]:
    place: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": file_name}, "region": {"startLine": line}},
    }
    if one.item:
        place["logicalLocations"] = [{"name": one.item, "fullyQualifiedName": f"{one.item}/{one.place}"}]
    words = " ".join(part for part in (one.message or one.code, one.hint) if part)
    return {
        "ruleId": one.code,
        "ruleIndex": code,
        "level": _LEVELS[one.severity],
        "message": {"text": words},
        "locations": [place],
    }


def _line(one: Finding, lines: list[str], starts: dict[str, int]) -> int:
    """From 1: the line of the key in the rule, else the rule's first line, else the file's."""
    start = starts.get(f"- rule: {inline(one.item)}") if one.item else None
    if start is None:
        return 1
    key = f"  {_KEYS.get(one.place, 'rule')}:"
    for number in range(start + 1, len(lines)):
        if lines[number].startswith("- "):
            break
        if lines[number].startswith(key):
            return number + 1
    return start + 1
