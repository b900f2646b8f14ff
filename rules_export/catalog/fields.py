"""Fields: their names, types and arguments, and what Falco says of a field that it does not know.

Falco asks its field classes in a fixed order, then the plugins. In each class the longest known name that the text
begins with wins, and the class decides what may follow it. That is why a misspelt argument is sometimes a "nonexistent
field" and sometimes another complaint; the table-driven part is `_find`, the special cases are one function each below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rules_export.catalog.data.fields_table import CLASSES
from rules_export.catalog.sources import CONTAINER, classes_of

_FLAGS = {
    "L": "IS_LIST",
    "D": "DEPRECATED",
    "F": "FILTER_ONLY",
    "P": "PRINT_ONLY",
    "T": "TABLE_ONLY",
    "R": "NO_RHS",
    "X": "NO_TRANSFORMER",
    "S": "FORMAT_SUGGESTED",
    "C": "CONVERSATION",
    "I": "INFO",
}
_KINDS = {"i": "index", "k": "key"}
_ARGUMENTS = {"-": "none", "o": "optional", "r": "required"}
#: Falco's numbers as scanf reads them; the whole text must be used up.
NUMBER = re.compile(r"[ \t\n\v\f\r]*[+-]?[0-9]+")


class CatalogError(ValueError):
    """A name or a literal that Falco refuses; the text is Falco's. `fatal`: Falco stops without a verdict."""

    def __init__(self, message: str, *, fatal: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.fatal = fatal


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field.

    name: the table's name (`evt.arg` for `evt.arg.fd`). type: Falco's type (CHARBUF, UINT64, …). is_list: it holds
    several values. arg: none, optional or required; arg_kinds: what the argument of a plugin's field may be (index,
    key). flags: Falco's, without prefix. class_: who provides it. sources: the event sources that have it.
    """

    name: str
    type: str
    is_list: bool
    arg: str
    arg_kinds: tuple[str, ...]
    flags: frozenset[str]
    class_: str
    sources: tuple[str, ...]

    @property
    def deprecated(self) -> bool:
        return "DEPRECATED" in self.flags

    @property
    def filterable(self) -> bool:
        """False for fields that Falco only prints (it accepts them in conditions all the same)."""
        return "PRINT_ONLY" not in self.flags

    @property
    def printable(self) -> bool:
        """False for fields that only conditions can use (an output shows `<NA>`)."""
        return "FILTER_ONLY" not in self.flags

    @property
    def transformers_allowed(self) -> bool:
        return "NO_TRANSFORMER" not in self.flags

    @property
    def rhs_allowed(self) -> bool:
        """Whether `val()` of this field may stand on the right, and a field may stand right of this one."""
        return "NO_RHS" not in self.flags


class _Fields(dict[str, FieldInfo]):
    """The fields of one class by name; a row of the table becomes a FieldInfo when it is first asked for."""

    __slots__ = ("class_", "rows", "sources")

    def __init__(self, class_: str, sources: tuple[str, ...], table: str) -> None:
        super().__init__()
        self.class_ = class_
        self.sources = sources
        self.rows = {row.partition(" ")[0]: row for row in table.split("\n")}

    def find(self, name: str) -> FieldInfo | None:
        """The field of this name, or None."""
        return self[name] if name in self.rows else None

    def __missing__(self, name: str) -> FieldInfo:
        _, type_, argument, letters = self.rows[name].split(" ")
        flags = frozenset(_FLAGS[letter] for letter in letters.replace("-", ""))
        arg_kinds = tuple(_KINDS[letter] for letter in argument[1:])
        info = FieldInfo(
            name, type_, "L" in letters, _ARGUMENTS[argument[0]], arg_kinds, flags, self.class_, self.sources
        )
        self[name] = info
        return info


_BY_CLASS = {class_: _Fields(class_, sources, table) for class_, sources, table in CLASSES}
_ROOTS = frozenset(name.partition(".")[0] for fields in _BY_CLASS.values() for name in fields.rows)


def lookup(name: str, arg: str | None = None, source: str = "syscall", plugins: str = CONTAINER) -> FieldInfo:
    """What `name[arg]` is for rules of `source` with the plugin set `plugins` (see sources.py).

    Raises CatalogError with Falco's text. For `evt.rawarg.NAME` the type is that of the event parameter.
    """
    if len(name) > _LONGEST or (arg is not None and len(arg) > _LONGEST):
        return _find(name, arg, source, plugins)
    return _remembered(name, arg, source, plugins)


_LONGEST = 200  # longer texts are not worth remembering


def is_field(text: str, source: str = "syscall", plugins: str = CONTAINER) -> bool:
    """Whether `text` as a whole, with brackets if it has any, is a field."""
    name, bracket, rest = text.partition("[")
    if name.partition(".")[0] not in _ROOTS or (bracket and not rest.endswith("]")):
        return False
    try:
        lookup(name, rest[:-1] if bracket else None, source, plugins)
    except CatalogError:
        return False
    return True


def all_fields(source: str = "syscall", plugins: str = CONTAINER) -> Iterator[FieldInfo]:
    """Every field that rules of `source` can name, in Falco's order."""
    for class_ in classes_of(source, plugins):
        fields = _BY_CLASS[class_]
        yield from (fields[name] for name in fields.rows)


