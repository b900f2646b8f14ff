"""Texts as YAML scalars which Falco's reader gives back unchanged, in the plainest style that does so.

Falco takes every scalar as text, but people and other tools read the files too: what they would take for a number, a
truth value or nothing is quoted, except plain whole numbers. Line ends are only ever written in folded blocks.
"""

from __future__ import annotations

import re
from itertools import pairwise, zip_longest

from rules_export.errors import EmitError

#: What YAML readers other than Falco's take for nothing, a truth value, a number or a date.
_NOT_TEXT = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|[-+]?(\d[\d_]*)?\.?[\d_]*(e[-+]?\d+)?|[-+]?0[xob][0-9a-f_]+"
    r"|[-+]?\d+(:[0-5]?\d)+(\.\d*)?|[-+]?\.(inf|nan)|\d{4}-\d\d?-\d\d?.*",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")
#: What a plain scalar may begin with; all that means something to YAML is left out.
_PLAIN_START = re.compile(r"[^\W_]|[_./(+;$^]")
_FLOW_UNSAFE = re.compile(r"[,?\[\]{}:#]")
_LINE_ENDS = re.compile(r"(\n+)")
_BREAK = re.compile(r"(?<! ) (?! )")

_ESCAPES = {"\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"}
_ESCAPES |= {"\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\xa0": "\\_", "\u2028": "\\L", "\u2029": "\\P"}


def flow(text: str) -> str:
    """A scalar inside brackets: `[a, 'b, c']`."""
    if text in ("=", "<", "<=") or (_is_plain(text) and not _FLOW_UNSAFE.search(text)):
        return text
    return quoted(text)


def inline(text: str) -> str:
    """A scalar behind `key: `, on one line."""
    return text if _is_plain(text) else quoted(text)


def quoted(text: str) -> str:
    """A scalar between single quotes where its characters allow, else between double quotes with escapes.

    Raises EmitError for text that is no Unicode (a lone surrogate): no YAML escape stands for it.
    """
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(char if char.isprintable() and char not in '"\\' else _escape(char) for char in text) + '"'


def folded(text: str, indent: int, width: int = 112) -> str | None:
    """A folded block for prose, its lines indented by `indent`; None where a block would change the text.

    It is `>-`, or `>` for a text that ends in one line end.
    """
    paragraphs = _LINE_ENDS.split(text.removesuffix("\n"))
    if not all(paragraphs) or not all(map(_foldable, paragraphs[::2])):
        return None
    pad = " " * indent
    written = ["\n".join(pad + line for line in _wrapped(one, width - indent)) for one in paragraphs[::2]]
    ends = [breaks + "\n" for breaks in paragraphs[1::2]]  # in a folded block the first line end of a run is a blank
    return _header(text) + "\n" + "".join(part for pair in zip_longest(written, ends, fillvalue="") for part in pair)


def block(lines: list[str], indent: int, text: str = "") -> str:
    """A folded block of lines as they are: those that begin with a blank keep their line ends. `text`: what they stand
    for; where it ends in a line end, so does the block."""
    pad = " " * indent
    return "\n".join([_header(text), *(pad + line for line in lines)])


def _header(text: str) -> str:
    return ">" if text.endswith("\n") else ">-"


def unfolded(lines: list[str]) -> str:
    """What Falco reads from `block(lines)`, for lines that are not empty and do not end in a blank."""
    text = lines[0]
    for before, line in pairwise(lines):
        text += ("\n" if " " in (before[0], line[0]) else " ") + line
    return text


def _is_plain(text: str) -> bool:
    if not text or not text.isprintable() or text != text.strip():
        return False
    if ": " in text or " #" in text or text.endswith(":") or not _PLAIN_START.match(text):
        return False
    return not _NOT_TEXT.fullmatch(text) or _WHOLE.fullmatch(text) is not None


def _escape(char: str) -> str:
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        raise EmitError(f"The text holds a byte that is not UTF-8 ({code - 0xDC00:#04x}); YAML cannot carry it.")
    if char in _ESCAPES:
        return _ESCAPES[char]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _foldable(paragraph: str) -> bool:
    return paragraph.isprintable() and paragraph == paragraph.strip()


def _wrapped(paragraph: str, width: int) -> list[str]:
    """The paragraph's lines, broken only at single blanks, as folding puts one blank in place of a line end."""
    lines: list[str] = []
    for word in _BREAK.split(paragraph):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines
