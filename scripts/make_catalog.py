"""Write the catalogue's tables (rules_export/catalog/data/*_table.py) from the facts gathered off the engine.

usage: python scripts/make_catalog.py [FACTS]

FACTS is the folder with fields.json, events.json and evt_type_acceptance.json (default: ../shared/facts beside the
checkout, or $MEWS_SHARED/facts). The tables are Python modules, because Python keeps those compiled, and what every
start reads is one text with a line for each row: it loads in a fraction of a millisecond, rows are read when asked for.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "rules_export" / "catalog" / "data"
FLAGS = {
    "IS_LIST": "L",
    "DEPRECATED": "D",
    "FILTER_ONLY": "F",
    "PRINT_ONLY": "P",
    "TABLE_ONLY": "T",
    "NO_RHS": "R",
    "NO_TRANSFORMER": "X",
    "FORMAT_SUGGESTED": "S",
    "CONVERSATION": "C",
    "INFO": "I",
}
ARGUMENTS = {"none": "", "optional": "o", "required": "r"}
QUOTES = '"""'
KINDS = {"index": "i", "key": "k"}
HEADER = '"""{title} Written by scripts/make_catalog.py; do not edit."""\n\nfrom __future__ import annotations\n\n'


def fields_table(facts: Path) -> str:
    """Classes in the order in which the engine asks them, and each one's fields."""
    known = json.loads((facts / "fields.json").read_text())
    lines = [HEADER.format(title="Fields of the engine and of the plugins.")]
    lines.append(f"ENGINE = {known['engine']!r}\n\n")
    lines.append("# (class, sources, fields), a line for each field: name, type, argument and its kinds, flags\n")
    lines.append("CLASSES: tuple[tuple[str, tuple[str, ...], str], ...] = (\n")
    for index, group in enumerate(known["classes"]):
        name = "generic" if index == 0 else group["class"]
        rows = "\n".join(_field(field) for field in group["fields"])
        lines.append(
            f"    (\n        {name!r},\n        {tuple(group['event_sources'])!r},\n"
            f"        {QUOTES}{rows}{QUOTES},\n    ),\n"
        )
    lines.append(")\n")
    return "".join(lines)


def _field(field: dict[str, Any]) -> str:
    argument = ARGUMENTS[field["arg"]] + "".join(KINDS[kind] for kind in field["arg_kinds"])
    flags = "".join(sorted(FLAGS[flag] for flag in field["flags"] if flag in FLAGS))
    return f"{field['name']} {field['type']} {argument or '-'} {flags or '-'}"


def events_table(facts: Path) -> str:
    """Event names with their codes, system calls, what Falco leaves out by default, and parameter types."""
    known = json.loads((facts / "events.json").read_text())
    accepted = json.loads((facts / "evt_type_acceptance.json").read_text())["accepted"]
    codes: dict[str, list[int]] = {}
    arguments: dict[str, str] = {}
    categories: dict[str, str] = {}
    for event in known["events"]:
        codes.setdefault(event["name"], []).append(event["code"])
        categories.setdefault(event["name"], event["category"])
        for parameter in event["params"]:
            arguments.setdefault(parameter["name"], parameter["type"])
    calls = [call["name"] for call in known["syscalls"]]
    ignored = [call["name"] for call in known["syscalls"] if call["ignored_by_default"]]
    own = set(codes) | set(calls)
    events = [f"{name} {categories[name]} {' '.join(map(str, numbers))}" for name, numbers in sorted(codes.items())]
    parts = [HEADER.format(title="Events and system calls of the engine.").rstrip()]
    parts.append(_text("EVENTS", "name, category, the codes of its entries in the event table", events))
    types = [f"{name} {kind}" for name, kind in sorted(arguments.items())]
    parts.append(
        _text("ARGUMENTS", "name of a parameter, the type that its first appearance in the event table has", types)
    )
    parts.append(_text("SYSCALLS", "system calls", calls))
    parts.append(_text("IGNORED_BY_DEFAULT", "those that Falco leaves out unless it is told otherwise", ignored))
    parts.append(_text("OF_PLUGINS", "names that plugins add", [name for name in accepted if name not in own]))
    return "\n\n".join(parts)


def _text(variable: str, comment: str, rows: list[str]) -> str:
    body = "\n".join(rows)
    long = "  # noqa: E501" if any(len(row) > 100 for row in rows) else ""
    return f"# {comment}\n{variable} = {QUOTES}{body}{QUOTES}{long}\n"


def parameters_table(facts: Path) -> str:
    """What each event carries: parameters with type, format and named values."""
    known = json.loads((facts / "events.json").read_text())
    lines = [HEADER.format(title="Parameters of events, with the names that their values have.")]
    tables: list[tuple[tuple[str, int], ...]] = []
    rows: dict[str, dict[str, tuple[str, str, int | None]]] = {}
    for event in known["events"]:
        row = rows.setdefault(event["name"], {})
        for one in event["params"]:
            values = tuple((value["name"], value["value"]) for value in one.get("values", ()))
            if values and values not in tables:
                tables.append(values)
            row[one["name"]] = (one["type"], one["fmt"], tables.index(values) if values else None)
    lines.append("VALUES: tuple[tuple[tuple[str, int], ...], ...] = (\n")
    for table in tables:
        lines.append("    (\n")
        lines.extend(f"        {pair!r},\n" for pair in table)
        lines.append("    ),\n")
    lines.append(")\n# event: its parameters as (name, type, format, index into VALUES or None)\n")
    lines.append("PARAMETERS: dict[str, tuple[tuple[str, str, str, int | None], ...]] = {\n")
    for name, row in sorted(rows.items()):
        lines.append(f"    {name!r}: (\n")
        lines.extend(f"        {(parameter, *rest)!r},\n" for parameter, rest in row.items())
        lines.append("    ),\n")
    lines.append("}\n")
    return "".join(lines)


def main() -> int:
    shared = Path(os.environ.get("MEWS_SHARED", ROOT.parent / "shared"))
    facts = Path(sys.argv[1]) if len(sys.argv) > 1 else shared / "facts"
    if not (facts / "fields.json").is_file():
        print(f"no facts in {facts}: name the folder that holds fields.json", file=sys.stderr)
        return 1
    for name, make in (("fields", fields_table), ("events", events_table), ("parameters", parameters_table)):
        target = DATA / f"{name}_table.py"
        target.write_text(make(facts).replace("'", '"'))
        print(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
