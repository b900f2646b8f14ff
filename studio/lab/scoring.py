"""How each part of a condition does on the samples: how many that must fire match it, and how many benign ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rules_export.errors import EngineError
from rules_export.evaluation.compiler import Compiler
from rules_export.language.ast import Node
from studio.lab.compiled import library
from studio.lab.results import Sample

#: (samples that must fire and match, all that must fire, benign that match, all benign).
Score = tuple[int, int, int, int]


def scorer(samples: Sequence[Sample], source: str = "syscall") -> Callable[[Node], Score | None]:
    """A function from a part of a condition to its score; None where there are no samples or the part cannot be tried."""
    attacks = [sample.fields for sample in samples if sample.is_attack]
    benign = [sample.fields for sample in samples if not sample.is_attack]
    compiler, context = Compiler(source), library()

    def score(node: Node) -> Score | None:
        if not attacks and not benign:
            return None
        try:
            part = compiler.part(context.whole(node, context.whole_macros))
        except (EngineError, ValueError):
            return None
        decide = (lambda _: part) if isinstance(part, bool) else part
        return sum(map(bool, map(decide, attacks))), len(attacks), sum(map(bool, map(decide, benign))), len(benign)

    return score
