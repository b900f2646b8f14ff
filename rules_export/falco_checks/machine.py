"""The machine interface's answer about one condition, taken as the condition of a one-rule file without macros."""

from __future__ import annotations

from typing import Any

from rules_export.errors import ConditionError, ConditionSyntaxError
from rules_export.falco_checks.condition import check_condition
from rules_export.language.ast import Identifier
from rules_export.language.parser import parse, position
from rules_export.language.serialising import to_dict
from rules_export.language.visitor import walk


def condition_answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answer `{"condition", "source"?, "plugins"?}` with ok, code, message, column, warnings and ast."""
    text = request["condition"]
    if not isinstance(text, str):
        raise ValueError("`condition` is a text")
    source, plugins = request.get("source") or "syscall", request.get("plugins") or "container"
    try:
        node = parse(text)
    except ConditionSyntaxError as error:
        return _refused("LOAD_ERR_COMPILE_CONDITION", error.message, error.position.column, (), None)
    ast = to_dict(node)
    for one in walk(node):
        if isinstance(one, Identifier):
            message = f"Undefined macro '{one.name}' used in filter."
            return _refused("LOAD_ERR_VALIDATE", message, position(text, one.p).column, (), ast)
    try:
        check = check_condition(node, source, plugins, text=text)
    except ConditionError as error:
        codes = tuple(finding.code for finding in error.warnings)
        if error.fatal:
            return _refused("FATAL", f"Runtime error: {error.message}. Exiting.", None, codes, ast)
        return _refused("LOAD_ERR_COMPILE_CONDITION", error.message, error.position.column, codes, ast)
    warnings = [finding.code for finding in check.warnings]
    return {"ok": True, "code": None, "message": None, "column": None, "warnings": warnings, "ast": ast}


def _refused(
    code: str, message: str, column: int | None, warnings: tuple[str, ...], ast: dict[str, Any] | None
) -> dict[str, Any]:
    return {"ok": False, "code": code, "message": message, "column": column, "warnings": list(warnings), "ast": ast}