def suggest(name: str, source: str = "syscall", plugins: str = CONTAINER) -> list[str]:
    """Up to three fields that `name` may have been meant to be, nearest first."""
    from difflib import get_close_matches  # only for messages to people

    names = [info.name for info in all_fields(source, plugins)]
    return get_close_matches(name[:_LONGEST], names, n=3, cutoff=0.75)


def _find(name: str, arg: str | None, source: str, plugins: str) -> FieldInfo:
    arg = arg or None  # Falco forgets empty brackets
    text = name if arg is None else f"{name}[{arg}]"
    for class_ in classes_of(source, plugins):
        fields = _BY_CLASS[class_]
        special = _special(class_, text)
        if special is not None:
            return special(fields, text)
        info = fields.find(name) or _longest_prefix(fields, text)
        if info is not None:
            if class_ in _PLUGINS:
                if arg is not None and info.name != name:
                    continue  # the brackets do not follow the field's name: a plugin then says it is not its field
                _check_plugin_argument(info, text)
            elif arg is not None and info.name == "fd.types":
                number(arg)
                return info if "]" not in arg else _nonexistent(text)
            if info.name != name or (arg is not None and (class_ not in _PLUGINS or "]" in arg)):
                return _nonexistent(text)
            return info
    return _nonexistent(text)


_remembered = lru_cache(maxsize=4096)(_find)


def _nonexistent(text: str) -> FieldInfo:
    raise CatalogError(f"filter_check called with nonexistent field {text}")


def number(text: str) -> int:
    """Read an integer as Falco does; raises CatalogError."""
    if NUMBER.fullmatch(text) is None:
        raise CatalogError(f"{text} is not a valid number")
    return int(text[:5000])


def _longest_prefix(fields: _Fields, text: str) -> FieldInfo | None:
    for end in range(min(len(text), 60), 3, -1):
        if text[:end] in fields.rows:
            return fields[text[:end]]
    return None


_BUILT_IN = ("generic", "evt", "process", "user", "group", "fd", "fs.path", "util", "fdlist")
_PLUGINS = frozenset(name for name, _, _ in CLASSES if name not in _BUILT_IN)


def _check_plugin_argument(info: FieldInfo, text: str) -> None:
    """A plugin's field is cut at the first blank before its brackets are looked for."""
    text = text.partition(" ")[0]
    _, bracket, rest = text.partition("[")
    where = f"filter '{text}': {info.name}"
    if not bracket:
        if info.arg == "required":
            raise CatalogError(f"{where} requires an argument but none provided")
        return
    if not rest:
        raise CatalogError(f"{where} terminates with incomplete argument brackets")
    arg, closed, _ = rest.partition("]")
    if not closed:
        raise CatalogError(f"{where} has unbalanced argument brackets")
    if info.arg == "none":
        raise CatalogError(f"{where} does not allow nor require an argument but one is provided: {arg}")
    if "index" in info.arg_kinds and info.arg_kinds == ("index",):
        _check_index(info, text, arg)


