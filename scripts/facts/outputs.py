"""What Falco prints about itself: read from a program or from saved files, as JSON or as text.

| saved file | command |
| --- | --- |
| version.json or version.txt | falco --version -o json_output=true, or falco --version |
| list.json or list.txt | falco --list --format json, or falco --list -v |
| list-events.json or list-events.txt | falco --list-events --format json, or falco --list-events |
| list-SOURCE.json or list-SOURCE.txt | falco --list=SOURCE with the same options, for each source of a plugin |
| plugins.txt (optional) | falco --list-plugins |
| ignored.txt (optional) | falco -i |
| rule-schema.json (optional) | falco --rule-schema |
| unlisted.json (optional) | {"FIELD": "deprecated", "hidden" or "removed"} for fields that the list no longer has |

Older releases print text only. Both formats lead to the same result, save for what the text leaves out.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .store import FLAGS, Event, FactsError, Field, order

MAX_SECONDS = 60
STATUSES = ("deprecated", "hidden", "removed")
REQUIRED = ("version", "list", "list-events")

#: A name of exactly 30 characters has no blank behind it.
_FIELD = re.compile(r"^([a-z]\w*(?:\.\w+)+)(?=[\s(]|$)\s*(.*)$")
_TYPE = re.compile(r"\(Type:\s+(?:LIST\((\w+)\)|(\w+))\)")
_TAGS = re.compile(r"^\s*\(([A-Z_]+(?:[ ,][A-Z_]+)*)\)")
_EVENT = re.compile(r"^([<>]) ([\w-]+)\((.*)\)$")
_RULE = """- rule: probe
  desc: probe
  condition: evt.type = open and {field} exists
  output: probe
  priority: INFO
