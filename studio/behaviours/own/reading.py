"""Files of behaviours from anybody: bounded, safe YAML with the line of every key, and zip archives of such files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from rules_export.archives.unpacking import unpacked
from rules_export.errors import EmitError

#: Bytes of all files together, files of an archive, behaviours at once, depth and parts of one file.
MOST_BYTES = 1024 * 1024
MOST_FILES = 200
MOST_RECORDS = 200
#: Files of any kind in an archive, and the bytes of them all unpacked.
MAX_ENTRIES, MAX_UNPACKED = 2_000, 8 * 1024 * 1024
DEEPEST = 20
MOST_PARTS = 100_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UnreadableError(ValueError):
    """A file that cannot be read at all; the message says why. `line` counts from 1, 0 where there is none."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Read:
    """One behaviour of a file, as data. lines: (key, number of the item or 0) → line of the file, from 1."""

    record: dict[str, Any]
    file: str = ""
    lines: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def line(self, key: str, number: int = 0) -> int:
        """Where a key, or an item of its list, stands; the first line of the behaviour where it does not."""
        return self.lines.get((key, number)) or self.lines.get((key, 0)) or self.lines.get(("", 0), 0)


def texts(data: bytes, name: str) -> dict[str, str]:
    """The YAML texts of an uploaded file: of the file itself, or of each of a zip archive. Raises UnreadableError."""
    if not data.startswith(b"PK\x03\x04"):
        if len(data) > MOST_BYTES:
            raise UnreadableError(f"The file is longer than {MOST_BYTES // 1024} KiB.")
        return {name: _text(data)}
    try:
        held = unpacked(data, MAX_ENTRIES, MAX_UNPACKED)
    except EmitError as error:
        raise UnreadableError(str(error)) from error
    members = {path: content for path, content in held.items() if path.endswith((".yaml", ".yml"))}
    if not members:
        raise UnreadableError("The archive holds no .yaml file.")
    if len(members) > MOST_FILES:
        raise UnreadableError(f"The archive holds {len(members)} files; at most {MOST_FILES} are read.")
    if sum(map(len, members.values())) > MOST_BYTES:
        raise UnreadableError(f"The files of the archive are longer than {MOST_BYTES // 1024} KiB together.")
    return {path[-200:]: _text(content) for path, content in members.items()}


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError("The file is not text in UTF-8.") from error


def read(text: str, file: str = "") -> list[Read]:
    """The behaviours of a text: a list of them, or one. Raises UnreadableError."""
    if len(text) > MOST_BYTES:
        raise UnreadableError(f"The text is longer than {MOST_BYTES // 1024} KiB.")
    try:
        node = _composed(text)
    except UnreadableError:
        raise
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise UnreadableError(f"This is not YAML: {error.problem or error.context}.", line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableError("This is not YAML that can be read.") from error
    nodes = node.value if isinstance(node, SequenceNode) else [node] if node is not None else []
    if not nodes:
        raise UnreadableError("There is no behaviour in this text.")
    if len(nodes) > MOST_RECORDS:
        raise UnreadableError(f"There are {len(nodes)} behaviours; at most {MOST_RECORDS} are read at once.")
    return [_record(one, file) for one in nodes]


def _composed(text: str) -> Node | None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise UnreadableError("Anchors and aliases are not read here; write the value out.", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST or count > MOST_PARTS:
            raise UnreadableError("The text nests too deeply or has too many parts for a file of behaviours.", line)
    loader = _LOADER(text)
    try:
        node: Node | None = loader.get_single_node()
    finally:
        loader.dispose()
    return node


def _record(node: Node, file: str) -> Read:
    first = node.start_mark.line + 1
    if not isinstance(node, MappingNode):
        raise UnreadableError("A behaviour is a mapping of keys such as id, techniques and clause.", first)
    lines = {("", 0): first}
    for key, value in node.value:
        if (key.value, 0) in lines:
            raise UnreadableError(f"The key {str(key.value)[:60]} stands twice.", key.start_mark.line + 1)
        lines[(str(key.value), 0)] = key.start_mark.line + 1
        if isinstance(value, SequenceNode):
            lines |= {(str(key.value), n): item.start_mark.line + 1 for n, item in enumerate(value.value, 1)}
    return Read(_built(node, first), file, lines)


def _built(node: Node, line: int) -> dict[str, Any]:
    loader = _LOADER("")
    try:
        data = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        problem = getattr(error, "problem", None) or "a value can't be read"
        raise UnreadableError(f"This is not YAML that can be read: {problem}.", line) from error
    finally:
        loader.dispose()
    return {str(key): plain(value, line) for key, value in data.items()}


def plain(value: Any, line: int = 0) -> Any:
    """The value with nothing in it but what JSON and every database keep. Raises UnreadableError for the rest."""
    if isinstance(value, str):
        if any(character in "\x00\ufffe\uffff" or "\ud800" <= character <= "\udfff" for character in value):
            raise UnreadableError("The text holds characters that can't be kept, such as a null character.", line)
        return value
    if isinstance(value, dict):
        return {plain(str(key), line): plain(one, line) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(one, line) for one in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else "a number too large"
    if isinstance(value, float) and math.isfinite(value):
        return value
    return str(value)


def all_texts(found: Mapping[str, str]) -> Iterator[Read | tuple[str, UnreadableError]]:
    """The behaviours of all texts in order, or the name of a text with what is wrong with it."""
    for name, text in found.items():
        try:
            yield from read(text, name)
        except UnreadableError as error:
            yield (name, error)
