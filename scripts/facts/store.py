"""Facts about Falco as text files, one line per item, so that `git diff` shows what a release changed.

facts/<release>/    release.json, and fields.txt, events.txt and language.txt where they differ from the release before
facts/plugins.txt       fields of each plugin with the first version of the plugin that has them
facts/event_table.txt   what Falco's listings leave out about events: codes, categories, formats, named values
facts/field_events.txt  which events fill a field

Every file is a sequence of sections: `[name words…]`, then lines. A line that begins with `#` is a comment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

Sections = dict[str, list[str]]

#: Letters for the flags of a field, as the tables of the catalogue use them.
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
DEPRECATED = "D"
#: Flags of fields that `falco --list` leaves out although conditions may use them.
UNLISTED = frozenset("DT")

#: Parts of language.txt. What no listing of Falco names is carried over from release to release.
LANGUAGE = (
    "operator",
    "modifier",
    "transformer",
    "syntax",
    "item_key",
    "override_key",
    "event_type",
    "plugin_event",
    "event_arg",
    "deprecated_field",
    "ignored",
)


class FactsError(Exception):
    """Facts that cannot be read or do not fit together; the message says where and how to fix it."""


@dataclass(frozen=True)
class Field:
    """A field. `argument`: `-`, `o` optional or `r` required, then `i` index, `k` key. `flags`: letters as in FLAGS."""

    name: str
    type: str
    argument: str = "-"
    flags: str = "-"

    @property
    def line(self) -> str:
        return f"{self.name} {self.type} {self.argument} {self.flags}"

    def has(self, flags: Iterable[str]) -> bool:
        return not set(flags).isdisjoint(self.flags)

    def add_flag(self, flag: str) -> Field:
        return replace(self, flags="".join(sorted(set(self.flags) - {"-"} | {flag})))


@dataclass(frozen=True)
class Event:
    """An event that Falco lists, with the names of its parameters; `>` when the call begins, `<` when it returns."""

    name: str
    direction: str
    parameters: tuple[str, ...] = ()


@dataclass
class Release:
    """What one release of Falco knows. `fields` by class in Falco's order; `language` by the names in LANGUAGE."""

    name: str
    version: str
    engine: str
    date: str
    libs: str = ""
    container_plugin: str = ""
    first_container_plugin: str = ""
    fields: dict[str, list[Field]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    generic: list[str] = field(default_factory=list)
    language: Sections = field(default_factory=dict)

    def field_names(self, plugins: Iterable[Plugin]) -> dict[str, Field]:
        """Every field that the release has as it is installed, with the container plugin where it ships with one."""
        names = {item.name: item for items in self.fields.values() for item in items}
        if self.container_plugin:
            container = next(plugin for plugin in plugins if plugin.name == "container")
            version = order(self.container_plugin)
            names |= {item.name: item for item, since in container.fields if order(since) <= version}
        return names

    def event_types(self) -> set[str]:
        listed = {event.name for event in self.events} | set(self.generic)
        return listed.union(self.language["event_type"], self.language["plugin_event"])

    def event_arguments(self) -> set[str]:
        return {name for event in self.events for name in event.parameters} | set(self.language["event_arg"])

    def exit_arguments(self) -> set[str]:
        """`openat.fd`: what an event carries when the system call returns."""
        return {f"{event.name}.{name}" for event in self.events if event.direction == "<" for name in event.parameters}

    def deprecated(self) -> set[str]:
        flagged = {item.name for items in self.fields.values() for item in items if item.has(DEPRECATED)}
        return flagged | set(self.language["deprecated_field"])


@dataclass
class Plugin:
    """A plugin's fields with its first version that has them. `source`: its event source, `syscall`, or `any`."""

    name: str
    source: str
    version: str
    fields: list[tuple[Field, str]] = field(default_factory=list)


@dataclass
class Parameter:
    """A parameter of an event. `values`: number of its table of named values, None without one."""

    name: str
    type: str
    format: str
    values: int | None = None


@dataclass
class TableEvent:
    """An entry of Falco's event table. `old`: kept for old captures only, so that Falco does not list it."""

    code: int
    direction: str
    name: str
    category: str
    old: bool
    parameters: list[Parameter] = field(default_factory=list)


@dataclass
class EventTable:
    """Falco's event table; `calls` are the names of the system calls in Falco's order."""

    values: list[str] = field(default_factory=list)
    events: list[TableEvent] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)