"""


@dataclass
class ListedClass:
    """A class of fields as Falco lists it."""

    name: str
    sources: tuple[str, ...]
    fields: list[Field]


@dataclass
class ListedEvent:
    """An event as Falco lists it; parameters as (name, type, names of flags)."""

    name: str
    direction: str
    parameters: list[tuple[str, str, tuple[str, ...]]]

    @property
    def generic(self) -> bool:
        """Whether the system call has no event of its own."""
        return bool(self.parameters) and self.parameters[0][1] == "SYSCALLID"

    @property
    def event(self) -> Event:
        return Event(self.name, self.direction, tuple(name for name, _, _ in self.parameters))


@dataclass
class Output:
    """Everything that one Falco says about itself. None: it was not asked or cannot say."""

    version: str
    engine: str
    libs: str
    plugins: dict[str, str]
    classes: list[ListedClass]
    events: list[ListedEvent]
    ignored: list[str] | None = None
    schema_keys: set[str] | None = None
    schema_overrides: set[str] | None = None
    unlisted: dict[str, str] = field(default_factory=dict)
    probe: Callable[[Field], str] | None = None


# --- where the texts come from ----------------------------------------------------------------------------------------


def run_falco(program: Path, sources: Sequence[str] = ()) -> Output:
    """Ask a Falco program. FactsError where it cannot be run or prints what we cannot read."""

    def ask(*arguments: str) -> str:
        done = _run(program, *arguments)
        return done.stdout if done.returncode == 0 else ""

    def ask_either(json_arguments: Sequence[str], text_arguments: Sequence[str]) -> str:
        text = ask(*json_arguments)
        return text if text.lstrip().startswith("{") else ask(*text_arguments)

    def list_fields(option: str) -> str:
        return ask_either((option, "--format", "json"), (option, "-v"))

    texts = {
        "version": ask_either(("--version", "-o", "json_output=true"), ("--version",)),
        "list": list_fields("--list"),
        "list-events": ask_either(("--list-events", "--format", "json"), ("--list-events",)),
        "plugins": ask("--list-plugins"),
        "ignored": ask("-i"),
        "rule-schema": ask("--rule-schema"),
    }
    texts |= {f"list-{source}": list_fields(f"--list={source}") for source in sources}
    missing = [f"falco --{name}" for name in REQUIRED if not texts[name].strip()]
    if missing:
        raise FactsError(f"{program} printed nothing for {', '.join(missing)}. Run the command by hand to see why.")
    output = parse_output({name: text for name, text in texts.items() if text.strip()})
    output.probe = lambda item: _probe(program, item)
    return output


def _run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            [str(program), *arguments], capture_output=True, text=True, timeout=MAX_SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as problem:
        raise FactsError(f"{program} could not be run: {problem}.") from problem


def _probe(program: Path, item: Field) -> str:
    """Whether Falco still accepts a field that it does not list: deprecated, hidden or removed."""
    name = f"{item.name}[0]" if item.argument.startswith("r") else item.name
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "probe.yaml"
        rules.write_text(_RULE.format(field=name), encoding="utf-8")
        done = _run(program, "-V", str(rules))
    said = done.stdout + done.stderr
    if "nonexistent field" in said:
        return "removed"
    return "deprecated" if "LOAD_DEPRECATED_ITEM" in said else "hidden"


def read_saved(folder: Path) -> Output:
    """Read saved outputs. FactsError names what is missing."""
    texts = {}
    for path in sorted(folder.glob("*")):
        if path.suffix in (".json", ".txt") and (path.stem not in texts or path.suffix == ".json"):
            texts[path.stem] = path.read_text(encoding="utf-8")
    if missing := [name for name in REQUIRED if name not in texts]:
        raise FactsError(
            f"{folder}: {', '.join(f'{name}.json or {name}.txt' for name in missing)} missing. "
            "Save the output of falco under these names (docs/falco-release.md)."
        )
    return parse_output(texts)


def parse_output(texts: Mapping[str, str]) -> Output:
    """Read the outputs, each as JSON or as text. FactsError where one has another form than those that we know."""
    try:
        return _parse(texts)
    except (KeyError, TypeError, AttributeError) as problem:
        raise FactsError(
            f"The output of Falco has a form that this command does not know ({type(problem).__name__}: {problem}). "
            "Save it as text instead, or extend scripts/facts/outputs.py."
        ) from problem


def _parse(texts: Mapping[str, str]) -> Output:
    version, engine, libs, plugins = parse_version(texts["version"])
    if "plugins" in texts:
        plugins = parse_plugins(texts["plugins"]) | plugins
    by_source = sorted(name for name in texts if name.startswith("list-") and name != "list-events")
    lists = [texts[name] for name in ("list", *by_source)]
    classes: dict[tuple[str, tuple[str, ...]], ListedClass] = {}
    for text in lists:
        for listed in parse_fields(text):
            classes.setdefault((listed.name, tuple(item.name for item in listed.fields[:1])), listed)
    output = Output(version, engine, libs, plugins, list(classes.values()), parse_events(texts["list-events"]))
    if "ignored" in texts:
        output.ignored = re.findall(r"^- (\S+)", texts["ignored"], re.MULTILINE)
    if "rule-schema" in texts:
        definitions = _load(texts["rule-schema"], "rule-schema").get("definitions", {})
        output.schema_keys = set(definitions.get("FalcoRule", {}).get("properties", ()))
        output.schema_overrides = set(definitions.get("Override", {}).get("properties", ()))
    if "unlisted" in texts:
        output.unlisted = _load(texts["unlisted"], "unlisted")
        for name, status in output.unlisted.items():
            if status not in STATUSES:
                raise FactsError(f"unlisted.json, {name}: '{status}' is not one of {', '.join(STATUSES)}.")
    return output


def _load(text: str, name: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as problem:
        raise FactsError(f"{name}: not JSON ({problem}). Save the output of falco again.") from problem
    if not isinstance(value, dict):
        raise FactsError(f"{name}: a JSON object is expected. Save the output of falco again.")
    return value


# --- versions ---------------------------------------------------------------------------------------------------------


def parse_version(text: str) -> tuple[str, str, str, dict[str, str]]:
    """Falco, engine and libs version, and those of the plugins where they are named."""
    plugins: dict[str, str] = {}
    if text.lstrip().startswith("{"):
        stated = _load(text, "version")
        version, libs = str(stated.get("falco_version", "")), str(stated.get("libs_version", ""))
        engine = str(stated.get("engine_version_semver") or stated.get("engine_version", ""))
        plugins = {str(name): str(number) for name, number in stated.get("plugin_versions", {}).items()}
    else:
        pairs = dict(re.findall(r"^\s*([A-Z]\w*(?: \w+)?):\s+(\S+)", text, re.MULTILINE))
        version, libs, engine = (pairs.get(key, "") for key in ("Falco version", "Libs version", "Engine"))
    if engine.isdigit():
        engine = f"0.{engine}.0"  # before 0.37 the engine version was a number
    if not re.match(r"\d+\.\d+", version) or not engine:
        raise FactsError("version: no Falco and engine version. Save the output of `falco --version`.")
    order(engine)
    return version, engine, libs, plugins


def parse_plugins(text: str) -> dict[str, str]:
    """Names and versions from `falco --list-plugins`."""
    return dict(re.findall(r"^Name:\s+(\S+)$.*?^Version:\s+(\S+)$", text, re.MULTILINE | re.DOTALL))


# --- fields -----------------------------------------------------------------------------------------------------------


def parse_fields(text: str) -> list[ListedClass]:
    """The classes of `falco --list`. Descriptions are left out: they are Falco's own prose."""
    if text.lstrip().startswith("{"):
        classes = _load(text, "list").get("fieldclasses", [])
        found = [
            ListedClass(
                str(item["name"]),
                tuple(sorted(item.get("event_sources") or ())),
                [_json_field(each) for each in item.get("fields", ())],
            )
            for item in classes
        ]
    else:
        found = list(_text_classes(text))
    if not any(listed.fields for listed in found):
        raise FactsError("list: no fields. Save the output of `falco --list --format json` or `falco --list -v`.")
    return [listed for listed in found if listed.fields]


