"""Findings of the studio: what it looks for, and what is switched off for the team or for one rule."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import BaseModel, Field

from rules_export.lints.explanations import Explained
from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, RELEASE, WRITE
from studio.api.problems import not_found
from studio.api.refusals import checked
from studio.api.routes.drafts import DraftOut, SeenVersion
from studio.api.shapes import Given, Key, Person, Version
from studio.authoring import queries as drafts
from studio.authoring import services as authoring
from studio.authoring import waivers
from studio.authoring.edits import Edit
from studio.authoring.models import Draft
from studio.authoring.services import Seen
from studio.lints import catalogue, queries, services
from studio.lints.forms import ReasonForm
from studio.lints.models import LONGEST_REASON

router = Router()

Code = Annotated[str, Path(min_length=1, max_length=80)]
Reason = Annotated[str, Field(min_length=4, max_length=LONGEST_REASON)]


class OffOut(Schema):
    """That a lint is off for all rules of the team, and why."""

    reason: str
    by: Person
    at: datetime


class LintOut(Schema):
    """What a code looks for. fixes: whether it brings a fix: safe, yes or no. bad, good: rules as examples."""

    code: str
    family: str
    severity: str
    title: str
    hint: str
    fixes: str
    bad: str
    good: str
    off: OffOut | None


class LintsAsked(BaseModel):
    """By words in code, title and hint, and by kind: warning, advice, fix, safe or off."""

    q: Annotated[str, Field(max_length=200)] = ""
    kind: Annotated[str, Field(pattern="^(warning|advice|fix|safe|off)?$")] = ""


class OffBecause(Given):
    """Why it is switched off, for those who wonder later."""

    reason: Reason


class Waiving(OffBecause):
    """The same for one rule, and the version of its draft that you have seen."""

    version: Version


@router.get("/lints", auth=READ, response=list[LintOut])
def list_lints(request: TeamRequest, asked: Query[LintsAsked]) -> list[dict[str, Any]]:
    """List what the studio looks for, family by family."""
    off = queries.off(request.team.pk)
    families = catalogue.families(asked.q, asked.kind, off)
    return [_shown(one, off.get(one.lint.code)) for family in families for one in family.lints]


@router.put("/lints/{code}/off", auth=RELEASE, response=LintOut)
def switch_lint_off(request: TeamRequest, code: Code, data: OffBecause) -> dict[str, Any]:
    """Switch a lint off for all rules of the team."""
    found = _lint(code)
    return _shown(found, services.switch_off(request.team, request.user, code, _reason(data)))


@router.delete("/lints/{code}/off", auth=RELEASE, response={204: None})
def switch_lint_on(request: TeamRequest, code: Code) -> None:
    """Switch a lint on again."""
    _lint(code)
    services.switch_on(request.team, request.user, code)


@router.put("/drafts/{pk}/waivers/{code}", auth=WRITE, response=DraftOut)
def waive(request: TeamRequest, pk: Key, code: Code, data: Waiving) -> Draft:
    """Switch a lint off for one rule."""
    by, today = request.user.name, timezone.localdate()
    return _changed(request, pk, code, data.version, waivers.waive(code, _reason(data), by, today))


@router.post("/drafts/{pk}/waivers/{code}/take-back", auth=WRITE, response=DraftOut)
def take_waiver_back(request: TeamRequest, pk: Key, code: Code, data: SeenVersion) -> Draft:
    """Switch it on again for the rule."""
    return _changed(request, pk, code, data.version, waivers.unwaive(code))


def _changed(request: TeamRequest, pk: int, code: str, version: int, edit: Edit) -> Draft:
    drafts.draft(request.team, pk)
    _lint(code)
    return authoring.edit(pk, Seen(request.user, request.team, version), edit)


def _reason(data: OffBecause) -> str:
    form = ReasonForm({"reason": data.reason})
    checked(form)
    return str(form.cleaned_data["reason"])


def _lint(code: str) -> Explained:
    found = catalogue.get(code)
    if found is None:
        raise not_found("No lint has this code. What Falco itself says cannot be switched off.")
    return found


def _shown(one: Explained, off: Any) -> dict[str, Any]:
    lint = one.lint
    return {
        "code": lint.code, "family": lint.family, "severity": str(lint.severity), "title": lint.title,
        "hint": lint.hint, "fixes": one.fixes, "bad": one.bad, "good": one.good, "off": off,
    }  # fmt: skip
