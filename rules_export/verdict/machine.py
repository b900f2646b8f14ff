"""The operation `validate` of the machine interface."""

from __future__ import annotations

from typing import Any

from rules_export.verdict.loading import validate
from rules_export.verdict.report import flat_result


def validate_answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answer {"files": [{"name", "content"}], "plugins"?} by {"exit_code", "fatal", "results"}.

    Raises ValueError for a request of another shape.
    """
    files = request.get("files")
    if not isinstance(files, list) or not all(_is_file(file) for file in files):
        raise ValueError("`validate` needs `files`, a list of objects with texts `name` and `content`")
    plugins = request.get("plugins", "container")
    if not isinstance(plugins, str):
        raise ValueError("`plugins` is the name of a plugin set: container or all")
    verdict = validate([(file["name"], file["content"]) for file in files], plugins)
    return {
        "exit_code": verdict.exit_code,
        "fatal": verdict.fatal,
        "results": [flat_result(result) for result in verdict.results],
    }


def _is_file(file: object) -> bool:
    return isinstance(file, dict) and isinstance(file.get("name"), str) and isinstance(file.get("content"), str)
