"""The third step: the text, its tree, and the macros that it calls."""

from __future__ import annotations

from typing import Any

from rules_export.catalog.macros import MACROS
from rules_export.language.visitor import identifiers
from studio.authoring import clauses, tree
from studio.authoring.forms.condition import ConditionForm
from studio.authoring.pages.subject import Subject
from studio.lab.scoring import scorer


def context(subject: Subject) -> dict[str, Any]:
    """form, tree (None where the text does not parse), macros (name, info or None), own findings."""
    text = subject.content.condition
    parsed = clauses.parsed(text)
    names = list(dict.fromkeys(identifiers(parsed))) if parsed else []
    return {
        "form": ConditionForm(initial={"condition": text}),
        "tree": tree.build(parsed, scorer(subject.exam.samples)) if parsed else None,
        "macros": [(name, MACROS.get(name)) for name in names],
        "own_findings": [item for item in subject.exam.findings if item.place == "condition"],
    }
