"""Check rules, and try them on events, without keeping anything."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Router, Schema
from pydantic import Field

from rules_export.ruleset.context import Problem
from rules_export.ruleset.model import Rule
from rules_export.verdict.loading import FileResult, load_ruleset
from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ
from studio.api.refusals import checked
from studio.api.shapes import Found, Given, Key, found
from studio.authoring import queries
from studio.authoring.content import RuleContent, needing
from studio.authoring.examination import Examination, examine
from studio.authoring.forms.condition import LONGEST as LONGEST_CONDITION
from studio.authoring.forms.creating import LONGEST_YAML, FromYamlForm
from studio.authoring.judging import catalogue_digest, judge
from studio.authoring.pages.check import asked_falco
from studio.definitions import queries as definitions
from studio.lab import rule_text, trials
from studio.lab.bringing import brought
from studio.lab.events import MAX_LINES
from studio.lab.forms import MOST, TryForm
from studio.lints import queries as lints

router = Router()


class FalcoSaid(Schema):
    """A real Falco's answer."""

    state: str
    loads: bool | None
    version: str


class Examined(Schema):
    """What is said of a rule. loads: whether Falco would load it; ready: whether it may be handed in and exported.

    falco: the answer of a real Falco where the server has one and was asked: loads, or null while it is at it.
    """

    loads: bool
    ready: bool
    lacks: list[str]
    findings: list[Found]
    yaml: str
    unproven: list[str]
    attacks: int
    fired: int
    benign: int
    noise: int
    falco: FalcoSaid | None


class GivenFile(Given):
    """A rules file."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    text: Annotated[str, Field(max_length=1_000_000)]


class Files(Given):
    """Rules files in the order in which Falco loads them."""

    files: Annotated[list[GivenFile], Field(min_length=1, max_length=50)]


class ProblemSaid(Schema):
    """An error or a warning in Falco's code and words; line and column from 1."""

    code: str
    message: str
    line: int
    column: int


class FileSaid(Schema):
    """What Falco would say of one file."""

    name: str
    loads: bool
    errors: list[ProblemSaid]
    warnings: list[ProblemSaid]


class Loaded(Schema):
    """What Falco would say of all files together."""

    loads: bool
    fatal: str
    files: list[FileSaid]


class RuleYaml(Given):
    """One rule as it stands in a rules file."""

    yaml: Annotated[str, Field(min_length=1, max_length=LONGEST_YAML)]


class Condition(Given):
    """A condition; macros and lists of the library and of the team may be named."""

    condition: Annotated[str, Field(min_length=1, max_length=LONGEST_CONDITION)]


class Findings(Schema):
    """Findings; loads: whether Falco would take it."""

    loads: bool
    findings: list[Found]


class Trial(Given):
    """What to try on what. rules: a condition, or rules as YAML; events: JSON Lines of fields or of Falco's alerts.

    ordinary: also try a day of ordinary life of hosts and containers.
    """

    rules: Annotated[str, Field(min_length=1, max_length=rule_text.LONGEST)]
    events: Annotated[str, Field(min_length=1, max_length=MOST, description=f"At most {MAX_LINES} lines are read.")]
    output: Annotated[str, Field(max_length=4000)] = ""
    ordinary: bool = False


class RuleTried(Schema):
    """One rule on one event. fires: null where the event lacks a field that decides."""

    rule: str
    fires: bool | None
    reason: str
    alert: str


class EventTried(Schema):
    """One event with what each rule did."""

    event: str
    rules: list[RuleTried]


class BadLine(Schema):
    """A line that is no event."""

    line: int
    why: str


class Noise(Schema):
    """How many events of ordinary life a rule fires on."""

    rule: str
    fires: int
    of: int
    trouble: str


class Tried(Schema):
    """The outcome of a trial."""

    events: list[EventTried]
    bad_lines: list[BadLine]
    noise: list[Noise]


@router.post("/validate", auth=READ, response=Loaded)
def validate(request: TeamRequest, data: Files) -> dict[str, Any]:
    """Say what Falco would say of rules files: whether they load, every error and every warning."""
    _, verdict = load_ruleset([(one.name, one.text) for one in data.files])
    files = [_said(one) for one in verdict.results]
    loads = verdict.fatal is None and all(one.successful for one in verdict.results)
    return {"loads": loads, "fatal": verdict.fatal or "", "files": files}


@router.post("/check", auth=READ, response=Examined)
def check(request: TeamRequest, data: RuleYaml) -> dict[str, Any]:
    """Check one rule: what Falco would say, our advice, and what a real Falco says."""
    form = FromYamlForm({"text": data.yaml})
    checked(form)
    return _examined(request, form.read.content, 0)


@router.get("/drafts/{pk}/check", auth=READ, response=Examined)
def check_draft(request: TeamRequest, pk: Key) -> dict[str, Any]:
    """Check a draft, and try it on its sample events."""
    draft = queries.draft(request.team, pk)
    return _examined(request, draft.rule_content(), draft.samples_id)


@router.post("/check/condition", auth=READ, response=Findings)
def check_condition(request: TeamRequest, data: Condition) -> dict[str, Any]:
    """Check a condition alone."""
    rule = brought(request.team, [Rule("", data.condition, "", "", "NOTICE")])[0]
    findings = list(judge(rule, catalogue_digest()))
    return {"loads": not any(one.severity == "error" for one in findings), "findings": list(map(found, findings))}


@router.post("/try", auth=READ, response=Tried)
def try_rules(request: TeamRequest, data: Trial) -> dict[str, Any]:
    """Try rules on events: which fire, why, and what the alert reads."""
    form = TryForm({"condition": data.rules, "output": data.output, "lines": data.events, "ordinary": data.ordinary})
    checked(form)
    tried = trials.attempt(brought(request.team, form.rules), form.paste.events, with_life=data.ordinary)
    events = [
        {
            "event": one.sample.name,
            "rules": [
                {"rule": name, "fires": outcome.matched, "reason": outcome.reason, "alert": outcome.text}
                for _, name, outcome in one.outcomes
            ],
        }
        for one in tried.events
    ]
    noise = [
        {"rule": one.rule.name, "fires": len(one.result.ordinary), "of": one.result.ordinary_count,
         "trouble": one.result.trouble}
        for one in tried.rules
    ]  # fmt: skip
    bad = [{"line": one.number, "why": one.why} for one in form.paste.bad]
    return {"events": events, "bad_lines": bad, "noise": noise}


def _examined(request: TeamRequest, content: RuleContent, samples: int) -> dict[str, Any]:
    if not samples:
        content = needing(content, definitions.own(request.team.pk))
    exam: Examination = examine(content, samples, lints.off(request.team.pk))
    said = asked_falco(exam)
    return {
        "loads": exam.loads, "ready": exam.ready, "lacks": list(exam.lacks),
        "findings": [found(one) for one in exam.findings], "yaml": exam.yaml, "unproven": list(exam.unproven),
        "attacks": len(exam.lab.attacks), "fired": exam.lab.fired,
        "benign": len(exam.lab.benign), "noise": exam.lab.noise,
        "falco": said and {"state": said.state, "loads": said.loads, "version": said.falco_version},
    }  # fmt: skip


def _said(result: FileResult) -> dict[str, Any]:
    return {
        "name": result.name, "loads": result.successful,
        "errors": [_problem(one) for one in result.errors], "warnings": [_problem(one) for one in result.warnings],
    }  # fmt: skip


def _problem(problem: Problem) -> dict[str, Any]:
    at, message = problem.context.position, problem.message
    message = message.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return {"code": problem.code, "message": message, "line": at.line + 1, "column": at.column + 1}
