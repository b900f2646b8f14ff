"""The studio's library of macros and lists, in our own words, under upstream's names where it has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

#: The rules files of the Falco project, the default one first.
UPSTREAM_FILES = ("falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml")
#: The release of the default rules that an overlay is written for: the one that Falco 0.44 ships.
UPSTREAM_VERSION = "5.1.0"

#: What may stand beside a list's name in a condition, so that Falco puts the items in its place.
_NEIGHBOURS = re.compile(r"[ \t\r\n(),=]+")


@dataclass(frozen=True, slots=True)
class MacroInfo:
    """A macro of the library.

    lists: the library's lists that the condition names. upstream_file: the rules file of the Falco project that defines
    the same name for the same purpose, "" where none does. description: one sentence. group: files, places, processes,
    programs, network, containers or placeholders.
    """

    name: str
    condition: str
    lists: tuple[str, ...]
    upstream_file: str
    description: str
    group: str


@dataclass(frozen=True, slots=True)
class ListInfo:
    """A list of the library. lists: the other lists among its items; the rest as for macros."""

    name: str
    items: tuple[str, ...]
    lists: tuple[str, ...]
    upstream_file: str
    description: str
    group: str


def words(text: str) -> frozenset[str]:
    """The words of a condition in whose place Falco would put a list of that name."""
    return frozenset(_NEIGHBOURS.split(text)) - {""}


def _load() -> tuple[dict[str, MacroInfo], dict[str, ListInfo]]:
    """Read the library; scalars stay text, as Falco reads them."""
    text = files("rules_export.catalog.data").joinpath("macros.yaml").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506
    lists: dict[str, ListInfo] = {}
    macros: dict[str, MacroInfo] = {}
    for entry in entries:
        about = (entry.get("upstream", ""), entry["says"], entry["group"])
        if "list" in entry:
            items = tuple(entry["items"])
            lists[entry["list"]] = ListInfo(entry["list"], items, tuple(i for i in items if i in lists), *about)
        else:
            named = tuple(name for name in lists if name in words(entry["condition"]))
            macros[entry["macro"]] = MacroInfo(entry["macro"], entry["condition"], named, *about)
    return macros, lists


_macros, _lists = _load()
#: By name, each after those that it uses.
MACROS: Mapping[str, MacroInfo] = MappingProxyType(_macros)
LISTS: Mapping[str, ListInfo] = MappingProxyType(_lists)
