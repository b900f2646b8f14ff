"""Nodes of YAML documents: what is left of the text when it is read."""

from __future__ import annotations

from rules_export.yamlcpp.text import YamlError

NULL, SCALAR, SEQUENCE, MAP = range(4)

#: The plain scalars that are null.
NULL_WORDS = frozenset({"", "~", "null", "Null", "NULL"})


#: What nodes of another kind hold; nobody adds to these.
_NO_ITEMS: list[Node] = []
_NO_PAIRS: list[tuple[Node, Node]] = []


class Node:
    """One node: `kind`, `mark` (where it begins), `text` of a scalar, `items` of a sequence, `pairs` of a mapping."""

    __slots__ = ("items", "kind", "mark", "pairs", "text")

    def __init__(self, kind: int, mark: int, text: str = "") -> None:
        self.kind = kind
        self.mark = mark
        self.text = text
        self.items: list[Node] = [] if kind == SEQUENCE else _NO_ITEMS
        self.pairs: list[tuple[Node, Node]] = [] if kind == MAP else _NO_PAIRS

    def by_key(self) -> dict[str, Node]:
        """Values by key, the first one where a key stands twice; keys that are no scalars are left out."""
        found: dict[str, Node] = {}
        for key, value in self.pairs:
            if key.kind == SCALAR and key.text not in found:
                found[key.text] = value
        return found

    def as_text(self) -> str:
        """The library's conversion to a string: null is `null`, collections do not convert."""
        if self.kind == NULL:
            return "null"
        if self.kind != SCALAR:
            raise YamlError("bad conversion", self.mark)
        return self.text
