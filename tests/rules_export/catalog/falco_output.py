"""A Falco program for tests: it prints about itself what the facts say of a release, as the real one does."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

from scripts.facts.store import Facts, Field, Release

#: Classes that Falco calls otherwise than the catalogue.
NAMES = {"generic": "evt"}

PROGRAM = """#!/bin/sh
cd "$(dirname "$0")" || exit 1
case "$1" in
  -V) cat validate.txt; exit 0 ;;
  -i) name=ignored ;;
  --list-plugins) name=plugins ;;
  *) name=$(echo "${1#--}" | tr = -) ;;
esac
case "$*" in
  *json*|--rule-schema) file=$name.json ;;
  *) file=$name.txt ;;
esac
[ -f "$file" ] || { echo "Error: option not supported" >&2; exit 1; }
cat "$file"
"""


def print_release(folder: Path, facts: Facts, release: Release, *, as_json: bool = True) -> Path:
    """Write the outputs of that release and a program that prints them; returns the program."""
    folder.mkdir(parents=True, exist_ok=True)
    plugins = {plugin.name: plugin.version for plugin in facts.plugins}
    if release.container_plugin:
        plugins["container"] = release.container_plugin
    classes = [(NAMES.get(class_, class_), ["syscall"], items) for class_, items in release.fields.items()]
    classes += [(plugin.name, [plugin.source], [item for item, _ in plugin.fields]) for plugin in facts.plugins]
    events = _events(facts, release)
    ignored = "Ignored syscall(s):\n" + "".join(f"- {name}\n" for name in release.language["ignored"])
    texts = {"ignored.txt": ignored}
    if as_json:
        stated = {
            "falco_version": release.version,
            "engine_version": release.engine.split(".")[1],
            "engine_version_semver": release.engine,
            "libs_version": release.libs,
            "plugin_versions": plugins,
        }
        texts |= {
            "version.json": json.dumps(stated),
            "list.json": json.dumps({"fieldclasses": [_json_class(*each) for each in classes]}),
            "list-events.json": json.dumps({"schema_version": "4.0.0", "Syscall events": events}),
        }
    else:
        texts |= {
            "version.txt": f"Falco version: {release.version}\nLibs version:  {release.libs}\nPlugin API:    3.7.0\n"
            f"Engine:        {release.engine}\nDriver:\n  API version:    8.0.0\n",
            "plugins.txt": "".join(
                f"Name: {name}\nDescription: a plugin\nContact: nobody\nVersion: {version}\nCapabilities:\n\n"
                for name, version in plugins.items()
            ),
            "list.txt": "\n".join(_text_class(*each) for each in classes),
            "list-events.txt": "The events below are valid for Falco *Schema Version*: 4.0.0\n## Syscall events\n\n"
            + "".join(_text_event(event) for event in events),
        }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    program = folder / "falco"
    program.write_text(PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    return program


def _listed(items: list[Field]) -> list[Field]:
    return [item for item in items if not item.has("DT")]


def _json_class(name: str, sources: list[str], items: list[Field]) -> dict[str, object]:
    kinds = {"i": "index", "k": "key"}
    fields = [
        {
            "name": item.name,
            "type": item.type,
            "is_list": item.has("L"),
            "desc": "Words of Falco.",
            "argument": None
            if item.argument == "-"
            else {"required": item.argument[0] == "r", "type": [kinds[letter] for letter in item.argument[1:]]},
        }
        for item in _listed(items)
    ]
    return {"name": name, "desc": "Words of Falco.", "event_sources": sources, "fields": fields}


def _text_class(name: str, sources: list[str], items: list[Field]) -> str:
    tags = {"o": "ARG_ALLOWED", "r": "ARG_REQUIRED", "i": "ARG_INDEX", "k": "ARG_KEY"}
    lines = [
        "-------------------------------",
        f"{'Field Class:':30}{name} (Words)",
        f"{'Description:':30}Words of Falco. ",
    ]
    lines += [f"{'Event Sources:':30}{' '.join(sources)} ", ""]
    for item in _listed(items):
        type_ = f"LIST({item.type})" if item.has("L") else item.type
        stated = ",".join(tags[letter] for letter in item.argument if letter != "-")
        words = f"(Type: {type_}) " + (f"({stated}) " if stated else "") + "words of Falco (such as these) " * 5
        first, *rest = textwrap.wrap(words, 90)
        if len(item.name) > 30:
            lines += [item.name, f"{' ':30}{first} "]
        else:
            lines.append(f"{item.name:30}{first} ")
        lines += [f"{' ':30}{line} " for line in rest]
    return "\n".join([*lines, ""])


def _events(facts: Facts, release: Release) -> list[dict[str, object]]:
    types = {
        (entry.name, entry.direction, parameter.name): parameter
        for entry in facts.table.events
        if not entry.old
        for parameter in entry.parameters
    }
    events: list[dict[str, object]] = []
    for event in reversed(release.events):  # Falco's order is another one
        if event.name == "syscall":
            continue
        parameters = []
        for name in event.parameters:
            known = types[event.name, event.direction, name]
            parameter: dict[str, object] = {"name": name, "type": known.type}
            if known.values is not None and "FLAGS" in known.type:
                pairs = facts.table.values[known.values].split(" ")
                parameter["flags"] = [pair.partition("=")[0] for pair in pairs]
            parameters.append(parameter)
        events.append({"name": event.name, "dir": event.direction, "available": True, "params": parameters})
    numbers = [{"name": "ID", "type": "SYSCALLID"}, {"name": "nativeID", "type": "UINT16"}]
    events += [
        {"name": name, "dir": direction, "available": True, "params": numbers}
        for name in release.generic
        for direction in "><"
    ]
    return events


def _text_event(event: dict[str, object]) -> str:
    parameters = event["params"]
    assert isinstance(parameters, list)
    stated = [
        f"{each['type']} **{each['name']}**" + (f": {', '.join(each['flags'])}" if "flags" in each else "")
        for each in parameters
    ]
    return f"{event['dir']} {event['name']}({', '.join(stated)})\n"