def _json_field(stated: Mapping[str, Any]) -> Field:
    tags = {str(tag) for tag in (*stated.get("flags", ()), *stated.get("tags", ()))}
    if stated.get("is_list"):
        tags.add("IS_LIST")
    if stated.get("deprecated"):
        tags.add("DEPRECATED")
    if argument := stated.get("argument"):
        tags.add("ARG_REQUIRED" if argument.get("required") else "ARG_ALLOWED")
        kinds = argument.get("type") or ()
        tags |= {f"ARG_{kind}".upper() for kind in ((kinds,) if isinstance(kinds, str) else kinds)}
    return _field(str(stated["name"]), str(stated["type"]), tags)


def _field(name: str, type_: str, tags: set[str]) -> Field:
    plain = {tag.removeprefix("EPF_").replace(" ", "_").replace("IDX_", "ARG_") for tag in tags}
    argument = "r" if "ARG_REQUIRED" in plain else "o" if "ARG_ALLOWED" in plain else ""
    argument += "i" if plain & {"ARG_INDEX", "ARG_NUMERIC"} else ""
    argument += "k" if "ARG_KEY" in plain else ""
    return Field(name, type_, argument or "-", "".join(sorted(FLAGS[tag] for tag in plain & FLAGS.keys())) or "-")


def _text_classes(text: str) -> Iterator[ListedClass]:
    for block in re.split(r"^-{5,}\s*$", text, flags=re.MULTILINE):
        head, _, body = block.strip("\n").partition("\n\n")
        title = re.search(r"^Field Class:\s+(\S+)", head, re.MULTILINE)
        if title is None:
            continue
        sources = re.search(r"^Event Sources:\s+(.*)$", head, re.MULTILINE)
        yield ListedClass(
            title[1], tuple(sorted(sources[1].split())) if sources else (), list(_text_fields(body.splitlines()))
        )


def _text_fields(lines: Sequence[str]) -> Iterator[Field]:
    items: list[list[str]] = []
    for line in lines:
        if match := _FIELD.match(line):
            items.append([match[1], match[2]])
        elif items and line.startswith(" "):
            items[-1].append(line.strip())
    for name, *words in items:
        description = " ".join(words).strip()
        type_ = _TYPE.search(description)
        if type_ is None:
            raise FactsError(f"list: field {name} has no type. Save the output of `falco --list -v` (with -v).")
        tags = _TAGS.match(description[type_.end() :])
        stated = set(tags[1].split(",")) if tags else set()
        yield _field(name, type_[1] or type_[2], stated | ({"IS_LIST"} if type_[1] else set()))


# --- events -----------------------------------------------------------------------------------------------------------


def parse_events(text: str) -> list[ListedEvent]:
    """The events of `falco --list-events`."""
    if text.lstrip().startswith("{"):
        groups = _load(text, "list-events")
        events = [
            ListedEvent(
                str(item["name"]),
                str(item["dir"]),
                [(str(each["name"]), str(each["type"]), tuple(each.get("flags", ()))) for each in item["params"]],
            )
            for group in groups.values()
            if isinstance(group, list)
            for item in group
        ]
    else:
        events = [
            ListedEvent(match[2], match[1], list(_text_parameters(match[3])))
            for line in text.splitlines()
            if (match := _EVENT.match(line.strip()))
        ]
    if not events:
        raise FactsError("list-events: no events. Save the output of `falco --list-events`.")
    return events


def _text_parameters(text: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """`FD fd, FLAGS32 flags: O_RDONLY, O_CREAT`: a part with a blank is a parameter, any other a further flag."""
    parameters: list[tuple[str, str, list[str]]] = []
    for part in filter(None, text.replace("*", "").split(", ")):
        words = part.split(" ")
        if len(words) > 1:
            parameters.append((words[1].rstrip(":"), words[0], words[2:]))
        elif parameters:
            parameters[-1][2].append(part)
    return ((name, type_, tuple(flags)) for name, type_, flags in parameters)
