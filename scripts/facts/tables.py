"""The catalogue's tables as Python text, written from the facts. Same facts, same bytes.

The tables are Python modules, because Python keeps those compiled, and what every start reads is one text with a line
for each row: it loads in a fraction of a millisecond, rows are read when asked for.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping

from .store import EventTable, Facts, Plugin, Release, TableEvent, order

QUOTES = '"""'
NOTE = "Written by scripts/falco_facts.py"
HEADER = '"""{title} ' + NOTE + '; do not edit."""\n\nfrom __future__ import annotations\n\n'
VERSIONS_HEADER = '''"""Which release of Falco knows what. {note}; do not edit.

Each kind maps a release to the names that came (SINCE) or went (REMOVED) with it, separated by blanks. What already was
in {floor} is listed there, though it may be older.
"""

from __future__ import annotations'''
FIELD_EVENTS_HEADER = f'"""Which events fill a field. {NOTE}; do not edit."""\n\nfrom __future__ import annotations'
ANY = "any"
SYSCALL = "syscall"


def write_tables(facts: Facts) -> dict[str, str]:
    """The text of each table by its file name."""
    tables: dict[str, Callable[[Facts], str]] = {
        "fields_table.py": fields_table,
        "events_table.py": events_table,
        "parameters_table.py": parameters_table,
        "versions_table.py": versions_table,
        "field_events_table.py": field_events_table,
    }
    return {name: render(facts) for name, render in tables.items()}


# --- fields -----------------------------------------------------------------------------------------------------------


def fields_table(facts: Facts) -> str:
    """Classes in the order in which the engine asks them, and each one's fields."""
    every_source = tuple(sorted({plugin.source for plugin in facts.plugins} - {ANY} | {SYSCALL}))
    lines = [HEADER.format(title="Fields of the engine and of the plugins.")]
    lines.append(f'ENGINE = "{facts.newest.engine}"\n\n')
    lines.append("# (class, sources, fields), a line for each field: name, type, argument and its kinds, flags\n")
    lines.append("CLASSES: tuple[tuple[str, tuple[str, ...], str], ...] = (\n")
    classes = [
        (class_, every_source if class_ == "generic" else (SYSCALL,), items)
        for class_, items in facts.newest.fields.items()
    ]
    classes += [
        (plugin.name, every_source if plugin.source == ANY else (plugin.source,), [item for item, _ in plugin.fields])
        for plugin in facts.plugins
    ]
    for class_, sources, items in classes:
        rows = "\n".join(item.line for item in items)
        stated = repr(sources).replace("'", '"')
        lines.append(f'    (\n        "{class_}",\n        {stated},\n        {QUOTES}{rows}{QUOTES},\n    ),\n')
    return "".join([*lines, ")\n"])


# --- events -----------------------------------------------------------------------------------------------------------


def current_events(facts: Facts) -> list[TableEvent]:
    """The entries of the event table that the newest release has: old ones, and those that it lists."""
    listed = {event.name for event in facts.newest.events}
    return [event for event in facts.table.events if event.old or event.name in listed]


def current_calls(facts: Facts) -> list[str]:
    """The system calls that the newest release has."""
    types = facts.newest.event_types()
    return [name for name in facts.table.calls if name in types]


def ignored_calls(facts: Facts) -> list[str]:
    """Calls that Falco ignores by default; it names their events, so sendfile stands for sendfile64 as well."""
    events = facts.newest.language["ignored"]
    return [name for name in current_calls(facts) if name in events or name.removesuffix("64") in events]