def _check_index(info: FieldInfo, text: str, arg: str) -> None:
    where = f"filter {text} {info.name} has an invalid index argument"
    if not (arg.isascii() and arg.isdigit()) and arg:
        raise CatalogError(f"{where} not composed only by digits: {arg}")
    if not arg or (len(arg) > 1 and arg[0] == "0"):
        raise CatalogError(f"{where} starting with 0: {arg}")
    if len(arg) > 20 or int(arg) >= 1 << 64:
        raise CatalogError(f"{where} not representable on 64 bit: {arg}")


Special = Callable[[_Fields, str], FieldInfo]


def _special(class_: str, text: str) -> Special | None:
    """The function for names that Falco's evt and process classes read by hand, or None."""
    if class_ == "evt" and text.startswith("evt."):
        for prefix, function in _EVT:
            if text.startswith(prefix) and not text.startswith("evt.args"):
                return function
    elif class_ == "process":
        if text.startswith("thread.cgroup") and not text.startswith("thread.cgroups"):
            return _cgroup
        if text.startswith("proc.") and text.partition("[")[0] in _ANCESTRY and "[" in text:
            return _ancestry
    return None


def _event_argument(fields: _Fields, text: str) -> FieldInfo:
    from rules_export.catalog.events import longest_argument

    name = "evt.rawarg" if text.startswith("evt.rawarg") else "evt.arg"
    info, rest = fields[name], text[len(name) :]
    if rest.startswith("["):
        if name == "evt.rawarg":
            raise CatalogError("evt.arg fields must be expressed explicitly")
        number(rest[1:].partition("]")[0])
        return info if rest.find("]") == len(rest) - 1 else _nonexistent(text)
    if not rest.startswith("."):
        raise CatalogError(f"filter syntax error: {text}")
    found = longest_argument(rest[1:])
    if found is None:
        raise CatalogError(f"unknown event argument {rest[1:]}")
    argument, type_ = found
    if argument != rest[1:]:
        return _nonexistent(text)
    return replace(info, type=type_) if name == "evt.rawarg" else info


def _around(fields: _Fields, text: str) -> FieldInfo:
    rest = text[len("evt.around") :]
    if rest.startswith("."):
        raise CatalogError("wrong syntax for evt.around")
    if not rest.startswith("["):
        raise CatalogError(f"filter syntax error: {text}")
    number(rest[1:].partition("]")[0])
    return fields["evt.around"] if rest.find("]") == len(rest) - 1 else _nonexistent(text)


def _type_is(fields: _Fields, text: str) -> FieldInfo:
    from rules_export.catalog.events import CODES

    rest = text[len("evt.type.is") :]
    if not rest.startswith("."):
        raise CatalogError(f"filter syntax error: {text}")
    known = rest[1:] in CODES or NUMBER.fullmatch(rest[1:]) is not None
    return fields["evt.type.is"] if known else _nonexistent(text)


def _absolute_path(fields: _Fields, text: str) -> FieldInfo:
    return (
        fields["evt.abspath"] if text in ("evt.abspath", "evt.abspath.src", "evt.abspath.dst") else _nonexistent(text)
    )


def _cgroup(fields: _Fields, text: str) -> FieldInfo:
    if not text.startswith("thread.cgroup."):
        raise CatalogError(f"filter syntax error: {text}")
    return fields["thread.cgroup"]


_EVT: tuple[tuple[str, Special], ...] = (
    ("evt.arg", _event_argument),
    ("evt.rawarg", _event_argument),
    ("evt.around", _around),
    ("evt.abspath", _absolute_path),
    ("evt.type.is", _type_is),
)
_ENVIRONMENT = ("proc.env", "proc.aenv")
_ANCESTRY = frozenset(
    ("proc.aname", "proc.aexe", "proc.aexepath", "proc.acmdline", "proc.apid", "proc.aargs", "proc.args", *_ENVIRONMENT)
)


def _ancestry(fields: _Fields, text: str) -> FieldInfo:
    """`proc.aname[2]` and its like: digits, or the name of a variable for the environment."""
    name, _, rest = text.partition("[")
    arg = rest[:-1]
    if "]" in arg or not (name in _ENVIRONMENT or NUMBER.fullmatch(arg)):
        return _nonexistent(text)
    return fields[name]
