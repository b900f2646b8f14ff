"""Rules files as they come: pasted, uploaded, or in an archive; their texts in the order in which Falco loads them."""

from __future__ import annotations

import codecs
import re

from rules_export.archives.unpacking import unpacked
from rules_export.errors import EmitError

#: Bytes of an upload, characters of all rules files in it, and how many files an archive may bring.
MOST_BYTES, MOST_TEXT, MOST_FILES = 5_000_000, 3_000_000, 50
#: Files of any kind in an archive, and the bytes of them all unpacked.
MOST_ENTRIES, MOST_UNPACKED = 2_000, 20 * 1024 * 1024

_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b")
#: Bytes by which an upload is told from what is no text.
_BEGINNING = 4096
_RULES = re.compile(r"(?m)^\s*-\s+(rule|macro|list)\s*:")


class UnusableError(ValueError):
    """What was given is no rules file; the message says why."""


def check_kind(name: str, data: bytes) -> None:
    """Whether an upload can be rules at all, by its size and first bytes. Raises UnusableError."""
    if len(data) > MOST_BYTES:
        raise UnusableError(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    if _is_archive(data):
        return
    beginning = data[:_BEGINNING]
    try:
        codecs.getincrementaldecoder("utf-8-sig")().decode(beginning)
    except UnicodeDecodeError as error:
        raise UnusableError(f"{name} is not UTF-8 text (byte {error.start + 1:,}) and not an archive.") from error
    if b"\0" in beginning:
        raise UnusableError(f"{name} contains a zero byte, so it is neither a rules file nor an archive.")


def files_of(name: str, data: bytes) -> list[tuple[str, str]]:
    """(name, text) of the rules files in an upload. Raises UnusableError."""
    if len(data) > MOST_BYTES:
        raise UnusableError(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    if _is_archive(data):
        return _in_archive(data)
    return [_text(name[:200] or "rules.yaml", data)]


def _is_archive(data: bytes) -> bool:
    return data[:4] == _ARCHIVES[0] or data[:2] == _ARCHIVES[1] or data[257:262] == b"ustar"


def _in_archive(data: bytes) -> list[tuple[str, str]]:
    try:
        held = unpacked(data, MOST_ENTRIES, MOST_UNPACKED)
    except EmitError as error:
        raise UnusableError(str(error)) from error
    named = sorted(path for path in held if path.endswith((".yaml", ".yml")))
    found = [text for text in (_text(path, held[path]) for path in named) if _RULES.search(text[1])]
    if not found:
        raise UnusableError("The archive holds no rules file: no .yaml file with rules, macros or lists.")
    if len(found) > MOST_FILES or sum(len(text) for _, text in found) > MOST_TEXT:
        raise UnusableError(f"The archive holds more than {MOST_FILES} rules files or {MOST_TEXT:,} characters.")
    return found


def _text(name: str, data: bytes) -> tuple[str, str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableError(f"{name} is not UTF-8 text (byte {error.start + 1:,}).") from error
    if "\x00" in text:
        raise UnusableError(f"{name} holds a zero byte; it is no text.")
    if len(text) > MOST_TEXT:
        raise UnusableError(f"{name} holds more than {MOST_TEXT:,} characters.")
    return name, text
