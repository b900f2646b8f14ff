"""Quoted literals of the condition language: what a backslash means, and how to write a text so that it reads back.

Falco knows its own set of escapes: ``\\b \\f \\n \\r \\t``, ``\\\\`` and (a kept mistake of old rules) backslash-blank
for a backslash, ``\\/``, the delimiter's own escape, and ``\\xHH`` for one byte. Reading works on *byte text*: a str
with one character per byte (UTF-8 decoded as Latin-1), which is how the parser sees its input.
"""

from __future__ import annotations

import re

_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", " ": "\\", "\\": "\\", "/": "/"}
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.?))", re.DOTALL)
_WRITTEN = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", '"': '\\"'}
_TO_WRITE = re.compile(r"[\x00-\x1f\\\"\x7f]")


class EscapeError(ValueError):
    """A backslash sequence that Falco refuses; the text is Falco's."""


def to_bytes_text(text: str) -> str:
    """Give `text` as byte text; surrogate escapes stand for their bytes."""
    if text.isascii():
        return text
    try:
        return text.encode("utf-8", "surrogateescape").decode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass").decode("latin-1")


def from_bytes_text(text: str) -> str:
    """Give byte text back as text; bytes that are not valid UTF-8 become surrogate escapes."""
    if text.isascii():
        return text
    return text.encode("latin-1").decode("utf-8", "surrogateescape")


def unescape(body: str, delimiter: str) -> str:
    """Resolve the escapes of `body`, the byte text between two `delimiter`s; raises EscapeError."""

    def one(found: re.Match[str]) -> str:
        digits, letter = found.group(1), found.group(2)
        if digits is not None:
            return chr(int(digits, 16))
        if letter in _SIMPLE and letter:
            return _SIMPLE[letter]
        if letter == delimiter:
            return delimiter
        if letter == '"':
            raise EscapeError("invalid \\\" escape in '-quoted string")
        if letter == "'":
            raise EscapeError("invalid \\' escape in \"-quoted string")
        if letter == "x":
            if found.end() + 2 > len(body):
                raise EscapeError("truncated hex char escape sequence")
            raise EscapeError(f"invalid hex char escape sequence: {body[found.end() : found.end() + 2]}")
        raise EscapeError(f"unsupported string escape sequence: \\{letter}")

    return _ESCAPE.sub(one, body)


def quote(text: str) -> str:
    """Write `text` between double quotes so that the parser reads the same text back, byte for byte."""
    written = _TO_WRITE.sub(_write, text)
    if text.endswith("\\"):  # the delimiter would count as escaped; backslash-blank is a backslash in every Falco
        written = written[:-1] + " "
    if not written.isascii():
        written = "".join(f"\\x{ord(c) - 0xDC00:02x}" if "\udc80" <= c <= "\udcff" else c for c in written)
    return f'"{written}"'


def _write(found: re.Match[str]) -> str:
    char = found.group()
    return _WRITTEN.get(char) or f"\\x{ord(char):02x}"
