"""The words of the condition language: operators, modifiers and transformers, in the order of Falco's tries."""

from __future__ import annotations

EXISTS = "exists"
NUMBER_OPERATORS = ("<=", "<", ">=", ">")
SYMBOL_OPERATORS = ("==", "=", "!=")
WORD_OPERATORS = (
    "glob",
    "iglob",
    "contains",
    "icontains",
    "bcontains",
    "startswith",
    "bstartswith",
    "endswith",
    "regex",
)
LIST_OPERATORS = ("intersects", "in", "pmatch")
OPERATORS = (EXISTS, *NUMBER_OPERATORS, *SYMBOL_OPERATORS, *WORD_OPERATORS, *LIST_OPERATORS)
MODIFIERS = ("oneof", "anyof", "allof")
TRANSFORMERS = ("tolower", "toupper", "b64", "basename", "len", "join", "concat", "getopt")
FIELD_TRANSFORMER = "val"
CONNECTIVES = ("and", "or", "not")


def split(op: str) -> tuple[str, str]:
    """Split an operator as the tree carries it into its base and its modifier ('' for none)."""
    base, _, modifier = op.partition(" ")
    return base, modifier
