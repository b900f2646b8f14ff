"""The tokens of YAML text: their types, and whether they are certain yet."""

from __future__ import annotations

(
    DIRECTIVE, DOC_START, DOC_END, BLOCK_SEQ_START, BLOCK_MAP_START, BLOCK_SEQ_END, BLOCK_MAP_END, BLOCK_ENTRY,
    FLOW_SEQ_START, FLOW_MAP_START, FLOW_SEQ_END, FLOW_MAP_END, FLOW_ENTRY, KEY, VALUE, ANCHOR, ALIAS, TAG,
    PLAIN, QUOTED,
) = range(20)  # fmt: skip

VALID, INVALID, UNVERIFIED = range(3)


class Token:
    """One token: its type, its mark, its text (or a directive's words), and whether it is certain already."""

    __slots__ = ("mark", "status", "text", "type", "words")

    def __init__(self, type_: int, mark: int, text: str = "", status: int = VALID) -> None:
        self.type = type_
        self.mark = mark
        self.text = text
        self.status = status
        self.words: list[str] = []
