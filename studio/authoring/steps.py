"""The seven steps of the wizard, and what each says of itself in the progress header."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rules_export.findings import Finding, Severity
from studio.authoring.content import RARE, RuleContent


class State(StrEnum):
    """How a step stands. The value is said to screen readers."""

    DONE = "done"
    OPTIONAL = "nothing needed"
    MISSING = "something is missing"
    WARNING = "has findings"


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its address, number from 1, title and question. `places`: the parts of a rule that it edits."""

    slug: str
    number: int
    title: str
    question: str
    places: tuple[str, ...] = ()


STEPS = (
    Step("technique", 1, "Technique", "Which technique should the rule catch?"),
    Step("behaviours", 2, "Behaviours", "What does the attacker do on the machine?"),
    Step("condition", 3, "Condition", "When does the rule fire?", ("condition", "source")),
    Step("exceptions", 4, "Exceptions", "Who does this legitimately?", ("exceptions",)),
    Step("output", 5, "Output", "What does the analyst read?", ("output",)),
    Step(
        "details",
        6,
        "Details",
        "What is it called, and how urgent is it?",
        ("name", "desc", "priority", "tags", "enabled", *RARE),
    ),
    Step("check", 7, "Check", "Does it load, and does it fire?"),
)

#: Steps that a rule can do without → the part of its content that they fill.
OPTIONAL = {"technique": "techniques", "exceptions": "exceptions"}

BY_SLUG = {step.slug: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Progress:
    """A step as it stands in the header; `note` says what is missing or found."""

    step: Step
    state: State
    note: str = ""
    here: bool = False


def step_of(place: str) -> Step:
    """The step where a finding about `place` is settled; findings about the whole file are read at the last one."""
    return next((step for step in STEPS if place in step.places), STEPS[-1])


def neighbours(step: Step) -> tuple[Step | None, Step | None]:
    """The steps before and after."""
    before = STEPS[step.number - 2] if step.number > 1 else None
    after = STEPS[step.number] if step.number < len(STEPS) else None
    return before, after


def missing(content: RuleContent) -> Mapping[str, str]:
    """What each step still lacks, by slug; steps that lack nothing are absent."""
    needs = {
        "behaviours": ""
        if content.behaviours or content.condition.strip()
        else "Choose a behaviour, or write the condition yourself.",
        "condition": "" if content.condition.strip() else "The condition is empty.",
        "output": "" if content.output.strip() else "The output is empty.",
        "details": _missing_details(content),
    }
    return {slug: need for slug, need in needs.items() if need}


def progress(content: RuleContent, findings: Collection[Finding], here: str, ready: bool) -> list[Progress]:
    """All steps as they stand. `ready`: nothing stands in the way of download or review."""
    lacks = missing(content)
    return [_progress(step, content, findings, lacks.get(step.slug, ""), here, ready) for step in STEPS]


def _progress(
    step: Step, content: RuleContent, findings: Collection[Finding], lack: str, here: str, ready: bool
) -> Progress:
    own = [item for item in findings if item.severity is not Severity.ADVICE and step_of(item.place) is step]
    state, note = State.DONE, ""
    if lack:
        state, note = State.MISSING, lack
    elif step.slug == "check":
        state, note = (State.DONE, "") if ready else (State.MISSING, "Not ready yet.")
    elif own:
        state, note = State.WARNING, own[0].hint or own[0].message
    elif step.slug in OPTIONAL and not getattr(content, OPTIONAL[step.slug]):
        state = State.OPTIONAL
    return Progress(step, state, note, step.slug == here)


def _missing_details(content: RuleContent) -> str:
    lacks = [word for word, value in (("name", content.name), ("description", content.desc)) if not value.strip()]
    return f"The {' and the '.join(lacks)} {'is' if len(lacks) == 1 else 'are'} missing." if lacks else ""