def events_table(facts: Facts) -> str:
    """Event names with their codes, system calls, what Falco leaves out by default, and parameter types."""
    codes: dict[str, list[int]] = {}
    arguments: dict[str, str] = {}
    categories: dict[str, str] = {}
    for event in current_events(facts):
        codes.setdefault(event.name, []).append(event.code)
        categories.setdefault(event.name, event.category)
        for parameter in event.parameters:
            arguments.setdefault(parameter.name, parameter.type)
    calls, ignored = current_calls(facts), ignored_calls(facts)
    events = [f"{name} {categories[name]} {' '.join(map(str, numbers))}" for name, numbers in sorted(codes.items())]
    types = [f"{name} {kind}" for name, kind in sorted(arguments.items())]
    return "\n\n".join(
        (
            HEADER.format(title="Events and system calls of the engine.").rstrip(),
            _text("EVENTS", "name, category, the codes of its entries in the event table", events),
            _text("ARGUMENTS", "name of a parameter, the type that its first appearance in the event table has", types),
            _text("SYSCALLS", "system calls", calls),
            _text("IGNORED_BY_DEFAULT", "those that Falco leaves out unless it is told otherwise", ignored),
            _text("OF_PLUGINS", "names that plugins add", facts.newest.language["plugin_event"]),
        )
    )


def _text(variable: str, comment: str, rows: list[str]) -> str:
    body = "\n".join(rows)
    long = "  # noqa: E501" if any(len(row) > 100 for row in rows) else ""
    return f"# {comment}\n{variable} = {QUOTES}{body}{QUOTES}{long}\n"


def parameters_table(facts: Facts) -> str:
    """What each event carries: parameters with type, format and named values."""
    used: list[int] = []
    rows: dict[str, dict[str, tuple[str, str, int | None]]] = {}
    for event in current_events(facts):
        row = rows.setdefault(event.name, {})
        for parameter in event.parameters:
            if parameter.values is not None and parameter.values not in used:
                used.append(parameter.values)
            index = None if parameter.values is None else used.index(parameter.values)
            row[parameter.name] = (parameter.type, parameter.format, index)
    lines = [HEADER.format(title="Parameters of events, with the names that their values have.")]
    lines.append("VALUES: tuple[tuple[tuple[str, int], ...], ...] = (\n")
    for table in used:
        pairs = [f'("{name}", {value})' for name, value in named_values(facts.table, table)]
        lines.append(_tuple("", pairs))
    lines.append(")\n# event: its parameters as (name, type, format, index into VALUES or None)\n")
    lines.append("PARAMETERS: dict[str, tuple[tuple[str, str, str, int | None], ...]] = {\n")
    for name, row in sorted(rows.items()):
        stated = [f'("{parameter}", "{kind}", "{shown}", {index})' for parameter, (kind, shown, index) in row.items()]
        lines.append(_tuple(f'"{name}": ', stated))
    return "".join([*lines, "}\n"])


def _tuple(key: str, items: list[str]) -> str:
    """A tuple as the formatter of the project writes it: one item or none on a line, more below each other."""
    if len(items) < 2:
        return f"    {key}({items[0]},),\n" if items else f"    {key}(),\n"
    return f"    {key}(\n" + "".join(f"        {item},\n" for item in items) + "    ),\n"


def named_values(table: EventTable, index: int) -> list[tuple[str, int]]:
    """The names and numbers of one table of values."""
    pairs = (text.partition("=") for text in table.values[index].split(" "))
    return [(name, int(value)) for name, _, value in pairs]


# --- versions ---------------------------------------------------------------------------------------------------------


def names_by_kind(release: Release, plugins: Iterable[Plugin]) -> dict[str, set[str]]:
    """Everything that a release knows, by kind."""
    language = {kind: set(release.language[kind]) for kind in ("operator", "modifier", "transformer", "syntax")}
    return {
        "field": set(release.field_names(plugins)),
        **language,
        "event_type": release.event_types(),
        "event_arg": release.event_arguments(),
        "exit_arg": release.exit_arguments(),
        "item_key": set(release.language["item_key"]),
        "override_key": set(release.language["override_key"]),
    }


