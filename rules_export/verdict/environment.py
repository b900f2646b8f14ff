"""What Falco is taken to have at hand when it loads rules: plugins, sources, fields."""

from __future__ import annotations

from collections.abc import Mapping

from rules_export.catalog.fields import CatalogError, lookup
from rules_export.catalog.sources import PLUGIN_VERSIONS, sources
from rules_export.errors import ConditionError, ConditionSyntaxError, EngineError
from rules_export.falco_checks.condition import check_condition
from rules_export.language.operators import TRANSFORMERS
from rules_export.language.parser import parse
from rules_export.ruleset.exceptions import FieldTest

_NONEXISTENT = "nonexistent field"


class FieldLookupError(EngineError):
    """A field that Falco does not look up quietly: it gives up on the file with this text and no place."""


class Environment:
    """A Falco with one of the plugin sets of the catalogue ("container", "all"). Raises ValueError for another name."""

    def __init__(self, plugins: str = "container") -> None:
        if plugins not in PLUGIN_VERSIONS:
            raise ValueError(f"unknown plugin set {plugins!r}; known: {', '.join(PLUGIN_VERSIONS)}")
        self.plugins = plugins
        self.plugin_versions: Mapping[str, str] = PLUGIN_VERSIONS[plugins]
        self._sources = frozenset(sources(plugins))

    def field_test(self, source: str) -> FieldTest | None:
        """The test whether a text is a field of the source; None where nothing provides the source."""
        if source not in self._sources:
            return None
        return lambda text: self._is_field(text, source)

    def _is_field(self, text: str, source: str) -> bool:
        if text.partition("(")[0] in TRANSFORMERS and "(" in text:
            return self._compiles(f"{text} exists", source)
        name, bracket, rest = text.partition("[")
        try:
            if bracket and rest.endswith("]"):
                lookup(name, rest[:-1], source, self.plugins)
            else:
                lookup(text, None, source, self.plugins)
        except CatalogError as error:
            if _NONEXISTENT in error.message:
                return False
            raise FieldLookupError(error.message) from error
        return True

    def _compiles(self, condition: str, source: str) -> bool:
        try:
            check_condition(parse(condition), source, self.plugins)
        except ConditionSyntaxError:
            return False
        except ConditionError as error:
            if error.fatal and not error.message.startswith("event code search"):
                raise FieldLookupError(error.message) from error
            return error.fatal  # which events it matches is not asked here
        return True
