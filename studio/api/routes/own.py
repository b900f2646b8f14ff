"""Behaviours that the team writes itself: write, hand in, decide, take files in and out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, REVIEW, WRITE
from studio.api.problems import Problem, at
from studio.api.routes.checking import GivenFile
from studio.api.shapes import Asked, Given, Key, Page, Person, Version, page
from studio.behaviours import proof
from studio.behaviours.models import OwnVersion
from studio.behaviours.own import queries, reading, services
from studio.behaviours.own.reading import Read, UnreadableError
from studio.behaviours.own.views.importing import preview
from studio.behaviours.own.writing import to_file

router = Router()


class OwnRow(Schema):
    """The newest version of a behaviour. reference: how drafts name this version. sound: it proves all it has to."""

    id: int
    slug: str
    number: int
    edition: int
    title: str
    techniques: list[str]
    state: str
    sound: bool
    reference: str
    changed_by: Person
    changed_at: datetime

    @staticmethod
    def resolve_slug(one: OwnVersion) -> str:
        return one.behaviour.slug

    @staticmethod
    def resolve_techniques(one: OwnVersion) -> list[str]:
        return one.technique_list


class SaidOut(Schema):
    """What the checks say: about which key, about which of its items (0 for all), in words."""

    key: str
    number: int
    message: str


class OwnOut(OwnRow):
    """A version. digest: send it with an approval, as what you have seen. yaml: as a file of behaviours holds it."""

    digest: str
    decision: str
    yaml: str
    findings: list[SaidOut]

    @staticmethod
    def resolve_yaml(one: OwnVersion) -> str:
        return to_file([one.record])

    @staticmethod
    def resolve_findings(one: OwnVersion) -> list[Any]:
        return proof.of_record(one.record)[1]


class OwnAsked(Asked):
    """By words, and by state."""

    q: Annotated[str, Field(max_length=200)] = ""
    state: Literal["", "draft", "in_review", "approved", "superseded", "withdrawn"] = ""


class OwnYaml(Given):
    """One behaviour as a file holds it (docs/behaviour-format.md)."""

    yaml: Annotated[str, Field(min_length=1, max_length=services.LONGEST)]


class OwnChange(OwnYaml):
    """All that it says from now on, and the edition that you have seen."""

    edition: Version


class SeenEdition(Given):
    """The edition that you have seen."""

    edition: Version


class OwnApproval(Given):
    """What you have seen, by its digest."""

    seen: Annotated[str, Field(max_length=64)]
    note: Annotated[str, Field(max_length=2000)] = ""


class OwnObjection(Given):
    """What is to change."""

    note: Annotated[str, Field(min_length=1, max_length=2000)]


class OwnFiles(Given):
    """Files of behaviours. preview: say what would become of each, and write nothing. hand_in: hand them in at once."""

    files: Annotated[list[GivenFile], Field(min_length=1, max_length=50)]
    preview: bool = False
    hand_in: bool = False


class OwnItem(Schema):
    """One behaviour of the files. becomes: new, new version, draft changed, unchanged or refused."""

    slug: str
    title: str
    file: str
    line: int
    becomes: str
    findings: list[str]


@router.get("/own-behaviours", auth=READ, response=Page[OwnRow])
def list_own_behaviours(request: TeamRequest, asked: Query[OwnAsked]) -> dict[str, Any]:
    """List the team's behaviours, the newest version of each."""
    return page(queries.newest(request.team, asked.q, asked.state), asked)


@router.post("/own-behaviours", auth=WRITE, response={201: OwnOut})
def create_own_behaviour(request: TeamRequest, data: OwnYaml) -> OwnVersion:
    """Write a behaviour; it is a draft until it is handed in and approved."""
    return services.create(request.team, request.user, _record(data.yaml))


@router.post("/own-behaviours/import", auth=WRITE, response=list[OwnItem])
def import_own_behaviours(request: TeamRequest, data: OwnFiles) -> list[dict[str, Any]]:
    """Take files of behaviours in, all or nothing."""
    if sum(len(one.text) for one in data.files) > reading.MOST_BYTES:
        raise Problem(422, f"All files together have at most {reading.MOST_BYTES:,} characters.")
    texts = {one.name: one.text for one in data.files}
    items = preview(request.team, texts)
    shown = [
        {"slug": one.slug, "title": one.title, "file": one.file, "line": one.line, "becomes": one.becomes,
         "findings": [said.message for said in one.said]}
        for one in items
    ]  # fmt: skip
    if data.preview:
        return shown
    if wrong := [at(f"{one.file}, {said.where}", said.message) for one in items for said in one.said]:
        raise Problem(422, "Some behaviours cannot be taken; none was.", wrong[:50])
    records = [one.record for one in reading.all_texts(texts) if isinstance(one, Read)]
    services.take_in(request.team, request.user, records, for_review=data.hand_in)
    return shown


@router.get("/own-behaviours/{pk}", auth=READ, response=OwnOut)
def read_own_behaviour(request: TeamRequest, pk: Key) -> OwnVersion:
    """Read a version with what the checks say of it."""
    return queries.version(request.team, pk)


@router.get("/own-behaviours/{pk}/versions", auth=READ, response=list[OwnRow])
def own_behaviour_versions(request: TeamRequest, pk: Key) -> list[OwnVersion]:
    """List all versions of the same behaviour, the newest first."""
    return list(queries.family(queries.version(request.team, pk)).select_related("behaviour"))


@router.put("/own-behaviours/{pk}", auth=WRITE, response=OwnOut)
def change_own_behaviour(request: TeamRequest, pk: Key, data: OwnChange) -> OwnVersion:
    """Change a draft; of a version that is decided, begin the next one."""
    queries.version(request.team, pk)
    return services.save(pk, request.team, request.user, data.edition, _record(data.yaml))


@router.post("/own-behaviours/{pk}/hand-in", auth=WRITE, response=OwnOut)
def hand_in_own_behaviour(request: TeamRequest, pk: Key, data: SeenEdition) -> OwnVersion:
    """Hand a draft in for review."""
    return services.hand_in(pk, request.team, request.user, data.edition)


@router.post("/own-behaviours/{pk}/withdraw", auth=WRITE, response=OwnOut)
def withdraw_own_behaviour(request: TeamRequest, pk: Key) -> OwnVersion:
    """Take it out of review, give a draft up, or (as a reviewer) offer an approved one no more."""
    return services.withdraw(pk, request.team, request.user)


@router.post("/own-behaviours/{pk}/approve", auth=REVIEW, response=OwnOut)
def approve_own_behaviour(request: TeamRequest, pk: Key, data: OwnApproval) -> OwnVersion:
    """Approve a version."""
    return services.approve(pk, request.team, request.user, data.seen, data.note)


@router.post("/own-behaviours/{pk}/send-back", auth=REVIEW, response=OwnOut)
def send_own_behaviour_back(request: TeamRequest, pk: Key, data: OwnObjection) -> OwnVersion:
    """Send a version back to its author."""
    return services.send_back(pk, request.team, request.user, data.note)


def _record(text: str) -> dict[str, Any]:
    try:
        found = reading.read(text)
    except UnreadableError as error:
        raise Problem(422, str(error), [at(f"line {error.line}" if error.line else "yaml", error)]) from error
    if len(found) != 1:
        raise Problem(422, "Send one behaviour; import takes several.", [at("yaml", f"It holds {len(found)}.")])
    return found[0].record