@dataclass
class Facts:
    """All facts, the releases from old to new."""

    releases: list[Release]
    plugins: list[Plugin]
    table: EventTable
    field_events: dict[str, list[str]]

    @property
    def newest(self) -> Release:
        return self.releases[-1]


def order(version: str) -> tuple[int, ...]:
    """A version as numbers, for sorting. FactsError where it is none."""
    try:
        return tuple(int(part) for part in version.split("."))
    except ValueError:
        raise FactsError(f"'{version}' is not a version: numbers with dots are expected, as in 0.44.1.") from None


# --- sections ---------------------------------------------------------------------------------------------------------


def read_sections(path: Path) -> Sections:
    """The lines of each section by its header."""
    sections: Sections = {}
    header = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            header = line.strip("[]")
            sections[header] = []
        elif header is None:
            raise FactsError(f"{path}, line {number}: a section such as [evt] must come first.")
        else:
            sections[header].append(line)
    return sections


def write_sections(comment: str, sections: Mapping[str, Iterable[str]]) -> str:
    """The text that `read_sections` reads back."""
    parts = [f"[{header}]\n" + "".join(f"{line}\n" for line in lines) for header, lines in sections.items()]
    return f"# {comment}\n\n" + "\n".join(parts)


# --- one release ------------------------------------------------------------------------------------------------------


def fields_text(release: Release) -> str:
    lines = {class_: [item.line for item in items] for class_, items in release.fields.items()}
    return write_sections("Fields by class, in Falco's order: name, type, argument, flags.", lines)


def events_text(release: Release) -> str:
    listed: dict[str, dict[str, Event]] = {}
    for event in release.events:
        listed.setdefault(event.name, {})[event.direction] = event
    lines = []
    for name, directions in sorted(listed.items()):
        parts = [" ".join((sign, *directions[sign].parameters)) for sign in "><" if sign in directions]
        lines.append(" ".join((name, *parts)))
    sections = {"events": lines, "generic": sorted(release.generic)}
    return write_sections(
        "Events with their parameters, > when the call begins, < when it returns; then calls without one.", sections
    )


def language_text(release: Release) -> str:
    return write_sections("What rules may use, by kind.", {kind: sorted(release.language[kind]) for kind in LANGUAGE})


def _parse_field(line: str) -> Field:
    return Field(*line.split(" "))


def _parse_events(lines: Iterable[str]) -> list[Event]:
    events = []
    for line in lines:
        name, *words = line.split(" ")
        current: list[str] | None = None
        for word in words:
            if word in (">", "<"):
                current = []
                events.append((name, word, current))
            elif current is not None:
                current.append(word)
    return [Event(name, direction, tuple(parameters)) for name, direction, parameters in events]


def _read_release(folder: Path, previous: Release | None) -> Release:
    stated = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    release = Release(name=folder.name, **stated)
    if (path := folder / "fields.txt").is_file():
        release.fields = {
            class_: [_parse_field(line) for line in lines] for class_, lines in read_sections(path).items()
        }
    elif previous:
        release.fields = previous.fields
    if (path := folder / "events.txt").is_file():
        sections = read_sections(path)
        release.events, release.generic = _parse_events(sections["events"]), sections["generic"]
    elif previous:
        release.events, release.generic = previous.events, previous.generic
    if (path := folder / "language.txt").is_file():
        release.language = {kind: [] for kind in LANGUAGE} | read_sections(path)
    elif previous:
        release.language = previous.language
    if not (release.fields and release.events and release.language):
        raise FactsError(f"{folder}: the oldest release needs fields.txt, events.txt and language.txt.")
    return release


