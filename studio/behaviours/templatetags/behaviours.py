"""Filters of the behaviour pages: a clause in colours, an event's telling fields."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from rules_export.catalog import versions
from studio.behaviours.highlight import pieces
from studio.behaviours.records import SampleEvent, Setting, SuggestedException

register = template.Library()

LONGEST_LINE = 12_000
_FIRST = (
    "evt.type",
    "proc.cmdline",
    "proc.pname",
    "user.name",
    "fd.name",
    "fs.path.name",
    "fs.path.target",
    "container.image.repository",
)


@register.filter
def clause(text: str) -> SafeString:
    """A clause with its words marked up by kind; the text itself stays as it is."""
    return format_html_join("", "{}", ((_marked(kind, piece),) for kind, piece in pieces(text)))


def _marked(kind: str, piece: str) -> SafeString | str:
    return format_html('<span class="code-{}">{}</span>', kind, piece) if kind else piece


@register.filter
def telling_fields(event: SampleEvent) -> list[tuple[str, object]]:
    """The few fields that say what the event is."""
    return [(name, event.fields[name]) for name in _FIRST if event.fields.get(name) not in (None, "")]


@register.filter
def falco(engine: str) -> str:
    """The release of Falco that brought an engine."""
    return versions.release(engine).falco


@register.filter
def as_line(event: SampleEvent) -> str:
    """The event as a line of JSON for the lab; nothing where it is very long."""
    line = json.dumps({"name": event.name, "fields": dict(event.fields)}, ensure_ascii=False)
    return line if len(line) <= LONGEST_LINE else ""


@register.filter
def cmdline(fields: Mapping[str, object]) -> str:
    """The command line of an event's process."""
    return str(fields["proc.cmdline"])


@register.filter
def rows(exception: SuggestedException) -> list[str]:
    """The rows of a suggested exception, each as the condition that it leaves out."""
    return [
        " and ".join(
            f"{name} {comp} {_value(cell)}"
            for name, comp, cell in zip(exception.fields, exception.comps, row, strict=True)
        )
        for row in exception.values
    ]


def _value(cell: str | tuple[str, ...]) -> str:
    return f"({', '.join(cell)})" if isinstance(cell, tuple) else cell


@register.filter
def lines(setting: Setting) -> str:
    """A parameter's value as it stands in its input: one value on each line."""
    return "\n".join(map(str, setting)) if isinstance(setting, tuple) else str(setting)
