"""The studio's lints over rules files: `lint`, and the operation of the same name."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from rules_export.catalog.macros import LISTS, MACROS
from rules_export.cli.errors import UsageError
from rules_export.errors import ConditionSyntaxError
from rules_export.findings import Finding, Severity
from rules_export.language.ast import Node
from rules_export.language.parser import parse
from rules_export.lints.registry import known
from rules_export.lints.runner import LintContext, studio_checks
from rules_export.ruleset.model import RuleSet
from rules_export.verdict.loading import load_ruleset


def lint_files(files: Sequence[tuple[str, bytes]], off: Collection[str], plugins: str, as_object: bool) -> int:
    """Print what the lints say of the rules; 1 where one is a warning or Falco does not load the files."""
    try:
        found = findings(files, off, plugins)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if as_object:
        print(json.dumps([_as_object(one) for one in found], separators=(",", ":")))
    for one in found if not as_object else ():
        where = f"{one.place} {one.span.start.line}:{one.span.start.column}" if one.span else one.place
        print(f"{one.severity.capitalize()} {one.code}: {one.item} ({where}): {one.message}")
    return int(any(one.severity is Severity.WARNING for one in found))


def lint_answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answer `{"files": [{name, content}], "disable"?: [code], "plugins"?}` with findings."""
    files = [(str(file["name"]), file["content"]) for file in request["files"]]
    off = request.get("disable") or ()
    if isinstance(off, str) or not all(isinstance(code, str) for code in off):
        raise ValueError("`disable` is a list of codes")
    found = findings(files, off, request.get("plugins") or "container")
    return {"findings": [_as_object(one) for one in found]}


def findings(files: Sequence[tuple[str, str | bytes]], off: Collection[str], plugins: str) -> list[Finding]:
    """What the lints say of every rule, in the order of the files, without those that are off.

    Raises ValueError for a code that is no lint's, and for files that Falco does not load.
    """
    for code in off:
        if known(code) is None:
            why = "what Falco itself says cannot be switched off" if code.startswith("LOAD_") else "no lint has it"
            raise ValueError(f"--disable {code}: {why}")
    rules, verdict = load_ruleset(files, plugins)
    if verdict.fatal is not None or not all(one.successful for one in verdict.results):
        raise ValueError("Falco does not load these files; `validate` says why")
    context = _context(rules)
    return [one for rule in rules.rules for one in studio_checks(rule, context) if one.code not in off]


def _context(rules: RuleSet) -> LintContext:
    """The library's macros and lists, and above them those of the files."""
    macros = {one.name: one.condition for one in MACROS.values()} | {one.name: one.condition for one in rules.macros}
    trees = {name: tree for name, text in macros.items() if (tree := _tree(text)) is not None}
    lists = {one.name: one.items for one in LISTS.values()} | {one.name: one.items for one in rules.lists}
    return LintContext(trees, lists)


def _tree(text: str) -> Node | None:
    try:
        return parse(text)
    except ConditionSyntaxError:
        return None


def _as_object(one: Finding) -> dict[str, Any]:
    start = one.span.start if one.span else None
    return {
        "rule": one.item,
        "code": one.code,
        "severity": str(one.severity),
        "place": one.place,
        "message": one.message,
        "hint": one.hint,
        "line": start.line if start else None,
        "column": start.column if start else None,
        "fix": one.fix.title if one.fix else None,
    }
