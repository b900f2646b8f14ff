"""The third step: one condition in two views, as rows and as text, with its meaning beside both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rules_export.language.visitor import identifiers
from studio.authoring import clauses, namesakes
from studio.authoring.builder import beside, view, vocabulary
from studio.authoring.forms.condition import ConditionForm
from studio.authoring.namesakes import Named
from studio.authoring.pages.subject import Subject
from studio.definitions import queries as definitions
from studio.definitions.lexicon import Lexicon, lexicon
from studio.lab.scoring import scorer


def context(subject: Subject) -> dict[str, Any]:
    """view (visual or text), form, builder, macros (name, info or None), own findings, rules of an equal condition."""
    text = subject.content.condition
    tree = clauses.parsed(text)
    called = list(dict.fromkeys(identifiers(tree))) if tree else []
    names = lexicon(definitions.own(subject.draft.team_id).within(subject.content.rule_set))
    score = scorer(subject.exam.samples, subject.content.source, names.brings)
    own = [item for item in subject.exam.findings if item.place == "condition"]
    builder = view.look(text, score, subject.query, names)
    return {
        "view": subject.query.get("view", "visual"),
        "form": ConditionForm(initial={"condition": text}),
        "open_editor": None,
        "rule_set": subject.content.rule_set,
        "builder": replace(builder, marks=beside.placed(builder.marks, own, text)),
        "field_names": [one.name for one in vocabulary.fields(subject.content.source)],
        "macro_names": list(names.macros),
        "macros": [(name, names.macros.get(name)) for name in called],
        "own_findings": own,
        "same_condition": _saying_the_same(subject, names),
    }


def _saying_the_same(subject: Subject, names: Lexicon) -> list[Named]:
    known = list(namesakes.known(subject.draft.team, subject.draft.pk))
    return namesakes.saying_the_same(subject.content.condition, known, names)
