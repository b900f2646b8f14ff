"""The tree of a condition: frozen values compared by equality; walkers live in visitor.py, never in the nodes.

`p` is the byte offset at which the node starts in the text it was parsed from (0 for a tree made by hand). It takes no
part in equality: two trees are equal when they mean the same text. Parentheses leave no node, `not not x` leaves x, and
chains of one connective make one n-ary node, as in Falco's own parser. Text that is not valid UTF-8 (from `\\xHH`
escapes) is carried in surrogate escapes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class And:
    """All of `args` (two or more)."""

    args: tuple[Node, ...]
    p: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of `args` (two or more)."""

    args: tuple[Node, ...]
    p: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary of `arg`."""

    arg: Node
    p: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A macro by its name."""

    name: str
    p: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the event, with the text between brackets where there is one: `proc.aname[2]`."""

    name: str
    arg: str | None = None
    p: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """A literal, as text: Falco's literals have no type until a field gives them one."""

    text: str
    p: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ValueList:
    """A parenthesised list of literals: `(a, b)`."""

    items: tuple[str, ...]
    p: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class TransformerList:
    """A parenthesised list as a transformer's argument; its members may be fields and transformers too."""

    args: tuple[Field | Transformer | Value, ...]
    p: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Transformer:
    """A transformer call (`tolower(proc.name)`, `val(fd.name)`), with a selector in brackets for `getopt`."""

    name: str
    args: tuple[Field | Transformer | Value | TransformerList, ...]
    arg: str | None = None
    p: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Exists:
    """`left exists`."""

    left: Field | Transformer
    p: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`. `op` keeps its spelling and its modifier after one space: `==`, `contains anyof`."""

    left: Field | Transformer
    op: str
    right: Value | ValueList | Field | Transformer
    p: int = field(default=0, compare=False)


Node: TypeAlias = And | Or | Not | Identifier | Exists | Compare
Operand: TypeAlias = Field | Transformer | Value | ValueList | TransformerList