def versions_table(facts: Facts) -> str:
    """Which release introduced, removed and deprecated what; what each ignores; fields by the version of a plugin."""
    known = [names_by_kind(release, facts.plugins) for release in facts.releases]
    since: dict[str, dict[str, list[str]]] = {kind: {} for kind in known[0]}
    removed: dict[str, dict[str, list[str]]] = {}
    before: dict[str, set[str]] = {kind: set() for kind in since}
    for release, kinds in zip(facts.releases, known, strict=True):
        for kind, names in kinds.items():
            if added := names - before[kind]:
                since[kind][release.name] = sorted(added)
            if gone := before[kind] - names:
                removed.setdefault(kind, {})[release.name] = sorted(gone)
        before = kinds
    parts = [
        VERSIONS_HEADER.format(note=NOTE, floor=facts.releases[0].name),
        _releases(facts.releases),
        _assignment("SINCE", "dict[str, dict[str, str]]", since),
        _assignment("REMOVED", "dict[str, dict[str, str]]", {kind: removed[kind] for kind in since if kind in removed}),
        "#: Fields that Falco advises against, by the release that began to.\n"
        + _assignment("DEPRECATED_FIELDS", "dict[str, str]", _deprecated(facts.releases)),
        "#: System calls that a release does not watch unless told to.\n"
        + _assignment(
            "IGNORED_BY_DEFAULT",
            "dict[str, str]",
            {release.name: sorted(release.language["ignored"]) for release in facts.releases},
        ),
        _assignment(
            "PLUGIN_OF_SOURCE",
            "dict[str, str]",
            {plugin.source: [plugin.name] for plugin in facts.plugins if plugin.source not in (SYSCALL, ANY)},
        ),
        "#: Fields of each plugin by the first version of the plugin that has them.\n"
        + _assignment("PLUGIN_FIELDS", "dict[str, dict[str, str]]", _plugin_fields(facts.plugins)),
    ]
    return "\n\n".join(parts) + "\n"


def _releases(releases: Iterable[Release]) -> str:
    rows = [
        f'    ("{release.name}", "{release.engine}", "{release.first_container_plugin}", "{release.date}"),'
        for release in releases
    ]
    return "\n".join(["RELEASES: tuple[tuple[str, str, str, str], ...] = (", *rows, ")"])


def _deprecated(releases: Iterable[Release]) -> dict[str, list[str]]:
    seen: set[str] = set()
    found: dict[str, list[str]] = {}
    for release in releases:
        if added := release.deprecated() - seen:
            found[release.name] = sorted(added)
            seen |= added
    return found


def _plugin_fields(plugins: Iterable[Plugin]) -> dict[str, dict[str, list[str]]]:
    """Plugins for system calls first, then those with a source of their own, then those for any source."""
    ranks = {SYSCALL: 0, ANY: 2}
    found = {}
    for plugin in sorted(plugins, key=lambda plugin: ranks.get(plugin.source, 1)):
        by_version: dict[str, list[str]] = {}
        for item, since in plugin.fields:
            by_version.setdefault(since, []).append(item.name)
        found[plugin.name] = {version: sorted(by_version[version]) for version in sorted(by_version, key=order)}
    return found


def _assignment(name: str, kind: str, value: Mapping[str, Mapping[str, list[str]] | list[str]]) -> str:
    """`NAME: type = {…}` with the names of each key wrapped in one bracketed string."""
    lines = [f"{name}: {kind} = {{"]
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            lines.append(f'    "{key}": {{')
            lines += [text for release, names in inner.items() for text in _names(release, names, 8)]
            lines.append("    },")
        else:
            lines += _names(key, inner, 4)
    return "\n".join([*lines, "}"])


def _names(key: str, names: list[str], indent: int) -> list[str]:
    """One key with its names: on one line where they fit, else wrapped."""
    pad = " " * indent
    wrapped = textwrap.wrap(" ".join(names), 108 - indent, break_long_words=False, break_on_hyphens=False) or [""]
    if len(wrapped) == 1 and len(wrapped[0]) + len(key) + indent <= 112:
        return [f'{pad}"{key}": "{wrapped[0]}",']
    ends = [" "] * (len(wrapped) - 1) + [""]
    quoted = [f'{pad}    "{text}{end}"' for text, end in zip(wrapped, ends, strict=True)]
    return [f'{pad}"{key}": (', *quoted, f"{pad}),"]


def field_events_table(facts: Facts) -> str:
    """The events that fill a field. The field with the raw path is filled by the same ones."""
    families = {name: sorted(events) for name, events in facts.field_events.items()}
    families |= {f"{name}raw": families[name] for name in families if name.startswith("fs.path.")}
    return f"{FIELD_EVENTS_HEADER}\n\n{_assignment('FIELD_EVENTS', 'dict[str, str]', families)}\n"
