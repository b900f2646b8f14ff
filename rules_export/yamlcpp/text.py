"""The text of a YAML file as Falco's YAML library counts it: in bytes, whatever the encoding was.

The text is kept as a str with one character for each byte of its UTF-8 form, so that offsets into it are byte offsets
and regular expressions stay fast; `readable` turns a piece of it into real text.
"""

from __future__ import annotations

from bisect import bisect_right

from rules_export.spans import Position

#: The mark of what the end of the stream closes: the last line, but its first column.
END = -1


class YamlError(Exception):
    """Text that Falco's YAML library cannot read; `mark` is where, `message` is its own text without the place."""

    def __init__(self, message: str, mark: int) -> None:
        super().__init__(message)
        self.message = message
        self.mark = mark


def readable(piece: str) -> str:
    """A piece of byte text as real text; bytes that are not UTF-8 become surrogate escapes."""
    if piece.isascii():
        return piece
    return piece.encode("latin-1").decode("utf-8", "surrogateescape")


def as_bytes(content: str | bytes) -> bytes:
    """The bytes of a file's content; text from JSON or from `readable` may hold surrogates."""
    if isinstance(content, bytes):
        return content
    try:
        return content.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return content.encode("utf-8", "surrogatepass")


class SourceText:
    """One file's text: `text` (a character for each byte, byte-order mark removed) and where its lines begin."""

    def __init__(self, content: str | bytes) -> None:
        self.text = _as_utf8(as_bytes(content)).decode("latin-1")
        self.break_char = _break_char(self.text)
        self._starts: list[int] | None = None

    def position(self, mark: int) -> Position:
        """The place of a mark: byte offset, line and column from 0."""
        if self._starts is None:
            self._starts = _line_starts(self.text, self.break_char)
        offset = len(self.text) if mark == END else mark
        line = bisect_right(self._starts, offset) - 1
        return Position(offset, line, 0 if mark == END else offset - self._starts[line])


def _line_starts(text: str, break_char: str) -> list[int]:
    starts, at = [0], text.find(break_char)
    while at >= 0:
        starts.append(at + 1)
        at = text.find(break_char, at + 1)
    return starts


def _break_char(text: str) -> str:
    """The character that ends a line for counting: the first line end of the text decides for all of it."""
    carriage = text.find("\r")
    if carriage < 0:
        return "\n"
    newline = text.find("\n")
    if newline >= 0 and newline <= carriage + 1:
        return "\n"
    return "\r"


def _as_utf8(data: bytes) -> bytes:
    """The content as UTF-8 without byte-order mark; the library guesses the encoding from the first bytes."""
    if data[:3] == b"\xef\xbb\xbf":
        return data[3:]
    first = data[:4].ljust(4, b"\x01")
    if b"\0" not in first and first[0] < 0xFE:
        return data
    encoding, skip = _wide_encoding(first)
    if encoding is None:
        return data
    unit = 2 if "16" in encoding else 4
    end = len(data) - (len(data) - skip) % unit  # half a unit at the end counts for nothing
    return data[skip:end].decode(encoding, "replace").encode("utf-8", "replace")


def _wide_encoding(first: bytes) -> tuple[str | None, int]:
    """Encoding and length of the mark for a text that begins with these four bytes; (None, 0) for UTF-8."""
    one, two, three, four = first
    if one == 0xFE and two == 0xFF:
        return "utf-16-be", 2
    if one == 0xFF and two == 0xFE:
        return ("utf-32-le", 4) if three == 0 and four == 0 else ("utf-16-le", 2)
    if one == 0 and two == 0:
        if three == 0:
            return "utf-32-be", 0
        return ("utf-32-be", 4) if three == 0xFE and four == 0xFF else (None, 0)
    if one == 0 and two not in (0xBB, 0xBF, 0xEF, 0xFE, 0xFF):
        return "utf-16-be", 0
    if two == 0 and one not in (0, 0xBB, 0xBF, 0xEF, 0xFE, 0xFF):
        return ("utf-32-le", 0) if three == 0 and four == 0 else ("utf-16-le", 0)
    return None, 0
