"""Files that put a rule to the test on a host: the script that plays its behaviours, the event-generator's suite."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ
from studio.api.files import FILE, file
from studio.api.problems import Problem
from studio.api.shapes import Key
from studio.authoring import emulating, samples
from studio.authoring import queries as drafts
from studio.authoring.content import RuleContent
from studio.review import queries as reviews

router = Router()


@router.get("/drafts/{pk}/emulation", auth=READ, response={200: None}, openapi_extra=FILE)
def draft_emulation(request: TeamRequest, pk: Key) -> HttpResponse:
    """Take the shell script that plays a draft's behaviours without harm."""
    return _script(drafts.draft(request.team, pk).rule_content())


@router.get("/drafts/{pk}/event-generator", auth=READ, response={200: None}, openapi_extra=FILE)
def draft_suite(request: TeamRequest, pk: Key) -> HttpResponse:
    """Take a draft's attack events as a suite for Falco's event-generator."""
    draft = drafts.draft(request.team, pk)
    return _suite(draft.rule_content(), draft.samples_id)


@router.get("/revisions/{pk}/emulation", auth=READ, response={200: None}, openapi_extra=FILE)
def revision_emulation(request: TeamRequest, pk: Key) -> HttpResponse:
    """Take the shell script that plays a revision's behaviours without harm."""
    return _script(reviews.revision(request.team, pk).rule_content())


@router.get("/revisions/{pk}/event-generator", auth=READ, response={200: None}, openapi_extra=FILE)
def revision_suite(request: TeamRequest, pk: Key) -> HttpResponse:
    """Take a revision's attack events as a suite for Falco's event-generator."""
    found = reviews.revision(request.team, pk)
    return _suite(found.rule_content(), found.draft.samples_id)


def _script(content: RuleContent) -> HttpResponse:
    text = emulating.emulation(content)
    if not text:
        raise Problem(409, "This rule is written without behaviours, so there is nothing to play.")
    return file(text, f"{emulating.file_name(content)}-emulate.sh", "text/x-shellscript; charset=utf-8")


def _suite(content: RuleContent, kept: int) -> HttpResponse:
    text = emulating.event_generator(content, samples.kept(content, kept))
    return file(text, f"{emulating.file_name(content)}-event-generator.yaml", "application/yaml; charset=utf-8")
