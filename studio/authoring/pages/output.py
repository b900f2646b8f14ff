"""The fifth step: the template as text or chips, fields to print, what is missing, and the alert as it reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules_export.language.ast import Identifier
from rules_export.language.visitor import fields_used
from rules_export.lints.context import Subject as RuleSubject
from studio.authoring import chips, facts, lacking, outputs
from studio.authoring.chips import Chips, Pair
from studio.authoring.forms.output import OutputForm
from studio.authoring.outputs import FieldSet
from studio.authoring.pages.subject import Subject
from studio.authoring.vocabulary import field_names
from studio.lab.compiled import library
from studio.lab.results import Outcome, Sample
from studio.lab.running import alert_of


@dataclass(frozen=True, slots=True)
class Offer:
    """A field to insert. `present`: the template prints it already."""

    field: str
    pair: str
    present: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """Fields that belong together, with the argument of the button that adds those that are missing."""

    title: str
    says: str
    fits: bool
    fields: tuple[Offer, ...]
    slug: str

    @property
    def missing(self) -> tuple[Offer, ...]:
        return tuple(one for one in self.fields if not one.present)

    @property
    def argument(self) -> str:
        """What the button posts: `key=field` for each."""
        return ",".join(one.pair.replace("=%", "=") for one in self.missing)


@dataclass(frozen=True, slots=True)
class Shown:
    """A chip on the page: what is printed, and what it reads on the sample event."""

    number: int
    pair: Pair
    value: str


def context(subject: Subject) -> dict[str, Any]:
    """form, how (chips or text), parts, shown, sets, lacks, samples, the chosen one, its alert, own findings."""
    content, exam = subject.content, subject.exam
    chosen = _chosen(exam.lab.outcomes, subject.query.get("event", ""))
    alert = alert_of(exam.rule, chosen.sample) if chosen else None
    parts = chips.read(content.output, content.source)
    looked = RuleSubject(exam.rule, library(exam.rule.brings))
    found = _sets(looked)
    return {
        "form": OutputForm(initial={"output": content.output}),
        "how": subject.query.get("how", "chips"),
        "parts": parts,
        "shown": _shown(parts, chosen.sample if chosen else None, content.source),
        "sets": [_offers(one, content.output) for one in (*found, *_of_behaviours(subject, found))],
        "lacks": lacking.lacks(content.output, content.condition, found),
        "samples": [item.sample for item in exam.lab.outcomes],
        "sample": chosen.sample if chosen else None,
        "alert": alert,
        "alert_json": json.dumps(alert, indent=2, ensure_ascii=False) if alert else "",
        "empty": [name for name, value in alert["output_fields"].items() if value is None] if alert else [],
        "fields": field_names(),
        "own_findings": [item for item in exam.findings if item.place == "output"],
        "suggested": "output" not in content.touched,
    }


def _shown(parts: Chips | None, sample: Sample | None, source: str) -> list[Shown]:
    given: Mapping[str, Any] = sample.fields if sample else {}
    pairs = enumerate(parts.pairs if parts else ())
    return [Shown(number, pair, chips.shown(pair, given, source) if sample else "") for number, pair in pairs]


def _sets(looked: RuleSubject) -> list[FieldSet]:
    whole = looked.whole if looked.whole is not None else looked.tree
    used = [one.name for one in fields_used(whole)] if whole is not None else []
    names = [node.name for node in looked.nodes if isinstance(node, Identifier)]
    return outputs.sets(looked.events, used, names)


def _of_behaviours(subject: Subject, known: list[FieldSet]) -> list[FieldSet]:
    """The fields that the chosen behaviours ask for and that are in no set."""
    others = {name for one in known for name in one.fields}
    wanted = [field for item in facts.known(subject.content).behaviours for field in item.output_fields]
    more = {name: outputs.key_of(name) for name in wanted if name not in others}
    return (
        [FieldSet("behaviours", "Of the behaviours", "What the chosen behaviours ask for.", more, True)] if more else []
    )


def _offers(one: FieldSet, output: str) -> Offers:
    fields = tuple(Offer(name, f"{key}=%{name}", _prints(output, name)) for name, key in one.fields.items())
    return Offers(one.title, one.says, one.fits, fields, one.slug)


def _prints(output: str, name: str) -> bool:
    """Whether the field stands in the template, and not only one whose name goes on."""
    at = output.find(f"%{name}")
    while at >= 0:
        behind = output[at + len(name) + 1 : at + len(name) + 2]
        if not (behind.isalnum() or behind in "._[") or behind == "":
            return True
        at = output.find(f"%{name}", at + 1)
    return False


def _chosen(outcomes: tuple[Outcome, ...], key: str) -> Outcome | None:
    """The sample asked for, else the first that fires, else the first."""
    asked = next((item for item in outcomes if item.sample.key == key), None)
    return asked or next((item for item in outcomes if item.matched), next(iter(outcomes), None))
