"""From drafts' content to the bytes of a rules file, or to the reasons why not. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rules_export.emit.bundle import bundle

from rules_export.errors import EngineError
from rules_export.findings import Finding, Severity
from rules_export.verdict import validate
from studio.authoring.content import from_json, to_rule
from studio.version import VERSION

MADE_BY = f"Mews {VERSION}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file is not made: which rule, Falco's code and words, and what to do."""

    code: str
    message: str
    rule: str = ""
    severity: str = "error"
    draft: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """The file as text with what it needs (`summary`), or `reasons` and no text."""

    text: str = ""
    reasons: tuple[Reason, ...] = ()
    summary: dict[str, Any] = field(default_factory=dict)


def make(rules: Sequence[Mapping[str, Any]], mode: str) -> Made:
    """The file of `rules` (each `{"draft", "version", "content"}`) in `mode` overlay or standalone.

    A file that has any error or engine warning when loaded by itself with what it needs is refused, as upstream's own
    checks do.
    """
    lacking = [reason for rule in rules for reason in _lacking(rule)]
    if lacking:
        return Made(reasons=tuple(lacking))
    twins = _twins(rules)
    if twins:
        return Made(reasons=tuple(twins))
    values = [to_rule(from_json(rule["content"])) for rule in rules]
    try:
        alone = bundle(values, mode="standalone", made_by=MADE_BY)
        wanted = alone if mode == "standalone" else bundle(values, mode="overlay", made_by=MADE_BY)
    except EngineError as error:
        return Made(reasons=tuple(_refusals(error, rules)))
    reasons = _verdict(alone.text, rules)
    if reasons:
        return Made(reasons=tuple(reasons))
    return Made(text=wanted.text, summary=_summary(wanted, alone.text))


def _lacking(rule: Mapping[str, Any]) -> list[Reason]:
    content = from_json(rule["content"])
    name = content.name or "Untitled rule"
    parts = {
        "a name": content.name,
        "a description": content.desc,
        "a condition": content.condition,
        "an output": content.output,
    }
    return [
        Reason("MEWS_INCOMPLETE", f"The rule has no {what.split(' ', 1)[1]} yet.", name, draft=rule.get("draft"))
        for what, text in parts.items()
        if not text.strip()
    ]


def _twins(rules: Sequence[Mapping[str, Any]]) -> list[Reason]:
    """Two rules of one name: the later would silently replace the earlier when Falco loads the file."""
    seen: set[str] = set()
    found = []
    for rule in rules:
        name = from_json(rule["content"]).name.strip()
        if name in seen:
            found.append(
                Reason(
                    "MEWS_SAME_NAME",
                    "Another rule of this export has the same name; Falco would keep only the last.",
                    name,
                    draft=rule.get("draft"),
                )
            )
        seen.add(name)
    return found


def _refusals(error: EngineError, rules: Sequence[Mapping[str, Any]]) -> list[Reason]:
    findings: Sequence[Finding] = getattr(error, "findings", ())
    if not findings:
        return [Reason("MEWS_REFUSED", str(error))]
    return [_reason(finding.code, finding.message, finding.item, str(finding.severity), rules) for finding in findings]


def _verdict(text: str, rules: Sequence[Mapping[str, Any]]) -> list[Reason]:
    verdict = validate([("falco_rules.local.yaml", text)])
    if verdict.fatal:
        return [Reason("FATAL", str(verdict.fatal))]
    found = []
    for result in verdict.results:
        for severity, entries in ((Severity.ERROR, result.errors), (Severity.WARNING, result.warnings)):
            found += [_reason(entry.code, entry.message, entry.item_name, str(severity), rules) for entry in entries]
    return found


def _reason(code: str, message: str, item: str, severity: str, rules: Sequence[Mapping[str, Any]]) -> Reason:
    by_name = {from_json(rule["content"]).name.strip(): rule.get("draft") for rule in rules}
    return Reason(code, message, item, severity, by_name.get(item))


def _summary(made: Any, standalone: str) -> dict[str, Any]:
    return {
        "required_engine_version": made.required_engine_version,
        "required_plugin_versions": [asdict(plugin) for plugin in made.required_plugin_versions],
        "macros": list(made.macros),
        "lists": list(made.lists),
        "reasons": [str(reason) for reason in made.reasons],
        "standalone": standalone,
    }
