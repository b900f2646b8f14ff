"""A new release from what Falco prints and from the release before, and what a person must decide about it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from .outputs import ListedClass, ListedEvent, Output
from .store import (
    DEPRECATED,
    FLAGS,
    UNLISTED,
    EventTable,
    Facts,
    FactsError,
    Field,
    Parameter,
    Plugin,
    Release,
    TableEvent,
    order,
)
from .tables import ANY

GENERIC: Final = "generic"
#: A field that only the generic class has; Falco calls that class evt, as the one for system calls.
GENERIC_FIELD: Final = "evt.num"
HIDDEN: Final = "T"
UNKNOWN_CATEGORY: Final = "OTHER"
#: Formats of parameters by type, for new ones; Falco's listing does not state them.
FORMATS: Final = {"CHARBUF": "NA", "FSPATH": "NA", "FSRELPATH": "NA", "BYTEBUF": "NA", "FLAGS": "HEX"}


@dataclass
class Update:
    """The facts with the new release, and questions that its listings leave open.

    `base` is what Falco's listings are merged into: the facts of this release from an earlier run, with what a person
    decided then, or those of the previous release.
    """

    facts: Facts
    release: Release
    previous: Release
    base: Release
    questions: list[str] = field(default_factory=list)


def release_name(version: str) -> str:
    """0.44.1 → 0.44."""
    match = re.match(r"(\d+\.\d+)", version)
    if match is None:
        raise FactsError(f"'{version}' is not a version of Falco.")
    return match[1]


def add_release(facts: Facts, output: Output, date: str = "") -> Update:
    """Add what Falco printed as a release, or replace the release of the same name."""
    name = release_name(output.version)
    existing = next((release for release in facts.releases if release.name == name), None)
    older = [release for release in facts.releases if order(release.name) < order(name)]
    newer = [release for release in facts.releases if order(release.name) > order(name)]
    if not older:
        raise FactsError(f"Falco {name} is older than every release in the facts; nothing to compare it with.")
    if newer:
        raise FactsError(
            f"Falco {name} is older than {newer[-1].name}, the newest release in the facts. "
            "Remove the folders of the newer releases first, and add them again afterwards."
        )
    previous = older[-1]
    questions: list[str] = []
    plugin = output.plugins.get("container", previous.container_plugin)
    if "container" not in output.plugins:
        questions.append(
            f"Falco does not say which container plugin it ships ({plugin or 'none'} assumed): set container_plugin in "
            "release.json."
        )
    released = existing is not None and re.fullmatch(r"[\d.]+", existing.version) is not None  # no development build
    first = existing.first_container_plugin if existing and released else plugin
    if not date:
        date = existing.date if existing and existing.version == output.version else f"{datetime.date.today()}"
        questions.append(f"Falco does not print its date: {date} is assumed; correct it in release.json.")
    base = existing or previous
    release = Release(name, output.version, output.engine, date, output.libs, plugin, first)
    update = Update(replace(facts, releases=[*older, release]), release, previous, base, questions)
    release.language = {kind: list(names) for kind, names in base.language.items()}
    _add_fields(update, output)
    _add_events(update, output)
    _add_language(update, output)
    return update


# --- fields -----------------------------------------------------------------------------------------------------------


def _add_fields(update: Update, output: Output) -> None:
    listed = {_class_name(listed): listed for listed in output.classes}
    known = {plugin.name for plugin in update.facts.plugins}
    of_plugins = (known | output.plugins.keys()) - (set() if update.release.container_plugin else {"container"})
    for class_, items in update.base.fields.items():
        if class_ in of_plugins:
            continue
        current = listed[class_].fields if class_ in listed else []
        if merged := _merge_fields(update, output, items, [_without_kinds(item) for item in current]):
            update.release.fields[class_] = merged
    for class_, group in listed.items():
        if class_ in of_plugins:
            _add_plugin_fields(update, output, class_, group)
        elif class_ not in update.base.fields:
            update.release.fields[class_] = [_without_kinds(item) for item in group.fields]
            update.questions.append(
                f"Class {class_} is new: if it is built in, add it to _BUILT_IN in rules_export/catalog/fields.py and "
                "sources.py; if a plugin provides it, save plugins.txt (falco --list-plugins) and run this again."
            )


def _class_name(listed: ListedClass) -> str:
    return GENERIC if any(item.name == GENERIC_FIELD for item in listed.fields) else listed.name


def _without_kinds(item: Field) -> Field:
    return replace(item, argument=item.argument[:1])


def _merge_fields(update: Update, output: Output, before: list[Field], listed: list[Field]) -> list[Field]:
    """Falco's list, completed by what it leaves out: flags, and fields that are deprecated or hidden."""
    old = {item.name: item for item in before}
    merged = [_complete(old.get(item.name), item) for item in listed]
    names = {item.name for item in listed}
    for place, item in enumerate(before):
        if item.name in names:
            continue
        kept = item if item.has(UNLISTED) and item.name not in output.unlisted else _unlisted(update, output, item)
        if kept is None:
            continue
        preceding = {earlier.name for earlier in before[:place]}
        at = max((index for index, present in enumerate(merged) if present.name in preceding), default=-1)
        merged.insert(at + 1, kept)
    return merged


