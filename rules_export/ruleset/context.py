"""Where in the rules files a problem is: a chain of places from the file down to the value, as Falco reports it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rules_export.spans import Position
from rules_export.yamlcpp.text import SourceText

YAML_PARSE = "LOAD_ERR_YAML_PARSE"
YAML_VALIDATE = "LOAD_ERR_YAML_VALIDATE"
VALIDATE = "LOAD_ERR_VALIDATE"
COMPILE_CONDITION = "LOAD_ERR_COMPILE_CONDITION"
COMPILE_OUTPUT = "LOAD_ERR_COMPILE_OUTPUT"

VALUE_FOR = "value for"
EXCEPTIONS = "exceptions"
EXCEPTION = "exception"
EXCEPTION_VALUES = "exception values"
EXCEPTION_VALUE = "exception value"
RULES_CONTENT = "rules content"
RULES_CONTENT_ITEM = "rules content item"
ENGINE_VERSION = "required_engine_version"
PLUGIN_VERSIONS = "required plugin versions"
PLUGIN_ENTRY = "required plugin versions entry"
PLUGIN_ALTERNATIVE = "required plugin versions alternative"
LIST = "list"
LIST_ITEM = "list item"
MACRO = "macro"
MACRO_CONDITION = "macro condition"
RULE = "rule"
RULE_CONDITION = "rule condition"
CONDITION_EXPRESSION = "condition expression"
RULE_OUTPUT = "rule output"
RULE_PRIORITY = "rule priority"
OVERRIDES = "overrides"

_START = Position(0, 0, 0)


class SourceFile:
    """A rules file under its name."""

    __slots__ = ("name", "source")

    def __init__(self, name: str, content: str | bytes) -> None:
        self.name = name
        self.source = SourceText(content)


class Context:
    """One link of the chain. `mark` is the place in the file; None for the file itself, and for a condition's text.

    A condition's text is a place of its own: `text` is that text, `within` the parser's position in it.
    """

    __slots__ = ("file", "item_name", "item_type", "mark", "parent", "text", "within")

    def __init__(
        self, parent: Context | None, file: SourceFile, item_type: str, item_name: str = "", mark: int | None = None
    ) -> None:
        self.parent = parent
        self.file = file
        self.item_type = item_type
        self.item_name = item_name
        self.mark = mark
        self.text = ""
        self.within = _START

    def child(self, item_type: str, item_name: str, mark: int) -> Context:
        """A place below this one."""
        return Context(self, self.file, item_type, item_name, mark)

    def in_condition(self, text: str, within: Position) -> Context:
        """A place in a condition below this one; `within` counts lines and columns from 1."""
        place = Context(self, self.file, CONDITION_EXPRESSION)
        place.text = text
        place.within = within
        return place

    @property
    def position(self) -> Position:
        """The place in the file. For a condition Falco adds the parser's numbers to those of the YAML value."""
        if self.mark is not None:
            return self.file.source.position(self.mark)
        if self.item_type != CONDITION_EXPRESSION or self.parent is None:
            return _START
        outer, within = self.parent.position, self.within
        return Position(outer.offset + within.offset, outer.line + within.line, outer.column + within.column)

    @property
    def place_name(self) -> str:
        """The file's name, or the beginning of the condition in quotes."""
        if self.item_type != CONDITION_EXPRESSION:
            return self.file.name
        data = self.text.encode("utf-8", "surrogateescape")
        shown = data.decode("utf-8", "replace") if len(data) <= 20 else data[:17].decode("utf-8", "replace") + "..."
        return '"' + shown.replace("\n", " ").replace("\r", " ") + '"'

    def chain(self) -> list[Context]:
        """From the file down to this place."""
        return list(self._upwards())[::-1]

    def _upwards(self) -> Iterator[Context]:
        place: Context | None = self
        while place is not None:
            yield place
            place = place.parent


def file_context(file: SourceFile) -> Context:
    """The place that is the whole file."""
    return Context(None, file, RULES_CONTENT)


class Problem(NamedTuple):
    """An error or a warning of loading, in Falco's code and words. `further`: Falco stops before it would say this."""

    code: str
    message: str
    context: Context
    deprecated_field: str | None = None
    further: bool = False


class LoadError(Exception):
    """Raised to end the reading or the compiling of a file, as Falco does at the first error."""

    def __init__(self, code: str, message: str, context: Context) -> None:
        super().__init__(message)
        self.problem = Problem(code, message, context)
