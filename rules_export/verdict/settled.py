"""Loading rules files so that what they define can be written anew, in another order, without a change of meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rules_export.ruleset.model import RuleSet
from rules_export.ruleset.settling import settled_lists
from rules_export.verdict.loading import Load, Verdict, run


def load_settled(files: Sequence[tuple[str, str | bytes]], plugins: str = "container") -> tuple[RuleSet, Verdict]:
    """What files define together, and Falco's verdict on them, as `load_ruleset`; lists hold values that no longer
    depend on the order of definitions."""
    load = Load(plugins)
    verdict = run(load, files)
    return replace(load.collector.as_model(), lists=settled_lists(load.collector)), verdict