def _complete(old: Field | None, item: Field) -> Field:
    """The listed field with what the list leaves out: kinds of the argument, and flags other than that of a list."""
    if old is None:
        return item
    argument = item.argument if len(item.argument) > 1 or item.argument != old.argument[:1] else old.argument
    stated = set(item.flags) | (set(old.flags) - {FLAGS["IS_LIST"], *UNLISTED})
    return replace(item, argument=argument, flags="".join(sorted(stated - {"-"})) or "-")


def _unlisted(update: Update, output: Output, item: Field) -> Field | None:
    """A field that Falco listed before: removed, or deprecated, or hidden."""
    status = output.unlisted.get(item.name) or (output.probe(item) if output.probe else "")
    if status == "removed":
        return None
    if status == "hidden":
        return item.add_flag(HIDDEN)
    if status != "deprecated":
        update.questions.append(
            f"Field {item.name} is no longer listed: deprecated (assumed) or removed? If removed, delete its line in "
            f"facts/{update.release.name}/fields.txt."
        )
    return item.add_flag(DEPRECATED)


def _add_plugin_fields(update: Update, output: Output, name: str, listed: ListedClass) -> None:
    plugin = next((plugin for plugin in update.facts.plugins if plugin.name == name), None)
    version = output.plugins.get(name, "")
    if plugin is None:
        source = listed.sources[0] if len(listed.sources) == 1 else ANY
        plugin = Plugin(name, source, version or "0.1.0")
        update.facts.plugins.append(plugin)
        update.questions.append(
            f"Plugin {name} is new (source {source}): add it to PLUGIN_VERSIONS in rules_export/catalog/sources.py."
        )
    elif version and order(version) > order(plugin.version):
        update.questions.append(
            f"Plugin {name} is {version}, was {plugin.version}: check PLUGIN_VERSIONS in "
            "rules_export/catalog/sources.py."
        )
        plugin.version = version
    current = {item.name: item for item in listed.fields}
    before = {item.name for item, _ in plugin.fields}
    listed_before = {item.name for item, _ in plugin.fields if not item.has(UNLISTED)}
    plugin.fields = [
        (_complete(item, current[item.name]) if item.name in current else item, since) for item, since in plugin.fields
    ]
    plugin.fields += [(item, plugin.version) for item in listed.fields if item.name not in before]
    if added := sorted(current.keys() - before):
        update.questions.append(
            f"Plugin {name}: first version with {', '.join(added)} ({plugin.version} assumed) in facts/plugins.txt."
        )
    if gone := sorted(listed_before - current.keys()):
        update.questions.append(
            f"Plugin {name} no longer lists {', '.join(gone)}: remove the lines in facts/plugins.txt if "
            "it rejects them."
        )


# --- events -----------------------------------------------------------------------------------------------------------


def _add_events(update: Update, output: Output) -> None:
    release, base = update.release, update.base
    dedicated = [event for event in output.events if not event.generic]
    generic = list(dict.fromkeys(event.name for event in output.events if event.generic))
    carried = [event for event in base.events if event.name == "syscall"]
    release.events = [*carried, *(event.event for event in dedicated)]
    release.generic = generic
    _update_table(update.facts.table, dedicated, generic, update.questions)
    listed = {event.name for event in release.events} | set(release.generic)
    gone = sorted(({event.name for event in base.events} | set(base.generic)) - listed)
    for name in gone:
        update.questions.append(
            f"Event {name} is no longer listed. If evt.type still accepts it, add it to [event_type] in "
            f"facts/{release.name}/language.txt."
        )
    release.language["event_type"] = [name for name in release.language["event_type"] if name not in listed]
    parameters = {name for event in release.events for name in event.parameters}
    release.language["event_arg"] = [name for name in release.language["event_arg"] if name not in parameters]


