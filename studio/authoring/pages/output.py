"""The fifth step: the template, fields to insert, and the alert as an analyst reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from studio.authoring import facts, outputs
from studio.authoring.forms.output import OutputForm
from studio.authoring.pages.subject import Subject
from studio.authoring.vocabulary import field_names
from studio.lab.results import Outcome
from studio.lab.running import alert_of


@dataclass(frozen=True, slots=True)
class Chip:
    """A field to insert. `present`: the template prints it already."""

    field: str
    pair: str
    present: bool


def context(subject: Subject) -> dict[str, Any]:
    """form, chips, samples, sample (key of the chosen one), text and alert as it would read, own findings."""
    content, exam = subject.content, subject.exam
    chosen = _chosen(exam.lab.outcomes, subject.query.get("event", ""))
    shown = alert_of(exam.rule, chosen.sample) if chosen else None
    return {
        "form": OutputForm(initial={"output": content.output}),
        "chips": _chips(subject),
        "samples": [item.sample for item in exam.lab.outcomes],
        "sample": chosen.sample if chosen else None,
        "alert": shown,
        "alert_json": json.dumps(shown, indent=2, ensure_ascii=False) if shown else "",
        "fields": field_names(),
        "own_findings": [item for item in exam.findings if item.place == "output"],
        "suggested": "output" not in content.touched,
    }


def _chips(subject: Subject) -> list[Chip]:
    known = facts.known(subject.content)
    extra = [field for item in known.behaviours for field in item.output_fields]
    names = outputs.usual_fields(known.fields, extra)
    return [Chip(name, outputs.pair(name), f"%{name}" in subject.content.output) for name in names]


def _chosen(outcomes: tuple[Outcome, ...], key: str) -> Outcome | None:
    """The sample asked for, else the first that fires, else the first."""
    asked = next((item for item in outcomes if item.sample.key == key), None)
    return asked or next((item for item in outcomes if item.matched), next(iter(outcomes), None))
