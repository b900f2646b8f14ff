"""Rules, macros and lists as the YAML of a rules file: the ecosystem's order of keys, the same bytes for equal items.

What is written reads back through Falco's reader as it was: names, descriptions and outputs as the same text,
conditions as the same words and the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rules_export.errors import ConditionSyntaxError
from rules_export.language.ast import Node
from rules_export.language.layout import pretty
from rules_export.language.parser import parse
from rules_export.language.printer import to_text
from rules_export.ruleset.model import Entry, Item, List, Macro, PluginVersion, Rule, RuleException
from rules_export.write.scalars import block, flow, folded, inline, quoted, unfolded

_BLANKS = " \t\r\n"
_NEIGHBOURS = re.compile(r"[ \t\r\n(),=]+")
#: Columns that a line of a condition may take.
WIDTH = 110
#: Columns that a list between brackets may take; longer ones get a line for each item.
FLOW_WIDTH = 118


def to_yaml(
    items: Iterable[Item],
    *,
    comment: str = "",
    required_engine_version: str = "",
    required_plugin_versions: Sequence[PluginVersion] = (),
) -> str:
    """A whole rules file: a comment of as many lines as `comment` has, the requirements, then the items as given.

    Raises EmitError for text that YAML cannot carry.
    """
    parts = ["\n".join(_comment(line) for line in comment.split("\n"))] if comment else []
    if required_engine_version:
        parts.append(f"- required_engine_version: {inline(required_engine_version)}")
    if required_plugin_versions:
        parts.append("\n".join(["- required_plugin_versions:", *_plugins(required_plugin_versions)]))
    parts += [item_yaml(item) for item in items]
    return "\n\n".join(parts) + "\n" if parts else ""


def _comment(line: str) -> str:
    """A line of comment; what could end it, or the file, for some reader becomes a blank."""
    return ("# " + "".join(char if char.isprintable() else " " for char in line)).rstrip()


@lru_cache(maxsize=16384)
def item_yaml(item: Item) -> str:
    """One item, as an element of the file's sequence, without the line end after it."""
    match item:
        case Rule():
            lines = _rule(item)
        case Macro(name, condition):
            lines = [f"macro: {inline(name)}", f"condition: {_condition(condition)}"]
        case List(name, items):
            lines = [f"list: {inline(name)}", _sequence("items", [flow(one) for one in items])]
    return "- " + "\n  ".join("\n".join(lines).split("\n")).replace("\n  \n", "\n\n")


def _rule(rule: Rule) -> list[str]:
    lines = [
        f"rule: {inline(rule.name)}",
        f"desc: {folded(rule.desc, 2) or quoted(rule.desc)}",
        f"condition: {_condition(rule.condition)}",
    ]
    if not rule.enabled:
        lines.append("enabled: false")
    lines += [f"output: {inline(rule.output)}", f"priority: {inline(_priority(rule.priority))}"]
    if rule.tags:
        lines.append(_sequence("tags", [flow(tag) for tag in rule.tags]))
    if rule.exceptions:
        lines += ["exceptions:", *(f"  {line}" for one in rule.exceptions for line in exception_lines(one))]
    if rule.source != "syscall":
        lines.append(f"source: {inline(rule.source)}")
    if not rule.warn_evttypes:
        lines.append("warn_evttypes: false")
    if rule.skip_if_unknown_filter:
        lines.append("skip-if-unknown-filter: true")
    if rule.capture:
        lines.append("capture: true")
    if rule.capture_duration:
        lines.append(f"capture_duration: {rule.capture_duration}")
    return lines


def _priority(priority: str) -> str:
    upper = priority.upper()
    return "INFORMATIONAL" if upper == "INFO" else upper


def _condition(text: str) -> str:
    """The condition as a folded block: as its author laid it out, else one clause a line, else as one paragraph.

    It is laid out anew only where the same words come out, since Falco puts lists in place of words: `"shells"` between
    quotes is a text, and bare it may be a list.
    """
    bare = text.strip(_BLANKS)
    ended = bare + "\n" if text.endswith("\n") else bare
    try:
        node = parse(text)
    except ConditionSyntaxError:  # a text that only makes sense once Falco has put lists in their places
        return folded(ended, 2) or quoted(text)
    laid = pretty(node, WIDTH)
    for lines in (bare.split("\n"), laid.split("\n")):
        if _reads_back(lines, node) and _words(unfolded(lines)) == _words(bare):
            return block(lines, 2, ended)
    return folded(ended, 2) or quoted(text)


def _reads_back(lines: list[str], node: Node) -> bool:
    if len(lines) == 1 and len(lines[0]) > WIDTH and len(pretty(node, WIDTH).split("\n")) > 1:
        return False
    if any(not line.isprintable() or not line or line != line.rstrip() for line in lines) or lines[0][0] == " ":
        return False
    try:
        return to_text(parse(unfolded(lines))) == to_text(node)  # trees may be too deep to compare
    except ConditionSyntaxError:
        return False


def _words(text: str) -> list[str]:
    """The words of a condition, in whose place Falco would put a list of that name."""
    return [word for word in _NEIGHBOURS.split(text) if word]


def _sequence(key: str, items: list[str]) -> str:
    """`key: [a, b]` where it fits on a line, else an item a line."""
    line = f"{key}: [{', '.join(items)}]"
    if len(line) <= FLOW_WIDTH:
        return line
    rows: list[str] = []
    for place, item in enumerate(items):
        piece = item + ("," if place < len(items) - 1 else "")
        if rows and len(rows[-1]) + 1 + len(piece) <= FLOW_WIDTH:
            rows[-1] += " " + piece
        else:
            rows.append("  " + piece)
    return "\n".join([f"{key}: [", *rows, "]"])


def exception_lines(exception: RuleException) -> list[str]:
    """One exception, as an element of the sequence `exceptions`, line by line."""
    lines = [f"name: {inline(exception.name)}", f"fields: {_entry(exception.fields)}"]
    if exception.comps is not None:
        lines.append(f"comps: {_entry(exception.comps)}")
    if exception.values:
        if isinstance(exception.fields, tuple):
            lines += ["values:", *(f"  - {_entry(row)}" for row in exception.values)]
        else:
            lines += _sequence("values", [_entry(value) for value in exception.values]).split("\n")
    above = [_comment(exception.comment)] if exception.comment else []
    return above + [("- " if place == 0 else "  ") + line for place, line in enumerate(lines)]


def _entry(entry: Entry) -> str:
    if entry is None:
        return "null"
    if isinstance(entry, tuple):
        return f"[{', '.join(map(_entry, entry))}]"
    return flow(entry)


def _plugins(plugins: Sequence[PluginVersion]) -> list[str]:
    lines: list[str] = []
    for plugin in plugins:
        lines += [f"    - name: {inline(plugin.name)}", f"      version: {inline(plugin.version)}"]
        if plugin.alternatives:
            lines.append("      alternatives:")
            for other in plugin.alternatives:
                lines += [f"        - name: {inline(other.name)}", f"          version: {inline(other.version)}"]
    return lines
