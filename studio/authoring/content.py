"""What a draft holds: one frozen value, its JSON form, and the rule that it stands for.

The condition's text is the source of truth of what the rule catches; the chosen behaviours only remember which clause
each of them put into that text. `touched` names the fields that a person wrote by hand: suggestions leave those alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from rules_export.ruleset.model import PRIORITIES, Entry, Rule, RuleException

#: Comparisons of an exception whose value is a list, so that a cell may hold several values.
LIST_COMPARISONS = ("in", "pmatch", "intersects")

#: The parts of a rule for which the studio makes suggestions.
SUGGESTED = ("name", "desc", "output", "tags")


@dataclass(frozen=True, slots=True)
class ChosenBehaviour:
    """A behaviour as chosen: its id, the parameters set by hand, and the clause that went into the condition."""

    id: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    clause: str = ""


@dataclass(frozen=True, slots=True)
class ExceptionTable:
    """An exception as a table: a column is a field with its comparison, a row one legitimate case, cells are texts."""

    name: str
    fields: tuple[str, ...] = ()
    comps: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleContent:
    """All that a draft says of its rule. `primary` is one of `techniques` (ATT&CK ids), or empty with them."""

    techniques: tuple[str, ...] = ()
    primary: str = ""
    behaviours: tuple[ChosenBehaviour, ...] = ()
    condition: str = ""
    exceptions: tuple[ExceptionTable, ...] = ()
    output: str = ""
    name: str = ""
    desc: str = ""
    priority: str = "WARNING"
    enabled: bool = True
    tags: tuple[str, ...] = ()
    source: str = "syscall"
    touched: frozenset[str] = frozenset()


def to_json(content: RuleContent) -> dict[str, Any]:
    """The JSON form (lists, texts, truth values), with `touched` sorted so that equal contents give equal bytes."""
    form: dict[str, Any] = json.loads(json.dumps({**asdict(content), "touched": sorted(content.touched)}))
    return form


def from_json(data: Mapping[str, Any]) -> RuleContent:
    """The content that `to_json` wrote. Keys that are missing take their defaults; unknown keys are left out."""
    return RuleContent(
        techniques=_texts(data.get("techniques")),
        primary=str(data.get("primary", "")),
        behaviours=tuple(_behaviour(item) for item in data.get("behaviours", ())),
        condition=str(data.get("condition", "")),
        exceptions=tuple(_table(item) for item in data.get("exceptions", ())),
        output=str(data.get("output", "")),
        name=str(data.get("name", "")),
        desc=str(data.get("desc", "")),
        priority=_priority(data.get("priority")),
        enabled=bool(data.get("enabled", True)),
        tags=_texts(data.get("tags")),
        source=str(data.get("source", "syscall")),
        touched=frozenset(_texts(data.get("touched"))),
    )


def to_rule(content: RuleContent) -> Rule:
    """The rule as the engine takes it. Exceptions without a field are left out: Falco refuses them."""
    return Rule(
        name=content.name.strip(),
        condition=content.condition.strip(),
        output=" ".join(line.strip() for line in content.output.splitlines() if line.strip()),
        desc=content.desc.strip(),
        priority=content.priority,
        tags=content.tags,
        source=content.source,
        enabled=content.enabled,
        exceptions=tuple(to_exception(table) for table in content.exceptions if any(table.fields)),
    )


def to_exception(table: ExceptionTable) -> RuleException:
    """Falco's form of the table: the single shape for one column with a list comparison, else a tuple of columns.

    Rows with an empty cell are left out, because an empty value would make a condition that Falco refuses.
    """
    rows = [row for row in table.rows if len(row) == len(table.fields) and all(cell.strip() for cell in row)]
    if len(table.fields) == 1 and takes_list(table.comps[0]):
        values: tuple[Entry, ...] = tuple(value for row in rows for value in split_list(row[0]))
        return RuleException(table.name, table.fields[0], table.comps[0], values)
    return RuleException(table.name, table.fields, table.comps, tuple(_row(row, table.comps) for row in rows))


def takes_list(comparison: str) -> bool:
    """Whether a cell under this comparison may hold several values (`in (…)`, `contains anyof (…)`)."""
    return comparison in LIST_COMPARISONS or " " in comparison


def split_list(cell: str) -> tuple[str, ...]:
    """The values of a cell: separated by commas that stand outside quotes."""
    values, current, quote = [], "", ""
    for char in cell:
        if char == quote:
            quote = ""
        elif not quote and char in "\"'":
            quote = char
        if char == "," and not quote:
            values.append(current)
            current = ""
        else:
            current += char
    return tuple(value.strip() for value in [*values, current] if value.strip())


def _row(row: tuple[str, ...], comps: tuple[str, ...]) -> Entry:
    """One row of the tuple shape: a cell under a list comparison is a list of its own."""
    return tuple(split_list(cell) if takes_list(comp) else cell.strip() for cell, comp in zip(row, comps, strict=True))


def _behaviour(item: Mapping[str, Any]) -> ChosenBehaviour:
    parameters = {str(key): str(value) for key, value in dict(item.get("parameters", {})).items()}
    return ChosenBehaviour(str(item["id"]), parameters, str(item.get("clause", "")))


def _table(item: Mapping[str, Any]) -> ExceptionTable:
    rows = tuple(_texts(row) for row in item.get("rows", ()))
    return ExceptionTable(str(item.get("name", "")), _texts(item.get("fields")), _texts(item.get("comps")), rows)


def _priority(value: object) -> str:
    text = str(value or "").upper()
    return text if text in PRIORITIES else "WARNING"


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple, set, frozenset)) else ()
