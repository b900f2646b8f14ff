"""Findings on a rules file as SARIF 2.1.0, which code hosts and editors show beside the lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rules_export.archives.packing import sha256
from rules_export.artifacts.canonical import pretty_json
from rules_export.findings import Finding, Severity
from rules_export.lints import registry
from rules_export.verdict.codes import EXPLAINED, SHORT
from rules_export.write.scalars import inline

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
#: Falco's documentation of rules, for its own codes.
FALCO_DOCS = "https://falco.org/docs/concepts/rules/"
#: The key of our fingerprints; its number changes with what goes into them.
FINGERPRINT = "mewsFinding/v1"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}
#: How much a finding weighs, as GitHub reads it.
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "recommendation"}
#: A part of a rule → the key of the file that holds it.
_KEYS = {"condition": "condition", "output": "output", "exceptions": "exceptions", "desc": "desc"}
_KEYS |= {"priority": "priority", "tags": "tags"}


@dataclass(frozen=True, slots=True)
class Tool:
    """What made the findings: its name, its version, and the address of the studio that explains each code ("" where
    there is none)."""

    name: str
    version: str = ""
    home: str = ""


def sarif(findings: Iterable[Finding], file_name: str, text: str, tool: Tool, run: str = "") -> bytes:
    """The findings on the rules file `text`, each at the line of the part of the rule that it speaks of.

    run: the name of the run; code hosts keep results together by the part before its last slash.
    """
    found = list(findings)
    codes = sorted({one.code for one in found})
    lines = text.split("\n")
    starts = {line: number for number, line in enumerate(lines) if line.startswith("- rule: ")}
    prints = _fingerprints(found)
    body: dict[str, Any] = {"tool": {"driver": _driver(tool, [_rule(code, found, tool) for code in codes])}}
    if run:
        body["automationDetails"] = {"id": run}
    body["columnKind"] = "unicodeCodePoints"
    body["results"] = [
        _result(one, codes.index(one.code), file_name, _line(one, lines, starts), mark)
        for one, mark in zip(found, prints, strict=True)
    ]
    return pretty_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [body]})


def _driver(tool: Tool, rules: list[dict[str, Any]]) -> dict[str, Any]:
    driver: dict[str, Any] = {"name": tool.name}
    if tool.version:
        driver |= {"fullName": f"{tool.name} {tool.version}", "version": tool.version, "semanticVersion": tool.version}
    if tool.home:
        driver["informationUri"] = tool.home
    return {**driver, "rules": rules}


def _rule(code: str, findings: Sequence[Finding], tool: Tool) -> dict[str, Any]:
    """What a code means: its title, what to do about it, where it is explained, and how much it usually weighs."""
    lint = registry.known(code)
    severity = lint.severity if lint else next(one.severity for one in findings if one.code == code)
    title = lint.title if lint else SHORT.get(code, code)
    advice = lint.hint if lint else EXPLAINED.get(code, title)
    tags = ["falco", lint.family] if lint else ["falco", "load"]
    found: dict[str, Any] = {
        "id": code,
        "name": "".join(word.capitalize() for word in code.partition("_")[2].split("_")) or code,
        "shortDescription": {"text": title},
        "fullDescription": {"text": advice},
        "help": {"text": f"{title}. {advice}", "markdown": f"**{title}**\n\n{advice}"},
    }
    if address := f"{tool.home}/lints/{code}/" if lint and tool.home else "" if lint else FALCO_DOCS:
        found["helpUri"] = address
    found["defaultConfiguration"] = {"level": _LEVELS[severity]}
    found["properties"] = {"tags": tags, "problem.severity": _PROBLEMS[severity]}
    return found


def _fingerprints(findings: Sequence[Finding]) -> list[str]:
    """A mark for each finding that stays the same while lines move; equal findings are numbered."""
    seen: Counter[str] = Counter()
    marks = []
    for one in findings:
        digest = sha256("\0".join((one.code, one.item, one.place, one.message)).encode())[:32]
        seen[digest] += 1
        marks.append(f"{digest}:{seen[digest]}")
    return marks


def _result(one: Finding, code: int, file_name: str, line: int, mark: str) -> dict[str, Any]:
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
        "partialFingerprints": {FINGERPRINT: mark},
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
