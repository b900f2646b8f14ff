"""A whole load, file after file, as `falco -V FILE…` runs it.

All files share one collector: what an earlier file defined, a later one can use, change and repair, and every file
compiles everything again. So a compile error of the first file comes back with each later one until one repairs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rules_export.errors import FatalLoadError, UnmetRequirementError
from rules_export.ruleset.collector import Collector
from rules_export.ruleset.context import (
    VALIDATE,
    VALUE_FOR,
    YAML_PARSE,
    Context,
    LoadError,
    Problem,
    SourceFile,
    file_context,
)
from rules_export.ruleset.decoding import invalid
from rules_export.ruleset.overrides import UnusableNodeError
from rules_export.ruleset.reader import ItemReader
from rules_export.ruleset.resolver import Memory
from rules_export.ruleset.schema import SchemaAbortError, complaints, matches_schema
from rules_export.ruleset.versions import unmet_requirement
from rules_export.verdict.compiling import Compilation, compile_rules
from rules_export.verdict.environment import Environment, FieldLookupError
from rules_export.verdict.rules import RuleCompiler
from rules_export.yamlcpp.documents import load_documents
from rules_export.yamlcpp.node import MAP, NULL, SEQUENCE, Node
from rules_export.yamlcpp.text import YamlError

if TYPE_CHECKING:  # a verdict alone starts faster without the model
    from rules_export.ruleset.model import RuleSet

#: Falco's exit status where its schema validator aborts.
ABORTED = 134


class FileResult:
    """What Falco says of one file. `schema_valid`: of its first document, None where nothing was held to the schema.
    `collected`: whether all items of the file were read; else those behind the first error are missing."""

    __slots__ = ("collected", "errors", "file", "name", "schema_valid", "schema_warnings", "warnings")

    def __init__(self, name: str, file: SourceFile) -> None:
        self.name = name
        self.file = file
        self.collected = False
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []
        self.schema_valid: bool | None = None
        self.schema_warnings: list[str] = []

    @property
    def successful(self) -> bool:
        """Whether Falco loads the file: it has no error."""
        return not self.errors


class Verdict(NamedTuple):
    """The whole answer. `fatal`: the text with which Falco stops instead of giving results; then there are none."""

    results: tuple[FileResult, ...]
    exit_code: int
    fatal: str | None = None


class Load:
    """A load in progress: add files in their order, then read the results."""

    def __init__(self, plugins: str = "container") -> None:
        self.environment = Environment(plugins)
        self.collector = Collector(self.environment.field_test)
        self.memory = Memory()
        self.compiler = RuleCompiler(plugins, self.memory)
        self.compilation: Compilation | None = None
        self.results: list[FileResult] = []

    def add(self, name: str, content: str | bytes) -> FileResult:
        """Read and compile one more file. Raises FatalLoadError or SchemaAbortError where Falco gives no verdict."""
        result = FileResult(name, SourceFile(name, content))
        self.results.append(result)
        result.collected = self._read(result)
        if result.collected:
            self.compilation = compile_rules(self.collector, self.compiler, self.memory)
            result.errors += self.compilation.errors
            result.warnings += self.compilation.warnings
        unmet = unmet_requirement(self.collector.plugin_versions, self.environment.plugin_versions)
        if unmet:
            raise UnmetRequirementError(f"Error: {unmet}")
        return result

    def _read(self, result: FileResult) -> bool:
        """Collect a file's items up to its first error; whether there was none."""
        top = file_context(result.file)
        documents = _documents(result, top)
        if documents is None:
            return False
        reader = ItemReader(self.collector, top, result.warnings)
        try:
            for document in documents:
                _read_document(document, reader, top)
        except LoadError as error:
            result.errors.append(error.problem)
        except (UnusableNodeError, FieldLookupError) as error:
            result.errors.append(Problem(VALIDATE, str(error), top))
        return not result.errors


def _documents(result: FileResult, top: Context) -> list[Node] | None:
    """The documents of a file, held against the schema; None where that fails."""
    try:
        documents = load_documents(result.file.source)
    except YamlError as error:
        place = top.child(VALUE_FOR, "", error.mark)
        result.errors.append(Problem(YAML_PARSE, _library_text(error, top), place))
        return None
    try:
        valid = [matches_schema(document) for document in documents]
    except YamlError as error:
        result.errors.append(Problem(YAML_PARSE, _library_text(error, top), top))
        return None
    result.schema_valid = valid[0] if valid else None
    if result.schema_valid is False:
        result.schema_warnings = complaints(documents[0])
    return documents


def _library_text(error: YamlError, top: Context) -> str:
    at = top.file.source.position(error.mark)
    return f"yaml-cpp: error at line {at.line + 1}, column {at.column + 1}: {error.message}"


def _read_document(document: Node, reader: ItemReader, top: Context) -> None:
    if document.kind not in (MAP, SEQUENCE):
        raise invalid("Rules content is not yaml", top)
    if document.kind == MAP:
        raise invalid("Rules content is not yaml array of objects", top)
    for item in document.items:
        if item.kind != NULL:
            reader.read(item)


def validate(files: Sequence[tuple[str, str | bytes]], plugins: str = "container") -> Verdict:
    """Falco's verdict on these (name, content) in their order. Raises ValueError for an unknown plugin set."""
    return run(Load(plugins), files)


def load_ruleset(files: Sequence[tuple[str, str | bytes]], plugins: str = "container") -> tuple[RuleSet, Verdict]:
    """What files define together, and Falco's verdict on them; after an error, what was collected up to there."""
    load = Load(plugins)
    verdict = run(load, files)
    return load.collector.as_model(), verdict


def run(load: Load, files: Sequence[tuple[str, str | bytes]]) -> Verdict:
    """Add the files in their order; Falco's verdict on them."""
    try:
        for name, content in files:
            load.add(name, content)
    except SchemaAbortError as error:
        return Verdict((), ABORTED, str(error))
    except FatalLoadError as error:
        return Verdict((), 1, str(error))
    return Verdict(tuple(load.results), 0 if all(result.successful for result in load.results) else 1)
