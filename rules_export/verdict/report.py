"""The report of a verdict: `falco -V`'s JSON object, its text, and the flat form of the machine interface."""

from __future__ import annotations

import json
from typing import Any

from rules_export.language.escapes import to_bytes_text
from rules_export.ruleset.context import CONDITION_EXPRESSION, Context, Problem
from rules_export.verdict.codes import SHORT, describe
from rules_export.verdict.loading import FileResult, Verdict

_SNIPPET_WIDTH = 160
_NO_CONTEXT = "<No context available>\n"


def as_json(verdict: Verdict) -> str:
    """The one line that `falco -V` prints with JSON output: keys in order, no blanks."""
    results = [_file_report(result) for result in verdict.results]
    text = json.dumps({"falco_load_results": results}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "replace").decode("utf-8")


def as_text(verdict: Verdict) -> str:
    """What `falco -V` prints without JSON output, with the warnings that it would leave to its log."""
    return "\n".join(_file_text(result) for result in verdict.results)


def flat_result(result: FileResult) -> dict[str, Any]:
    """A result as the machine interface gives it: each problem with its item path and innermost line and column."""
    return {
        "name": result.name,
        "successful": result.successful,
        "errors": [_flat_problem(problem) for problem in result.errors],
        "warnings": [_flat_problem(problem) for problem in result.warnings],
        "schema_valid": result.schema_valid,
    }


def _flat_problem(problem: Problem) -> dict[str, Any]:
    at = problem.context.position
    path = [{"item_type": place.item_type, "item_name": _shown(place.item_name)} for place in problem.context.chain()]
    flat: dict[str, Any] = {
        "code": problem.code,
        "message": _shown(problem.message),
        "item_path": path,
        "line": at.line,
        "column": at.column,
    }
    if problem.deprecated_field:
        flat["deprecated_field"] = problem.deprecated_field
    if problem.further:
        flat["further"] = True
    return flat


def _shown(text: str) -> str:
    """Text that any reader of JSON takes: bytes that are no UTF-8 become the replacement character."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _file_report(result: FileResult) -> dict[str, Any]:
    status = "none" if result.schema_valid is None else "ok" if result.schema_valid else "failed"
    return {
        "name": result.name,
        "successful": result.successful,
        "errors": [_problem_report(problem) for problem in result.errors],
        "warnings": [_problem_report(problem) for problem in result.warnings],
        "schema_valid": status,
        "schema_warnings": result.schema_warnings,
    }


def _problem_report(problem: Problem) -> dict[str, Any]:
    report: dict[str, Any] = {
        "code": problem.code,
        "codedesc": describe(problem.code),
        "message": _shown(problem.message),
        "context": {
            "locations": [_location(place) for place in problem.context.chain()],
            "snippet": snippet(problem.context),
        },
    }
    if problem.deprecated_field:
        report["deprecated_field"] = problem.deprecated_field
    if problem.further:
        report["further"] = True
    return report


def _location(place: Context) -> dict[str, Any]:
    at = place.position
    return {
        "item_type": place.item_type,
        "item_name": _shown(place.item_name),
        "position": {"name": place.place_name, "line": at.line, "column": at.column, "offset": at.offset},
    }


def snippet(context: Context) -> str:
    """The line of the place and a caret below it; cut to 80 bytes on each side of the caret."""
    in_condition = context.item_type == CONDITION_EXPRESSION
    content = to_bytes_text(context.text) if in_condition else context.file.source.text
    if not content:
        return _NO_CONTEXT
    half, last = _SNIPPET_WIDTH // 2, len(content) - 1
    at = min(context.position.offset, last)
    while at > 0 and content[at] == "\n":
        at -= 1
    first = max(0, at - half)
    newline = content.rfind("\n", first, at + 1)
    begin = newline if newline >= 0 else first
    furthest = min(last, at + half)
    newline = content.find("\n", at, furthest + 1)
    end = newline if newline >= 0 else furthest
    begin += content[begin] == "\n"
    end -= content[end] == "\n"
    line = content[begin : end + 1].encode("latin-1").decode("utf-8", "replace")
    if not line:
        return _NO_CONTEXT
    if at - begin >= half:
        line = "..." + line[3:]
    if end - at >= half:
        line = line[:-3] + "..."
    caret = at - begin
    return f"{line}\n" + (" " * caret + "^\n" if caret <= len(line) else "")


def _file_text(result: FileResult) -> str:
    if not result.successful:
        head = f"{result.name}: Invalid"
    elif result.warnings:
        head = f"{result.name}: Ok, with warnings"
    else:
        return f"{result.name}: Ok"
    parts = [head]
    for problems, title in ((result.errors, "Errors"), (result.warnings, "Warnings")):
        if problems:
            parts.append(f"{len(problems)} {title}:")
            parts += [_problem_text(problem) for problem in problems]
    return "\n".join(parts)


def _problem_text(problem: Problem) -> str:
    lines = []
    for number, place in enumerate(problem.context.chain()):
        at = place.position
        name = f" '{place.item_name}'" if place.item_name else ""
        begin = "    " if number else "In "
        lines.append(f"{begin}{place.item_type}{name}: ({place.place_name}:{at.line}:{at.column})")
    short = SHORT.get(problem.code, "")
    if problem.deprecated_field:
        short += f": field '{problem.deprecated_field}'"
    further = " [Falco stops before this one]" if problem.further else ""
    lines += ["------", snippet(problem.context) + "------", f"{problem.code} ({short}): {problem.message}{further}"]
    return "\n".join(lines)
