"""The third step: one condition in two views, as rows and as text, with its meaning beside both."""

from __future__ import annotations

from typing import Any

from rules_export.catalog.macros import MACROS
from rules_export.language.visitor import identifiers
from studio.authoring import clauses
from studio.authoring.builder import view, vocabulary
from studio.authoring.forms.condition import ConditionForm
from studio.authoring.pages.subject import Subject
from studio.lab.scoring import scorer


def context(subject: Subject) -> dict[str, Any]:
    """view (visual or text), form, builder, macros (name, info or None), own findings."""
    text = subject.content.condition
    tree = clauses.parsed(text)
    names = list(dict.fromkeys(identifiers(tree))) if tree else []
    return {
        "view": subject.query.get("view", "visual"),
        "form": ConditionForm(initial={"condition": text}),
        "open_editor": None,
        "builder": view.look(text, scorer(subject.exam.samples), subject.query),
        "field_names": [one.name for one in vocabulary.fields(subject.content.source)],
        "macro_names": list(MACROS),
        "macros": [(name, MACROS.get(name)) for name in names],
        "own_findings": [item for item in subject.exam.findings if item.place == "condition"],
    }
