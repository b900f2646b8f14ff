"""Write versions_table.py and field_events_table.py in rules_export/catalog/data from the facts about Falco.

usage: python scripts/make_versions.py FACTS

FACTS is a folder with versions.json, plugin_fields.json, fields.json and fields_by_event.json: what each release knows,
read off its sources (development takes place beside a folder `shared` whose `facts` are meant). The tables keep only
what the studio asks: per kind the names by the first release that has them, and by the first that has them no more; and
the events that fill a field. Same facts, same bytes.
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "rules_export" / "catalog" / "data"
FLOOR = "0.35"
NEXT = "0.45"

#: The container plugin that the first release of a minor version carries; the facts hold that of the last one only. For
#: 0.44 it is the last one known to be older.
FIRST_CONTAINER_PLUGIN = {"0.41": "0.2.4", "0.42": "0.4.0", "0.43": "0.6.1", "0.44": "0.6.4", NEXT: "0.7.1"}

HEADER = '''"""Which release of Falco knows what. Written by scripts/make_versions.py; change that, not this.

Each kind maps a release to the names that came (SINCE) or went (REMOVED) with it, separated by blanks. What already was
in {floor} is listed there, though it may be older.
"""

from __future__ import annotations'''


FIELD_EVENTS_HEADER = '''"""Which events fill a field. Written by scripts/make_versions.py; change that, not this."""

from __future__ import annotations'''

#: Fields that only some events fill; `fd.` stands for all fields that begin so.
EVENT_BOUND = ("fd.*", "fs.path.name", "fs.path.source", "fs.path.target", "evt.is_open_read", "evt.is_open_write")


def minor(release: str) -> str:
    """0.41.3 → 0.41; the development branch is the next release."""
    return NEXT if release == "master" else ".".join(release.split(".")[:2])


def history(entries: Iterable[tuple[str, Mapping[str, Any]]], key: str) -> dict[str, list[str]]:
    """Names by the release that `key` (since_falco or removed_in_falco) states."""
    found: dict[str, list[str]] = {}
    for name, facts in entries:
        if facts.get(key):
            found.setdefault(minor(facts[key]), []).append(name)
    return {release: sorted(names) for release, names in sorted(found.items(), key=lambda item: order(item[0]))}


def order(version: str) -> tuple[int, ...]:
    """A version as numbers, for sorting."""
    return tuple(int(part) for part in version.split("."))


def kinds(facts: Mapping[str, Any]) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    """Every kind of thing with its (name, facts) pairs."""
    exits = [
        (f"{event}.{name}", parameter["live_exit"])
        for event, parameters in facts["event_args"].items()
        for name, parameter in parameters.items()
        if "live_exit" in parameter
    ]
    item_keys = [(f"{item}.{key}", value) for item, keys in facts["rule_keys"].items() for key, value in keys.items()]
    override_keys = [
        (f"{item}.{operation}.{key}", value)
        for item, operations in facts["override_keys"].items()
        for operation, keys in operations.items()
        for key, value in keys.items()
    ]
    plain = {
        "field": "fields",
        "operator": "operators",
        "modifier": "operator_modifiers",
        "transformer": "transformers",
        "syntax": "syntax",
        "event_type": "event_types",
        "event_arg": "evt_arg_names",
    }
    found = {kind: list(facts[key].items()) for kind, key in plain.items()}
    return found | {"exit_arg": exits, "item_key": item_keys, "override_key": override_keys}


def assignment(name: str, kind: str, value: Mapping[str, Any]) -> str:
    """`NAME: type = {…}` with the names of each key wrapped in one bracketed string."""
    lines = [f"{name}: {kind} = {{"]
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            lines.append(f'    "{key}": {{')
            lines += [text for release, names in inner.items() for text in names_of(release, names, 8)]
            lines.append("    },")
        else:
            lines += names_of(key, inner, 4)
    return "\n".join([*lines, "}"])


def names_of(key: str, names: list[str], indent: int) -> list[str]:
    """One key with its names: on one line where they fit, else wrapped."""
    pad = " " * indent
    wrapped = textwrap.wrap(" ".join(names), 108 - indent, break_long_words=False, break_on_hyphens=False)
    if len(wrapped) == 1 and len(wrapped[0]) + len(key) + indent <= 112:
        return [f'{pad}"{key}": "{wrapped[0]}",']
    ends = [" "] * (len(wrapped) - 1) + [""]
    quoted = [f'{pad}    "{text}{end}"' for text, end in zip(wrapped, ends, strict=True)]
    return [f'{pad}"{key}": (', *quoted, f"{pad}),"]


def releases(facts: Mapping[str, Any]) -> list[str]:
    """RELEASES: Falco, engine, container plugin of the first patch release ("" before it existed), date of the last."""
    rows = [(minor(name), found["engine"], found["date"]) for name, found in facts["releases"].items()]
    lines = ["RELEASES: tuple[tuple[str, str, str, str], ...] = ("]
    for falco, engine, date in sorted(rows, key=lambda row: order(row[0])):
        plugin = FIRST_CONTAINER_PLUGIN.get(falco, "")
        lines.append(f'    ("{falco}", "{engine}", "{plugin}", "{date}"),')
    return [*lines, ")"]


def plugin_fields(
    sources: Mapping[str, Any], companions: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, dict[str, list[str]]]]:
    """Plugin of each event source; fields of each plugin by the plugin's first version that has them."""
    plugins = {source: found["plugin"] for source, found in sources.items()}
    fields = {}
    for found in [*sources.values(), companions["json"]]:
        by_version: dict[str, list[str]] = {}
        for one in found["fields"]:
            by_version.setdefault(one["since_plugin"], []).append(one["name"])
        fields[found["plugin"]] = {version: sorted(by_version[version]) for version in sorted(by_version, key=order)}
    return plugins, fields


