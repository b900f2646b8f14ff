"""How each part of a condition does on the samples: how many that must fire match it, and how many benign ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rules_export.errors import EngineError
from rules_export.evaluation.matcher import compile_condition
from rules_export.language.ast import Node
from studio.lab.compiled import Brings, library
from studio.lab.results import Sample

#: (samples that must fire and match, all that must fire, benign that match, all benign).
Score = tuple[int, int, int, int]


def scorer(samples: Sequence[Sample], source: str = "syscall", brings: Brings = ()) -> Callable[[Node], Score | None]:
    """A function from a part of a condition to its score; None without samples or where the part cannot be tried.

    brings: the macros and lists of its own that the rule brings along.
    """
    attacks = [sample.fields for sample in samples if sample.is_attack and not sample.trouble]
    benign = [sample.fields for sample in samples if not sample.is_attack and not sample.trouble]
    known = library(brings)
    macros = known.whole_macros

    def score(node: Node) -> Score | None:
        if not attacks and not benign:
            return None
        try:
            matches = compile_condition(known.whole(node, {}), source, macros=macros).decides
            return sum(map(matches, attacks)), len(attacks), sum(map(matches, benign)), len(benign)
        except (EngineError, ValueError):
            return None

    return score
