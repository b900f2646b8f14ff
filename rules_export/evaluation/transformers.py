"""What the transformers of the condition language do to a value: pure functions, None in (no value) gives None out.

Texts are Python strings in which bytes that are not UTF-8 stand as surrogate escapes. Source: falco-rules-spec 6.5.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence

from rules_export.language.escapes import to_bytes_text

_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UPPER = {code + 32: code for code in _LOWER}
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*\Z")


def to_bytes(text: str) -> bytes:
    """The bytes that `text` stands for."""
    return text.encode() if text.isascii() else to_bytes_text(text).encode("latin-1")


def tolower(value: str) -> str:
    """ASCII letters in lower case; all other characters stay, as in the C locale."""
    return value.lower() if value.isascii() else value.translate(_LOWER)


def toupper(value: str) -> str:
    """ASCII letters in upper case; all other characters stay, as in the C locale."""
    return value.upper() if value.isascii() else value.translate(_UPPER)


def basename(value: str) -> str:
    """What follows the last slash: "" for "/a/"."""
    return value[value.rfind("/") + 1 :]


def b64(value: str) -> str | None:
    """Standard base64 decoded, padding optional; None for anything malformed, leftover bits that are not zero included.

    A decoded NUL ends the text, since Falco compares C strings."""
    data = to_bytes(value)
    for _ in range(2):
        data = data.removesuffix(b"=")
    if not _BASE64.match(data) or len(data) % 4 == 1:
        return None
    decoded = base64.b64decode(data + b"=" * (-len(data) % 4))
    if binascii.b2a_base64(decoded, newline=False).rstrip(b"=") != data:
        return None
    return decoded.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def length(value: object) -> int:
    """Bytes of a text, elements of a list."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(to_bytes(value))
    return len(value) if isinstance(value, (list, tuple)) else 0


def concat(values: Sequence[object]) -> str | None:
    """The texts one after another; None if any is missing."""
    if any(value is None for value in values):
        return None
    return "".join(map(as_decimal, values))


def join(separator: object, values: object) -> str | None:
    """The elements with `separator` between them, numbers in decimal; None if the list is missing."""
    if separator is None or not isinstance(values, (list, tuple)):
        return None
    return str(separator).join(map(as_decimal, values))


def as_decimal(value: object) -> str:
    """A value as join writes it: numbers in decimal, truth values in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def getopt(arguments: object, options: object, selector: str | None = None) -> list[str] | str | None:
    """Walk `arguments` as getopt(3) does, with `options` such as "ab:".

    Without `selector`: the letters met, each followed by its value where it takes one, "?" for unknown letters. With
    `selector`: the last value (or the letter itself, for a letter without value); None where the letter never occurs.
    """
    if not isinstance(arguments, (list, tuple)) or not isinstance(options, str):
        return None
    found, chosen = [], None
    for letter, value in _options_met([str(argument) for argument in arguments], options.removeprefix(":")):
        found.append(letter)
        if value is not None:
            found.append(value)
        if letter == selector:
            chosen = letter if value is None else value
    return found if selector is None else chosen


def _options_met(arguments: list[str], options: str) -> list[tuple[str, str | None]]:
    met: list[tuple[str, str | None]] = []
    at = 0
    while at < len(arguments):
        token = arguments[at]
        at += 1
        if token in ("", "-", "--") or token[0] != "-":
            break
        if token.startswith("--"):
            continue
        for index, letter in enumerate(token[1:], start=2):
            if letter == ":" or letter not in options:
                met.append(("?", None))
                continue
            if f"{letter}:" not in options:
                met.append((letter, None))
                continue
            value = token[index:]
            if not value and at < len(arguments):
                value = arguments[at]
                at += 1
            met.append((letter, value))
            break
    return met


#: The transformers of one argument that work on texts, by name.
TEXT_TRANSFORMERS: dict[str, Callable[[str], str | None]] = {
    "tolower": tolower,
    "toupper": toupper,
    "basename": basename,
    "b64": b64,
}
