"""The operation `render` of the machine interface: a template filled in with the fields of one event."""

from __future__ import annotations

from typing import Any

from rules_export.errors import OutputError
from rules_export.output.template import parse, prepare

REFUSED = "LOAD_ERR_COMPILE_OUTPUT"


def render_answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answer {"template", "event": {"fields"}, "source"?, "plugins"?} by {"rendered"}, or None, "code" and "message".

    Raises ValueError for a request of another shape.
    """
    template, event = request.get("template"), request.get("event")
    fields = event.get("fields") if isinstance(event, dict) else None
    if not isinstance(template, str) or not isinstance(fields, dict):
        raise ValueError("`render` needs a text `template` and an `event` with an object `fields`")
    try:
        ready = parse(prepare(template)[0], request.get("source", "syscall"), request.get("plugins", "container"))
    except OutputError as error:
        return {"rendered": None, "code": REFUSED, "message": error.message}
    return {"rendered": ready.render(fields)}
