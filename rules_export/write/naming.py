"""Rules of several rule sets in one file: each keeps the macros and lists that it means by their names.

A rules file holds a name once, and an overlay shares its names with the files that are loaded before it. Where two rule
sets, or a rule set and those files, mean different things by one name, the rule set's own gets a name of its own:
`shell_binaries` of the rule set `acme` becomes `shell_binaries_acme`, wherever that set names it. Whether two
definitions are the same is told by all that they stand for, not by their texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from rules_export.catalog.macros import LISTS, MACROS, words
from rules_export.compare.expansion import Expander, same
from rules_export.definitions.brought import brought
from rules_export.definitions.closure import Definitions, Name, Vocabulary, closure, texts_of
from rules_export.errors import ConditionSyntaxError, EmitError
from rules_export.findings import Finding, Severity
from rules_export.language.ast import Identifier
from rules_export.language.parser import parse
from rules_export.language.visitor import walk
from rules_export.ruleset.model import Entry, List, Macro, Rule
from rules_export.verdict.loading import Load

#: What may stand on either side of a list's name, so that Falco puts its items there.
_EDGE = r"[ \t\n\r(),=]"


@dataclass
class _Group:
    """The rules of one rule set ("" for the team's own), and what they mean by the names they use."""

    rule_set: str
    rules: list[Rule]
    vocabulary: Vocabulary
    expander: Expander
    used: dict[Name, Macro | List] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    names: dict[Name, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rule_set: str, rules: list[Rule]) -> _Group:
        """The group of these rules. Raises EmitError where two of them mean different things by one name."""
        own = brought(rules)
        literal = {one.name for one in own.lists if one.items == (one.name,)}
        lists = [one for one in own.lists if one.name not in literal]
        vocabulary = Vocabulary.of(own.macros, lists, ())
        vocabulary = replace(vocabulary, lists={n: one for n, one in vocabulary.lists.items() if n not in literal})
        expander = Expander(vocabulary.macros.values(), vocabulary.lists.values())
        group = cls(rule_set, rules, vocabulary, expander)
        needed = closure(rules, vocabulary)
        group.used = {Name(type(one), one.name): one for one in _items(needed)}
        texts = [text for rule in rules for text in texts_of(rule)] + [
            text for one in group.used.values() for text in _texts(one)
        ]
        group.words = frozenset(word for text in texts for word in words(text))
        return group

    def meaning(self, key: Name) -> str:
        """What the name stands for, everything put in."""
        return self.expander.list(key.text) if key.kind is List else self.expander.macro(key.text)


def resolve_names(rules: Sequence[Rule], upstream: Iterable[str]) -> tuple[Rule, ...]:
    """The rules with the names of their rule sets made to fit into one file.

    upstream: the names that files loaded before ours define, as the studio's library has them. Rules that belong to no
    rule set stay as they are. Raises EmitError where two rules of one rule set mean different things by one name.
    """
    by_set: dict[str, list[Rule]] = {}
    for rule in rules:
        by_set.setdefault(rule.rule_set, []).append(rule)
    if not any(by_set):
        return tuple(rules)
    groups = [_Group.of(name, some) for name, some in sorted(by_set.items(), key=lambda one: one[0] != "")]
    before = _Group.of("", [])
    names = _Names(groups, before, frozenset(upstream))
    written = {id(rule): rule for rule in by_set.get("", ())}
    for group in groups:
        if group.rule_set:
            names.assign(group)
            written |= {id(rule): new for rule, new in zip(group.rules, _renamed(group, names), strict=True)}
    return tuple(written[id(rule)] for rule in rules)


class _Names:
    """Who has which name in the file. `definitions`: what is written under each name, the first that took it."""

    def __init__(self, groups: Sequence[_Group], before: _Group, upstream: frozenset[str]) -> None:
        self._groups = groups
        self.upstream = upstream
        self._taken: dict[Name, str] = {}
        self._words = frozenset(word for group in groups for word in group.words) | upstream
        self.definitions: dict[Name, Macro | List] = {}
        for name in upstream:
            if name in MACROS:
                self._taken[Name(Macro, name)] = before.expander.macro(name)
            if name in LISTS:
                self._taken[Name(List, name)] = before.expander.list(name)
        for group in groups:
            if not group.rule_set:
                self._taken |= {key: group.meaning(key) for key in group.used if key not in self._taken}
                self.definitions |= {key: one for key, one in group.used.items() if key.text not in upstream}

    def assign(self, group: _Group) -> None:
        """Give each name that the group uses its name in the file."""
        for key in group.used:
            meaning = group.meaning(key)
            name = key.text if self._fits(key, meaning, group) else self._free(key, group)
            group.names[key] = name
            self._taken.setdefault(Name(key.kind, name), meaning)

    def _fits(self, key: Name, meaning: str, group: _Group) -> bool:
        """Whether the name means this, or nothing yet, to everybody else in the file."""
        if self._taken.get(key, meaning) != meaning:
            return False
        other = Name(Macro if key.kind is List else List, key.text)
        if other in self._taken and key not in self._taken:
            return False
        if key.kind is List and key not in self._taken:  # as a list it would take the place of others' words
            others = (one for one in self._groups if one is not group and key not in one.used)
            return not any(key.text in one.words for one in others)
        return True

    def _free(self, key: Name, group: _Group) -> str:
        """A name that nobody has and that stands nowhere as a word."""
        suffix = re.sub(r"\W+", "_", group.rule_set).strip("_").lower() or "set"
        for number in count(1):
            name = f"{key.text}_{suffix}" + (f"_{number}" if number > 1 else "")
            if name not in self._words and not any(Name(kind, name) in self._taken for kind in (Macro, List)):
                return name
        raise AssertionError("unreachable")


def _renamed(group: _Group, names: _Names) -> Iterable[Rule]:
    """The group's rules and definitions with the names that they have in the file."""
    lists = {key.text for key in group.used if key.kind is List}
    literal = LISTS.keys() - lists - {name for key, name in group.names.items() if key.kind is Macro}
    rewrite = _Rewriting(
        {key.text: name for key, name in group.names.items() if key.kind is Macro and key.text != name},
        {key.text: name for key, name in group.names.items() if key.kind is List and key.text != name},
        frozenset(literal & group.words),
    )
    for key, item in group.used.items():
        named = Name(key.kind, group.names[key])
        if named.text not in names.upstream:
            names.definitions.setdefault(named, rewrite.item(item, named.text))
    for rule in group.rules:
        needed = closure([rule], group.vocabulary)
        keys = [Name(type(one), one.name) for one in _items(needed)]
        final = [Name(key.kind, group.names[key]) for key in keys]
        brings = tuple(names.definitions[key] for key in final if key in names.definitions)
        exceptions = tuple(
            replace(one, values=tuple(rewrite.entry(value) for value in one.values)) for one in rule.exceptions
        )
        yield replace(rule, condition=rewrite.condition(rule.condition), exceptions=exceptions, brings=brings)


@dataclass(frozen=True)
class _Rewriting:
    """New names for macros and lists, and words that are put in quotes so that no list takes their place."""

    macros: Mapping[str, str]
    lists: Mapping[str, str]
    literal: frozenset[str]

    def item(self, item: Macro | List, name: str) -> Macro | List:
        """A definition under its new name, naming others by theirs."""
        if isinstance(item, Macro):
            return Macro(name, self.condition(item.condition))
        if item.name == name:
            return List(name, tuple(self.words(one) for one in item.items))
        itself = item.name  # a list's own name among its items is a value
        return List(name, tuple(f'"{one}"' if one == itself else self.words(one) for one in item.items))

    def condition(self, text: str) -> str:
        """A condition with the new names."""
        return self.words(_with_macros(text, self.macros))

    def entry(self, entry: Entry) -> Entry:
        """A value of an exception with the new names of lists."""
        if isinstance(entry, tuple):
            return tuple(self.entry(one) for one in entry)
        return None if entry is None else self.words(entry)

    def words(self, text: str) -> str:
        """A text with the new names of lists, in the places where Falco would put their items."""
        wanted = [*self.lists, *self.literal]
        if not wanted or words(text).isdisjoint(wanted):
            return text
        names = "|".join(re.escape(name) for name in sorted(wanted, key=len, reverse=True))
        found = re.compile(rf"(?:(?<=^)|(?<={_EDGE}))({names})(?=$|{_EDGE})")
        return found.sub(lambda match: self._word(text, match), text)

    def _word(self, text: str, match: re.Match[str]) -> str:
        name = match.group()
        if name in self.lists:
            return self.lists[name]
        return name if _is_quoted(text, match.start()) else f'"{name}"'


def _with_macros(text: str, names: Mapping[str, str]) -> str:
    """The condition with new names for the macros that it calls, at the places where the parser finds the calls."""
    if not names or words(text).isdisjoint(names):
        return text
    try:
        calls = [node for node in walk(parse(text)) if isinstance(node, Identifier) and node.name in names]
    except ConditionSyntaxError:  # it only parses once lists are in their places
        pattern = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        return re.sub(rf"(?<![\w.\-])({pattern})(?![\w.\-])", lambda match: names[match.group()], text)
    data = text.encode("utf-8", "surrogateescape")
    for node in sorted(calls, key=lambda one: one.p, reverse=True):
        end = node.p + len(node.name.encode("utf-8", "surrogateescape"))
        data = data[: node.p] + names[node.name].encode() + data[end:]
    return data.decode("utf-8", "surrogateescape")


def _is_quoted(text: str, place: int) -> bool:
    """Whether the place is inside quotes."""
    quote = ""
    for char in text[:place]:
        if char == quote:
            quote = ""
        elif not quote and char in "\"'":
            quote = char
    return bool(quote)


def _items(definitions: Definitions) -> tuple[Macro | List, ...]:
    return (*definitions.lists, *definitions.macros)


def _texts(item: Macro | List) -> Sequence[str]:
    return (item.condition,) if isinstance(item, Macro) else item.items


def refuse_unless_unchanged(rules: Iterable[Rule], beside: Sequence[Macro | List], load: Load) -> None:
    """Hold each rule, with what it brings and the definitions `beside` it, against what the loaded file makes of it.

    Raises EmitError for the first rule that would match other events because of what else is in the file: a list of one
    rule, for instance, that has the name of another's value.
    """
    final = Expander.of_load(load)
    loaded = load.collector.as_model()
    written = {rule.name: rule for rule in loaded.rules}
    expanders: dict[tuple[Macro | List, ...], Expander] = {}
    for rule in rules:
        if rule.brings not in expanders:
            expanders[rule.brings] = _expander([*beside, *rule.brings], load)
        if not same(expanders[rule.brings].rule(rule), final.rule(written[rule.name])):
            message = (
                f"{rule.name} would match other events in this file: a macro or list of another rule takes the place "
                "of a word in it. Rename that macro or list, or release the rule in another pack."
            )
            raise EmitError(
                message, (Finding("MEWS_MEANING_CHANGED", Severity.ERROR, message, "condition", rule.name),)
            )


def _expander(items: Sequence[Macro | List], load: Load) -> Expander:
    vocabulary = Vocabulary.of(
        (one for one in items if isinstance(one, Macro)), (one for one in items if isinstance(one, List)), ()
    )
    return Expander(vocabulary.macros.values(), vocabulary.lists.values(), load.memory)
