"""A behaviour's record as YAML, in the order and the look of the library's files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

ORDER = (
    "id", "techniques", "title", "group", "does", "why", "kernel", "clause", "parameters", "variants", "noise",
    "priority", "lookalikes", "output", "attack", "benign", "emulate", "references",
)  # fmt: skip
#: Keys whose items stand on a line each.
_IN_LINE = ("techniques", "output", "references")


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks, lists set in."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Set the items of a list in under their key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write every value out."""
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    block = "\n" in value and not any(line != line.rstrip() for line in value.splitlines())
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if block else None)


class _Inline(list[Any]):
    """A list that is written on one line."""


def _inline(dumper: yaml.SafeDumper, value: _Inline) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Inline, _inline)


def to_yaml(record: Mapping[str, Any]) -> str:
    """One behaviour as the keys of a mapping, for the view in which a person edits it."""
    return _dump(_ordered(record))


def to_file(records: Iterable[Mapping[str, Any]]) -> str:
    """Behaviours as a library file: a list."""
    return "\n".join(_dump([_ordered(record)]) for record in records)


def _ordered(record: Mapping[str, Any]) -> dict[str, Any]:
    keys = [key for key in ORDER if key in record] + [key for key in record if key not in ORDER]
    return {key: _Inline(record[key]) if _short(key, record[key]) else record[key] for key in keys}


def _short(key: str, value: Any) -> bool:
    return key in _IN_LINE and isinstance(value, list)


def _dump(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return text
