"""Lists of loaded files in a form whose meaning no longer depends on the order of definitions.

Falco looks one list deep, from each list's place in the files: a list that a later file changed, or a list in a list in
a list, can stand for other values than its items say. Such lists get the values that Falco puts into conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rules_export.errors import ConditionSyntaxError
from rules_export.language.ast import Compare, ValueList
from rules_export.language.parser import parse
from rules_export.language.printer import literal
from rules_export.ruleset.collector import Collector, ListInfo
from rules_export.ruleset.context import SourceFile, file_context
from rules_export.ruleset.lists import ListTable
from rules_export.ruleset.model import List

_NOWHERE = file_context(SourceFile("", ""))


def settled_lists(collector: Collector) -> tuple[List, ...]:
    """The lists as collected; those whose values depend on where they were defined hold these values instead."""
    infos = list(collector.lists.values())
    loaded, ordered = ListTable(infos), ListTable(dependencies_first(infos))
    return tuple(_settled(info, loaded, ordered, collector.lists) for info in infos)


def dependencies_first(infos: Iterable[ListInfo]) -> list[ListInfo]:
    """The lists as if each was defined behind those that it names, which is how we write files."""
    known = {info.name: info for info in infos}
    ordered: dict[str, ListInfo] = {}
    waiting = [(info.name, False) for info in reversed(known.values())]
    seen: set[str] = set()
    while waiting:
        name, ready = waiting.pop()
        if ready:
            number = len(ordered)
            ordered[name] = ListInfo(name, known[name].items, _NOWHERE, number, number)
        elif name not in seen:
            seen.add(name)
            waiting.append((name, True))
            waiting += [(item, False) for item in reversed(known[name].items) if item in known]
    return list(ordered.values())


def _settled(info: ListInfo, loaded: ListTable, ordered: ListTable, known: Mapping[str, ListInfo]) -> List:
    """The list, with its values spelled out where the order of definitions, or the depth of lists, decides on them."""
    items = tuple(info.items)
    inner = [known[item] for item in items if item in known]
    if not inner:
        return List(info.name, items)
    text = f"({info.name})"
    values = _values(loaded.substitute(text))
    is_flat = not any(item in known for other in inner for item in other.items)
    if values is None or (is_flat and values == _values(ordered.substitute(text))):
        return List(info.name, items)
    return List(info.name, tuple(f'"{value}"' if value in known else literal(value) for value in values))


def _values(text: str) -> tuple[str, ...] | None:
    """The values of a list as Falco's parser reads them from a condition; None for text that is no list."""
    try:
        tree = parse(f"evt.type in {text}")
    except ConditionSyntaxError:
        return None
    return tree.right.items if isinstance(tree, Compare) and isinstance(tree.right, ValueList) else None
