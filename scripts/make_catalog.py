"""Write the catalogue's tables (rules_export/catalog/data/*_table.py) from the facts gathered off the engine.

usage: python scripts/make_catalog.py [FACTS]

FACTS is the folder with fields.json, events.json and evt_type_acceptance.json (default: ../shared/facts beside the
checkout, or $MEWS_SHARED/facts). The tables are Python modules of plain tuples, because Python keeps those compiled:
loading them costs about a millisecond, parsing the JSON they come from a hundred.
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
KINDS = {"index": "i", "key": "k"}
HEADER = '"""{title} Written by scripts/make_catalog.py; do not edit."""\n\nfrom __future__ import annotations\n\n'


def fields_table(facts: Path) -> str:
    """Classes in the order in which the engine asks them, and each one's fields."""
    known = json.loads((facts / "fields.json").read_text())
    lines = [HEADER.format(title="Fields of the engine and of the plugins.")]
    lines.append(f"ENGINE = {known['engine']!r}\n\n")
    lines.append("# (class, sources, fields); a field: name, type, argument and its kinds, flags\n")
    lines.append("CLASSES: tuple[tuple[str, tuple[str, ...], tuple[tuple[str, str, str, str], ...]], ...] = (\n")
    for index, group in enumerate(known["classes"]):
        name = "generic" if index == 0 else group["class"]
        lines.append(f"    (\n        {name!r},\n        {tuple(group['event_sources'])!r},\n        (\n")
        lines.extend(f"            {_field(field)!r},\n" for field in group["fields"])
        lines.append("        ),\n    ),\n")
    lines.append(")\n")
    return "".join(lines)


def _field(field: dict[str, Any]) -> tuple[str, str, str, str]:
    argument = ARGUMENTS[field["arg"]] + "".join(KINDS[kind] for kind in field["arg_kinds"])
    flags = "".join(sorted(FLAGS[flag] for flag in field["flags"] if flag in FLAGS))
    return field["name"], field["type"], argument, flags


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
    lines = [HEADER.format(title="Events and system calls of the engine.")]
    lines.append("# name: the codes of its entries in the event table\nCODES: dict[str, tuple[int, ...]] = {\n")
    lines.extend(f"    {name!r}: {tuple(numbers)!r},\n" for name, numbers in sorted(codes.items()))
    lines.append("}\nCATEGORIES: dict[str, str] = {\n")
    lines.extend(f"    {name!r}: {category!r},\n" for name, category in sorted(categories.items()))
    lines.append("}\n# name of a parameter: the type that its first appearance in the event table has\n")
    lines.append("ARGUMENTS: dict[str, str] = {\n")
    lines.extend(f"    {name!r}: {kind!r},\n" for name, kind in sorted(arguments.items()))
    lines.append("}\n")
    lines.append(_names("SYSCALLS", calls))
    lines.append(
        _names("IGNORED_BY_DEFAULT", [call["name"] for call in known["syscalls"] if call["ignored_by_default"]])
    )
    own = set(codes) | set(calls)
    lines.append(_names("OF_PLUGINS", [name for name in accepted if name not in own]))
    return "".join(lines)


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


def _names(variable: str, names: list[str]) -> str:
    return f"{variable}: tuple[str, ...] = (\n" + "".join(f"    {name!r},\n" for name in names) + ")\n"


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
