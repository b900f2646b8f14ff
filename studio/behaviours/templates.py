"""Clause templates: a condition in Falco's language whose literals may hold `$parameter`, filled on the tree.

Filling works on parsed nodes, so a value can never break out of its literal: the printer quotes it. A list in a
parenthesised list is spliced in; a list elsewhere makes one alternative for each value
(`proc.args contains $flags` becomes `(proc.args contains -a or proc.args contains -b)`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import product
from math import prod

from rules_export.language.ast import And, Compare, Node, Not, Or, Value, ValueList
from rules_export.language.parser import parse
from rules_export.language.printer import to_text
from studio.behaviours.parameters import LONGEST_VALUE, MOST_VALUES, ParameterError, read_all
from studio.behaviours.records import Kind, Parameter, Setting

_PLACEHOLDER = re.compile(r"\$([a-z][a-z0-9_]*)")


def placeholders(template: str) -> set[str]:
    """The names of the parameters that a template mentions."""
    return set(_PLACEHOLDER.findall(template))


def fill(template: str, parameters: Sequence[Parameter], given: Mapping[str, object]) -> str:
    """The template as one line of Falco's language. Raises ParameterError; ConditionSyntaxError for a bad template."""
    return to_text(fill_tree(template, parameters, given))


def fill_tree(template: str, parameters: Sequence[Parameter], given: Mapping[str, object]) -> Node:
    """As `fill`, as a tree."""
    settings = read_all(parameters, given)
    numbers = {p.name: str(settings[p.name]) for p in parameters if p.kind is Kind.NUMBER}
    text = _PLACEHOLDER.sub(lambda match: numbers.get(match[1], match[0]), template)
    return _fill(_parsed(text), settings)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Node:
    return parse(text)


def _fill(node: Node, settings: Mapping[str, Setting]) -> Node:
    if isinstance(node, And | Or):
        return replace(node, args=tuple(_fill(arg, settings) for arg in node.args))
    if isinstance(node, Not):
        return replace(node, arg=_fill(node.arg, settings))
    if isinstance(node, Compare):
        return _fill_compare(node, settings)
    return node


def _fill_compare(node: Compare, settings: Mapping[str, Setting]) -> Node:
    if isinstance(node.right, ValueList):
        items = (text for item in node.right.items for text in _texts(item, settings))
        return replace(node, right=replace(node.right, items=tuple(dict.fromkeys(items))))
    if isinstance(node.right, Value):
        checks = tuple(
            replace(node, right=replace(node.right, text=text)) for text in _texts(node.right.text, settings)
        )
        return checks[0] if len(checks) == 1 else Or(checks)
    return node


def _texts(literal: str, settings: Mapping[str, Setting]) -> list[str]:
    """Every text that a literal stands for: one, or one for each value of the list it mentions."""
    names = [name for name in dict.fromkeys(_PLACEHOLDER.findall(literal)) if name in settings]
    choices = [_values(settings[name]) for name in names]
    if prod(map(len, choices)) > MOST_VALUES:
        raise ParameterError(names[0], f"These values make more than {MOST_VALUES} alternatives; give fewer.")
    return [_put(literal, dict(zip(names, chosen, strict=True))) for chosen in product(*choices)]


def _values(setting: Setting) -> list[str]:
    return [str(value) for value in setting] if isinstance(setting, tuple) else [str(setting)]


def _put(literal: str, values: Mapping[str, str]) -> str:
    filled = _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), literal)
    if len(filled.encode("utf-8", "surrogateescape")) > LONGEST_VALUE:
        raise ParameterError(
            next(iter(values), ""), f"“{filled[:40]}…” would be longer than Falco's {LONGEST_VALUE} bytes."
        )
    return filled