def write_release(folder: Path, release: Release, previous: Release | None) -> None:
    """Write the release's folder; a file equal to that of the release before is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    stated = {
        "version": release.version,
        "engine": release.engine,
        "libs": release.libs,
        "container_plugin": release.container_plugin,
        "first_container_plugin": release.first_container_plugin,
        "date": release.date,
    }
    (folder / "release.json").write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")
    for name, render in (("fields", fields_text), ("events", events_text), ("language", language_text)):
        path = folder / f"{name}.txt"
        text = render(release)
        if previous and render(previous) == text:
            path.unlink(missing_ok=True)
        else:
            path.write_text(text, encoding="utf-8")


# --- files that all releases share ------------------------------------------------------------------------------------


def plugins_text(plugins: Iterable[Plugin]) -> str:
    sections = {
        f"{plugin.name} {plugin.source} {plugin.version}": [f"{item.line} {since}" for item, since in plugin.fields]
        for plugin in plugins
    }
    return write_sections(
        "[plugin source newest-version], then its fields: name, type, argument, flags, first version with it.", sections
    )


def _read_plugins(path: Path) -> list[Plugin]:
    plugins = []
    for header, lines in read_sections(path).items():
        name, source, version = header.split(" ")
        plugin = Plugin(name, source, version)
        for line in lines:
            text, _, since = line.rpartition(" ")
            plugin.fields.append((_parse_field(text), since))
        plugins.append(plugin)
    return plugins


def table_text(table: EventTable) -> str:
    def parameter(item: Parameter) -> str:
        parts = [item.name, item.type, item.format, *([] if item.values is None else [str(item.values)])]
        return ":".join(parts)

    events = [
        " ".join(
            (
                str(event.code),
                event.direction,
                event.name,
                event.category,
                "old" if event.old else "-",
                *map(parameter, event.parameters),
            )
        )
        for event in table.events
    ]
    values = [f"{number} {text}" for number, text in enumerate(table.values)]
    return write_sections(
        "Falco's event table: named values; code, direction, name, category, old, parameters "
        "(name:type:format[:values]); system calls.",
        {"values": values, "events": events, "calls": table.calls},
    )


def _read_table(path: Path) -> EventTable:
    sections = read_sections(path)
    table = EventTable([line.partition(" ")[2] for line in sections["values"]])
    for line in sections["events"]:
        code, direction, name, category, old, *parameters = line.split(" ")
        event = TableEvent(int(code), direction, name, category, old == "old")
        for text in parameters:
            parameter, type_, format_, *values = text.split(":")
            event.parameters.append(Parameter(parameter, type_, format_, int(values[0]) if values else None))
        table.events.append(event)
    table.calls = sections["calls"]
    return table


def field_events_text(families: Mapping[str, Iterable[str]]) -> str:
    return write_sections("Events that fill a field; `fd.` stands for all fields that begin so.", families)


def read_facts(folder: Path) -> Facts:
    """Everything in the folder. FactsError where something is missing or malformed."""
    folders = sorted((path.parent for path in folder.glob("*/release.json")), key=lambda path: order(path.name))
    if not folders:
        raise FactsError(f"{folder}: no release; a folder such as 0.44 with release.json is expected.")
    releases: list[Release] = []
    try:
        for path in folders:
            releases.append(_read_release(path, releases[-1] if releases else None))
        return Facts(
            releases,
            _read_plugins(folder / "plugins.txt"),
            _read_table(folder / "event_table.txt"),
            read_sections(folder / "field_events.txt"),
        )
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise FactsError(f"{folder}: {problem}. Restore the file with git and try again.") from problem


def write_shared(folder: Path, facts: Facts) -> None:
    """Write the files that all releases share."""
    (folder / "plugins.txt").write_text(plugins_text(facts.plugins), encoding="utf-8")
    (folder / "event_table.txt").write_text(table_text(facts.table), encoding="utf-8")
    (folder / "field_events.txt").write_text(field_events_text(facts.field_events), encoding="utf-8")
