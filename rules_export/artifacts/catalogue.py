"""What a pack holds, for people to read: Markdown and HTML with the same content."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from rules_export.artifacts.pack import Member, Pack
from rules_export.write.bundle import Bundle

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#18212d;background:#fff}"
    "pre{overflow:auto;padding:.75rem;background:#f0f2f5}code,pre{font:14px/1.45 ui-monospace,monospace}"
    "dt{color:#55606f}dd{margin:0 0 .5rem}h2{margin-top:2.5rem;border-top:1px solid #c9d0d9;padding-top:1rem}"
    "@media(prefers-color-scheme:dark){body{color:#e6eaf0;background:#12171e}pre{background:#1b222c}dt{color:#a9b3c0}"
    "a{color:#7cc7d6}}"
)


def markdown(pack: Pack, bundle: Bundle) -> str:
    """The catalogue as Markdown."""
    parts = [f"# {_plain(pack.title)} {pack.version}", _plain(pack.description), *_needs(bundle)]
    parts.append("\n".join(f"{number}. {_plain(one.rule.name)}" for number, one in enumerate(pack.members, 1)))
    parts += [part for member in pack.members for part in _rule(member)]
    return "\n\n".join(part for part in parts if part) + "\n"


def html(pack: Pack, bundle: Bundle) -> str:
    """The catalogue as one HTML page that needs nothing else."""
    title = escape(f"{pack.title} {pack.version}")
    names = "".join(f'<li><a href="#rule-{n}">{escape(m.rule.name)}</a></li>' for n, m in enumerate(pack.members, 1))
    rules = "".join(_section(number, member) for number, member in enumerate(pack.members, 1))
    needs = "".join(f"<p>{escape(line)}</p>" for line in _needs(bundle))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>\n'
        f"<body><h1>{title}</h1><p>{escape(pack.description)}</p>{needs}<ol>{names}</ol>\n{rules}</body></html>\n"
    )


def _needs(bundle: Bundle) -> list[str]:
    plugins = ", ".join(f"{one.name} {one.version}" for one in bundle.required_plugin_versions)
    more = f", and the plugins {plugins}" if plugins else ""
    return [f"Needs engine {bundle.required_engine_version} or newer{more}."]


def _facts(member: Member) -> Iterable[tuple[str, str]]:
    rule = member.rule
    yield "Priority", rule.priority
    if not rule.enabled:
        yield "State", "disabled"
    if member.techniques:
        yield "ATT&CK", ", ".join(member.techniques)
    if rule.tags:
        yield "Tags", ", ".join(rule.tags)
    if rule.exceptions:
        yield "Exceptions", ", ".join(one.name for one in rule.exceptions)
    if member.approvers:
        yield "Approved by", ", ".join(member.approvers)
    if fires := [one.name for one in member.examples if one.fires]:
        yield "Fires on", "; ".join(fires)
    if silent := [one.name for one in member.examples if not one.fires]:
        yield "Stays silent on", "; ".join(silent)


def _rule(member: Member) -> list[str]:
    rule = member.rule
    facts = "\n".join(f"- {name}: {_plain(value)}" for name, value in _facts(member))
    return [f"## {_plain(rule.name)}", _plain(rule.desc), facts, _fence(rule.condition), _fence(rule.output)]


def _section(number: int, member: Member) -> str:
    rule = member.rule
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in _facts(member))
    return (
        f'<section id="rule-{number}"><h2>{escape(rule.name)}</h2><p>{escape(rule.desc)}</p><dl>{facts}</dl>'
        f'<pre tabindex="0"><code>{escape(rule.condition)}</code></pre>'
        f'<pre tabindex="0">{escape(rule.output)}</pre></section>\n'
    )


def _plain(text: str) -> str:
    """Text in which Markdown sees no mark-up of its own."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))


def _fence(text: str) -> str:
    """A block of code whose fence is longer than any within."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text.strip()}\n{fence}"
