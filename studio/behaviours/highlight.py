"""A clause cut into pieces by kind, for colours on a page. Joined, the pieces are the clause."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<field>\b[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+(?:\[[^\]\s]*\])?(?=\s*(?:=|!=|<|>|in\b|contains|icontains|startswith|endswith|glob|regex|pmatch|exists|intersects)))
    |(?P<keyword>\b(?:and|or|not)\b)
    |(?P<operator>!=|<=|>=|==|=|<|>|\b(?:in|contains|icontains|bcontains|startswith|endswith|glob|iglob|regex|pmatch|intersects|exists)\b(?=\s|\())
    |(?P<name>(?<![\w./:-])[a-z][a-z]*_[a-z_]*\b(?=\s+(?:and|or)\b|\s*\)|$)|(?<![\w./:-])container\b(?=\s+(?:and|or)\b|\s*\)|$))
    |(?P<number>(?<![\w./:-])\d+(?![\w./:-]))""",
    re.VERBOSE,
)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """(kind, text) in order; kind is string, field, keyword, operator, name, number or empty for the rest."""
    at = 0
    for token in _TOKEN.finditer(text):
        if token.start() > at:
            yield "", text[at : token.start()]
        yield str(token.lastgroup), token.group()
        at = token.end()
    if at < len(text):
        yield "", text[at:]
