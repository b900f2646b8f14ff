"""The machine interface: a request as one line of JSON in, its answer as one line of JSON out, in order.

No request ends the loop. A line that is no request, an operation that nobody offers and a failure inside one all get an
answer with `error`, so that the caller can match answers to requests by their `id`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO

#: Which function answers an operation. It gets the request and returns the answer without its id.
OPERATIONS = {
    "validate": ("rules_export.verdict.machine", "validate_answer"),
    "condition": ("rules_export.falco_checks.machine", "condition_answer"),
    "match": ("rules_export.evaluation.machine", "match_answer"),
    "lint": ("rules_export.cli.linting", "lint_answer"),
    "render": ("rules_export.output.machine", "render_answer"),
}
#: Falco nests a condition 1000 levels deep at most; each level of a tree takes json a few calls.
_DEEPEST = 10_000


def run_batch(requests: BinaryIO, answers: BinaryIO) -> int:
    """Answer every line of `requests` on `answers`; returns the exit status, always 0."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _DEEPEST))  # json recurses over trees as deep as Falco allows
    for line in requests:
        if line.strip():
            answers.write(_as_line(answer(line)))
            answers.flush()
    return 0


def answer(line: bytes) -> dict[str, Any]:
    """The answer to one line."""
    request: Any = None
    try:
        request = json.loads(line)
        return _dispatch(request)
    except Exception as error:  # whatever one request does, the next one still gets its answer
        identity = request.get("id") if isinstance(request, dict) else None
        return {"id": identity, "error": f"{type(error).__name__}: {error}"}


def _dispatch(request: Any) -> dict[str, Any]:
    if not isinstance(request, dict):
        raise ValueError("a request is a JSON object with `id` and `op`")
    operation = request.get("op")
    if not isinstance(operation, str) or operation not in OPERATIONS:
        raise ValueError(f"unknown op {operation!r}; known: {', '.join(OPERATIONS)}")
    module, name = OPERATIONS[operation]
    handler: Callable[[dict[str, Any]], dict[str, Any]] = getattr(import_module(module), name)
    return {"id": request.get("id"), **handler(request)}


def _as_line(value: dict[str, Any]) -> bytes:
    """JSON in ASCII, so that text carried in surrogate escapes can be written too."""
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"
