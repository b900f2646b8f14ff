"""Loading rules files so that what they define can be written anew, in another order, without a change of meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules_export.errors import FatalLoadError, UnmetRequirementError
from rules_export.ruleset.model import RuleSet
from rules_export.ruleset.schema import SchemaAbortError
from rules_export.ruleset.settling import settled_lists
from rules_export.verdict.loading import FileResult, Load


@dataclass(frozen=True, slots=True)
class Settled:
    """What rules files define together, and what Falco says of each.

    rules: lists hold values that no longer depend on the order of definitions. fatal: why Falco would stop without a
    verdict, "" otherwise. unmet: requirements for plugins newer than those that the engine knows; they stop no import.
    """

    rules: RuleSet
    results: tuple[FileResult, ...]
    fatal: str = ""
    unmet: tuple[str, ...] = ()


def load_settled(files: Sequence[tuple[str, str | bytes]], plugins: str = "all") -> Settled:
    """Load the files in their order, as Falco with these plugins would."""
    load = Load(plugins)
    fatal, unmet = add_files(load, files)
    rules = replace(load.collector.as_model(), lists=settled_lists(load.collector))
    return Settled(rules, tuple(load.results), fatal, unmet)


def add_files(load: Load, files: Sequence[tuple[str, str | bytes]]) -> tuple[str, tuple[str, ...]]:
    """Add the files in their order; why Falco would stop ("" if it would not), and unmet requirements of plugins."""
    unmet: dict[str, None] = {}
    try:
        for name, content in files:
            try:
                load.add(name, content)
            except UnmetRequirementError as error:
                unmet[str(error)] = None
    except (SchemaAbortError, FatalLoadError) as error:
        return str(error), tuple(unmet)
    return "", tuple(unmet)