def table(facts: Mapping[str, Any], plugin_facts: Mapping[str, Any], field_facts: Mapping[str, Any]) -> str:
    """The module's text."""
    known = kinds(facts)
    since = {kind: history(entries, "since_falco") for kind, entries in known.items()}
    removed = {kind: gone for kind, entries in known.items() if (gone := history(entries, "removed_in_falco"))}
    deprecated = history(facts["fields"].items(), "deprecated_in_falco")
    by_release = sorted(facts["releases"].items(), key=lambda item: order(minor(item[0])))
    ignored = {minor(name): sorted(found["ignored_syscall_events"]) for name, found in by_release}
    container = sorted(
        name
        for name, found in facts["fields"].items()
        if any(provider["by"] == "plugin:container" for provider in found["provided_by"])
    )
    plugins, fields = plugin_fields(plugin_facts["sources"], plugin_facts["companion_plugins"])
    k8smeta = [
        one["name"] for found in field_facts["classes"] if found["class"] == "k8smeta" for one in found["fields"]
    ]
    fields = {"container": {"0.1.0": container}, "k8smeta": {"0.1.0": sorted(k8smeta)}} | fields
    parts = [
        HEADER.format(floor=FLOOR),
        "\n".join(releases(facts)),
        assignment("SINCE", "dict[str, dict[str, str]]", since),
        assignment("REMOVED", "dict[str, dict[str, str]]", removed),
        "#: Fields that Falco advises against, by the release that began to.\n"
        + assignment("DEPRECATED_FIELDS", "dict[str, str]", deprecated),
        "#: System calls that a release does not watch unless told to.\n"
        + assignment("IGNORED_BY_DEFAULT", "dict[str, str]", ignored),
        assignment("PLUGIN_OF_SOURCE", "dict[str, str]", {source: [plugin] for source, plugin in plugins.items()}),
        "#: Fields of each plugin by the first version of the plugin that has them.\n"
        + assignment("PLUGIN_FIELDS", "dict[str, dict[str, str]]", fields),
    ]
    return "\n\n".join(parts) + "\n"


def field_events(facts: Mapping[str, Any]) -> str:
    """The text of the module on the events that fill a field."""
    families = {name.rstrip("*"): sorted(facts["field_families"][name]) for name in EVENT_BOUND}
    families |= {f"{name}raw": families[name] for name in families if name.startswith("fs.path.")}
    return f"{FIELD_EVENTS_HEADER}\n\n{assignment('FIELD_EVENTS', 'dict[str, str]', families)}\n"


def main(arguments: list[str]) -> int:
    """Write the tables; 2 on wrong use."""
    if len(arguments) != 1 or not Path(arguments[0], "versions.json").is_file():
        print(__doc__, file=sys.stderr)
        return 2
    names = ("versions.json", "plugin_fields.json", "fields.json", "fields_by_event.json")
    *facts, by_event = [json.loads(Path(arguments[0], name).read_text(encoding="utf-8")) for name in names]
    (DATA / "versions_table.py").write_text(table(*facts), encoding="utf-8")
    (DATA / "field_events_table.py").write_text(field_events(by_event), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
