"""The alternatives of a condition: which of them fired is what people call the cause."""

from __future__ import annotations

from collections.abc import Mapping

from rules_export.language.ast import And, Identifier, Node, Or


def alternatives(node: Node, macros: Mapping[str, Node]) -> tuple[Node, ...]:
    """The members of an `or` at the top, or of the longest `or` in the `and` at the top; else the node itself.

    The same choice as a trace makes for its deciding clause.
    """
    while isinstance(node, Identifier) and node.name in macros:
        node = macros[node.name]
    if isinstance(node, Or):
        return node.args
    if isinstance(node, And):
        choices = [one.args for one in node.args if isinstance(one, Or)]
        if choices:
            return max(choices, key=len)
    return (node,)