def _update_table(
    table: EventTable, listed: Iterable[ListedEvent], generic: Iterable[str], questions: list[str]
) -> None:
    """Add listed events that the table lacks, and parameters that differ."""
    entries = {(entry.name, entry.direction): entry for entry in table.events if not entry.old}
    names = {entry.name for entry in table.events}
    for event in listed:
        entry = entries.get((event.name, event.direction))
        if entry is None:
            code = max((entry.code for entry in table.events), default=-1) + 1
            entry = TableEvent(code, event.direction, event.name, UNKNOWN_CATEGORY, old=False)
            table.events.append(entry)
            entries[event.name, event.direction] = entry
            questions.append(
                f"Event {event.direction} {event.name} is new: check its code ({code} assumed), category "
                f"({UNKNOWN_CATEGORY} assumed) and formats in facts/event_table.txt, and whether it fills fd.*, "
                "fs.path.* or evt.is_open_* (facts/field_events.txt)."
            )
        stated = [(name, type_) for name, type_, _ in event.parameters]
        if stated != [(parameter.name, parameter.type) for parameter in entry.parameters]:
            _update_parameters(table, entry, event, questions)
        else:
            _check_flags(table, entry, event, questions)
    for name in [*generic, *(event.name for event in listed if event.name not in names)]:
        if name not in table.calls:
            table.calls.append(name)


def _update_parameters(table: EventTable, entry: TableEvent, event: ListedEvent, questions: list[str]) -> None:
    known = {parameter.name: parameter for parameter in entry.parameters}
    updated = []
    for name, type_, flags in event.parameters:
        if type_ == "<NA>" or type_.startswith("NA"):
            type_ = known[name].type if name in known else type_
        old = known.get(name)
        kind = type_.rstrip("0123456789")
        shown = old.format if old else FORMATS.get(kind, "DEC")
        updated.append(Parameter(name, type_, shown, old.values if old else _values(table, flags)))
        if flags and not old and updated[-1].values is None:
            questions.append(
                f"Parameter {event.name}.{name} has named values ({', '.join(flags[:3])}…) whose numbers Falco does "
                "not print: add them to facts/event_table.txt."
            )
    changed = sorted({name for name, _, _ in event.parameters} ^ known.keys())
    retyped = [item.name for item in updated if item.name in known and known[item.name].type not in ("<NA>", item.type)]
    if retyped:
        questions.append(
            f"Event {entry.direction} {event.name} has other types than before for {', '.join(retyped)}: check their "
            "formats in facts/event_table.txt."
        )
    if known and changed:
        questions.append(
            f"Event {entry.direction} {event.name} has other parameters than before ({', '.join(changed)}): check "
            "facts/event_table.txt."
        )
    entry.parameters = updated


def _values(table: EventTable, flags: tuple[str, ...]) -> int | None:
    """The table of named values with exactly these names."""
    names = [tuple(part.partition("=")[0] for part in text.split(" ")) for text in table.values]
    return names.index(flags) if flags and flags in names else None


def _check_flags(table: EventTable, entry: TableEvent, event: ListedEvent, questions: list[str]) -> None:
    for parameter, (name, _, flags) in zip(entry.parameters, event.parameters, strict=True):
        if not flags or parameter.values is None:
            continue
        known = {part.partition("=")[0] for part in table.values[parameter.values].split(" ")}
        if new := [flag for flag in flags if flag not in known]:
            questions.append(
                f"Parameter {event.name}.{name} has new named values {', '.join(new)}: add their numbers to [values] "
                f"{parameter.values} in facts/event_table.txt."
            )


# --- language ---------------------------------------------------------------------------------------------------------


def _add_language(update: Update, output: Output) -> None:
    language = update.release.language
    if output.ignored is not None:
        language["ignored"] = sorted(set(output.ignored))
    else:
        update.questions.append(
            "Which system calls does Falco ignore by default? Those of the previous release are assumed; save "
            "ignored.txt (falco -i) to be sure."
        )
    for kind, keys in (("item_key", output.schema_keys), ("override_key", output.schema_overrides)):
        if keys is None:
            continue
        known = {name.rpartition(".")[2] for name in language[kind]}
        if new := sorted(keys - known):
            update.questions.append(
                f"The rule schema has new keys {', '.join(new)}: add them to [{kind}] in "
                f"facts/{update.release.name}/language.txt, as rule.KEY or rule.replace.KEY."
            )
    update.questions.append(
        "Falco lists no operators, modifiers, transformers, syntax or deprecations without a warning: read the release "
        f"notes and complete facts/{update.release.name}/language.txt."
    )
