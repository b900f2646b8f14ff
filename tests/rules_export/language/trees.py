"""Hypothesis strategies for trees of conditions: every kind of node, and literals of the nastiest kind."""

from __future__ import annotations

from hypothesis import strategies as st

from rules_export.language.ast import (
    And,
    Compare,
    Exists,
    Field,
    Identifier,
    Node,
    Not,
    Or,
    Transformer,
    TransformerList,
    Value,
    ValueList,
)
from rules_export.language.operators import (
    LIST_OPERATORS,
    MODIFIERS,
    NUMBER_OPERATORS,
    SYMBOL_OPERATORS,
    TRANSFORMERS,
    WORD_OPERATORS,
)

names = st.from_regex(r"[A-Za-z]{1,4}[A-Za-z0-9_]{0,5}", fullmatch=True) | st.sampled_from(["not", "and", "or", "val"])
field_names = st.lists(names, min_size=2, max_size=3).map(".".join)
nasty = st.sampled_from(
    [
        "",
        " ",
        "\\",
        "\\\\",
        '"',
        "'",
        "a b",
        "a'b\"c",
        "日本",
        "é",
        "\udcff",
        "\x00",
        "\n",
        "\x08",
        "a\\",
        "#x",
        "oneof",
        "(",
        ",",
        "=",
    ]
)
texts = nasty | st.text(max_size=8) | st.binary(max_size=6).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
literals = texts.filter(
    lambda text: not any("\ud800" <= char <= "\udbff" or "\udd00" <= char <= "\udfff" for char in text)
).map(lambda text: text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"))
numbers = st.from_regex(r"[+-]?[0-9]{1,4}(\.[0-9]{0,2})?([eE][+-][0-9])?|0[xX][0-9a-fA-F]{1,4}", fullmatch=True)
values = literals.map(Value)
fields = st.builds(Field, field_names, st.none() | literals)


def _calls(inner: st.SearchStrategy[Transformer]) -> st.SearchStrategy[Transformer]:
    members = fields | values | inner
    lists = st.lists(members, max_size=3).map(lambda args: TransformerList(tuple(args)))
    args = st.lists(members | lists, min_size=1, max_size=3).map(tuple)
    return st.builds(Transformer, st.sampled_from(TRANSFORMERS), args, st.none() | literals)


transformers = st.recursive(
    st.builds(Transformer, st.sampled_from(TRANSFORMERS), st.tuples(fields)), _calls, max_leaves=4
)
lefts = fields | transformers
wrapped = transformers | st.builds(Transformer, st.just("val"), st.tuples(fields))
value_lists = st.lists(literals, max_size=4).map(lambda items: ValueList(tuple(items)))
list_names = names.filter(lambda name: not name.startswith(("and", "or", "not"))).map(Value)
string_operators = st.sampled_from(SYMBOL_OPERATORS + WORD_OPERATORS)
comparisons = (
    st.builds(Compare, lefts, st.sampled_from(NUMBER_OPERATORS), numbers.map(Value) | wrapped)
    | st.builds(Compare, lefts, string_operators, values | wrapped)
    | st.builds(Compare, lefts, st.sampled_from(LIST_OPERATORS), value_lists | list_names | wrapped)
    | st.builds(
        Compare,
        lefts,
        st.tuples(string_operators, st.sampled_from(MODIFIERS)).map(" ".join),
        value_lists | list_names,
    )
)
checks: st.SearchStrategy[Node] = st.builds(Identifier, names) | st.builds(Exists, lefts) | comparisons


def _groups(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, inner)


trees: st.SearchStrategy[Node] = st.recursive(checks, _groups, max_leaves=12)
