"""The tokens of the condition language as compiled patterns over byte text.

Falco's own patterns are RE2 classes over UTF-8: inside a literal any well-formed character may stand, and a byte that
belongs to none ends it. Repetitions are possessive: no input makes them backtrack.
"""

from __future__ import annotations

import re

from rules_export.language.operators import (
    EXISTS,
    LIST_OPERATORS,
    MODIFIERS,
    NUMBER_OPERATORS,
    SYMBOL_OPERATORS,
    TRANSFORMERS,
    WORD_OPERATORS,
)

_BLANK = r"[ \t\x08\r\n]"  # Falco's blanks; its literals end at POSIX blanks, which is another set
_SPACE = r" \t\n\v\f\r"
_NAME = r"[A-Za-z][A-Za-z0-9_]*+"
_WIDE = (
    r"|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}"
    r"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)


def _any(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in words)


BLANK = re.compile(_BLANK + "++")
NOT = re.compile(rf"not[{_SPACE}]++")
IDENTIFIER = re.compile(_NAME)
FIELD = re.compile(rf"{_NAME}(?:\.{_NAME})++")
TRANSFORMER = re.compile(rf"(?:{_any(TRANSFORMERS)})\(")
HEX = re.compile(r"0[xX][0-9A-Fa-f]++")
NUMBER = re.compile(r"[+\-]?[0-9]++\.?[0-9]*+(?:[eE][+\-][0-9]++)?")
OPERATOR = re.compile(
    rf"(?P<unary>{EXISTS})|(?P<number>{_any(NUMBER_OPERATORS)})|(?P<symbol>{_any(SYMBOL_OPERATORS)})"
    rf"|(?P<word>(?:{_any(WORD_OPERATORS)})(?={_BLANK}))|(?P<list>{_any(LIST_OPERATORS)})"
)
# A modifier counts only where a list or a name follows. A connective is no name here, nor is one before "_".
MODIFIER = re.compile(
    rf"{_BLANK}++({_any(MODIFIERS)}){_BLANK}++(?=\(|(?!(?:and|or|not)(?![A-Za-z0-9]))[A-Za-z])",
)


def _literals(wide: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    high = r"\x80-\xff" if wide else ""
    bare = rf"(?:[^()\"'=,{_SPACE}{high}]{wide})++" if wide else rf"[^()\"'=,{_SPACE}]++"
    argument = rf"(?:[^\]\[\"'{_SPACE}{high}]{wide})++" if wide else rf"[^\]\[\"'{_SPACE}]++"
    item = re.compile(rf"{_BLANK}*+({bare}){_BLANK}*+(,?)")
    return re.compile(bare), re.compile(argument), item


ASCII = _literals("")
UTF8 = _literals(_WIDE)
