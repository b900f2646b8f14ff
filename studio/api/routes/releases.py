"""Releases of a pack, and exports of single files."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, RELEASE, WRITE
from studio.api.files import FILE, file
from studio.api.problems import Problem, not_found
from studio.api.routes.packs import Name, ReasonOut, pack_of
from studio.api.shapes import Asked, Given, Key, Number, Page, Person, page
from studio.packs import holders, queries, release_services, rollback, services
from studio.packs.models import ExportRun, Release

router = Router()


class FileOut(Schema):
    """A file of a release."""

    path: str
    sha256: str
    size: int


class ReleaseRow(Schema):
    """A release in a list. state: waiting, running, done, refused or failed."""

    id: int
    version: str
    state: str
    percent: int
    made_by: Person
    made_at: datetime
    yanked_at: datetime | None
    rolled_back_at: datetime | None


class ReleaseOut(ReleaseRow):
    """A release; its files are there once it is done. reasons: what changed in meaning since the one before."""

    changelog: str
    reasons: list[ReasonOut]
    version_reason: str
    yank_reason: str
    rollback_reason: str
    rolled_back_to: str | None
    trouble: str
    findings: list[dict[str, Any]]
    files: list[FileOut]

    @staticmethod
    def resolve_rolled_back_to(release: Release) -> str | None:
        return release.rolled_back_to.version if release.rolled_back_to else None

    @staticmethod
    def resolve_files(release: Release) -> list[dict[str, Any]]:
        return [{"path": path, **about} for path, about in release.files.items()]


class NewRelease(Given):
    """seen: the pack's version, as the proposal gives it. exception: why rules that nobody approved go out.
    version_reason: why the version is below the proposed one; required there."""

    version: Annotated[str, Field(min_length=1, max_length=60)]
    seen: Annotated[int, Field(ge=1, le=2**31 - 1)]
    changelog: Annotated[str, Field(max_length=20_000)] = ""
    exception: Annotated[str, Field(max_length=1000)] = ""
    version_reason: Annotated[str, Field(max_length=1000)] = ""


class Withdraw(Given):
    """Why the release is yanked, or the pack rolled back."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class PlaceOut(Schema):
    """A place that holds a release. kind: git, registry, delivery, channel or index; name: the branch, tag or channel;
    then: what a yank does there."""

    kind: str
    where: str
    name: str
    then: str


class DownloadOut(Schema):
    """Somebody who downloaded files of a release, as the audit log has it."""

    by: str
    files: list[str]
    last: datetime


class PlacesOut(Schema):
    """Everything that still holds a release."""

    places: list[PlaceOut]
    downloads: list[DownloadOut]


class FileAsked(Asked):
    """The path of a file, as the release lists it."""

    path: Annotated[str, Field(min_length=1, max_length=500)]


class NewExport(Given):
    """Numbers of drafts, and the shape of the file."""

    drafts: Annotated[list[Number], Field(min_length=1, max_length=services.MOST_RULES)]
    mode: Literal["overlay", "standalone"] = "overlay"


class ExportOut(Schema):
    """An export. state: waiting, running, done, refused or failed."""

    id: UUID
    state: str
    percent: int
    mode: str
    rules: list[str]
    findings: list[dict[str, Any]]
    trouble: str
    sha256: str
    size: int

    @staticmethod
    def resolve_rules(run: ExportRun) -> list[str]:
        return run.rule_names

    @staticmethod
    def resolve_sha256(run: ExportRun) -> str:
        return run.digest


@router.get("/packs/{name}/releases", auth=READ, response=Page[ReleaseRow])
def list_releases(request: TeamRequest, name: Name, asked: Query[Asked]) -> dict[str, Any]:
    """List the releases of a pack, the newest first."""
    return page(pack_of(request, name).releases.select_related("made_by").defer("members"), asked)


@router.post("/packs/{name}/releases", auth=RELEASE, response={201: ReleaseOut})
def release(request: TeamRequest, name: Name, data: NewRelease) -> Release:
    """Release a pack as it is now; the worker makes the files."""
    made = release_services.start(
        pack_of(request, name), request.user, data.seen, data.version, data.changelog, data.exception,
        version_reason=data.version_reason,
    )  # fmt: skip
    return _release(request, name, made.pk)


@router.get("/packs/{name}/releases/{pk}", auth=READ, response=ReleaseOut)
def read_release(request: TeamRequest, name: Name, pk: Key) -> Release:
    """Read a release: how far it is, and its files."""
    return _release(request, name, pk)


@router.get("/packs/{name}/releases/{pk}/file", auth=READ, response={200: None}, openapi_extra=FILE)
def download(request: TeamRequest, name: Name, pk: Key, asked: Query[FileAsked]) -> HttpResponse:
    """Take one file of a release; the journal says who did."""
    found = _release(request, name, pk)
    if found.state != Release.State.DONE or asked.path not in found.files:
        raise not_found("The release has no such file.")
    data = release_services.handed_over(found, asked.path, request.user)
    return _file(data, asked.path.rpartition("/")[2], found.files[asked.path]["sha256"])


@router.post("/packs/{name}/releases/{pk}/yank", auth=RELEASE, response=ReleaseOut)
def yank(request: TeamRequest, name: Name, pk: Key, data: Withdraw) -> Release:
    """Yank a release: nobody should install it any more, and channels, tags and branches return to the newest valid
    one. Read its places first."""
    return release_services.yank(_release(request, name, pk), request.user, data.reason)


@router.post("/packs/{name}/releases/{pk}/rollback", auth=RELEASE, response=ReleaseOut)
def roll_back(request: TeamRequest, name: Name, pk: Key, data: Withdraw) -> Release:
    """Roll back to a release: channels, tags and branches return to it until the next release."""
    rollback.roll_back(_release(request, name, pk), request.user, data.reason)
    return _release(request, name, pk)


@router.get("/packs/{name}/releases/{pk}/places", auth=RELEASE, response=PlacesOut)
def release_places(request: TeamRequest, name: Name, pk: Key) -> dict[str, Any]:
    """List every place that still holds a release, what a yank would do there, and who downloaded it."""
    found = _release(request, name, pk)
    return {"places": holders.of_release(found), "downloads": holders.downloads(found)}


@router.post("/packs/{name}/releases/{pk}/again", auth=RELEASE, response=ReleaseOut)
def again(request: TeamRequest, name: Name, pk: Key) -> Release:
    """Try a failed release once more."""
    return release_services.again(_release(request, name, pk), request.user)


@router.get("/exports", auth=READ, response=Page[ExportOut])
def list_exports(request: TeamRequest, asked: Query[Asked]) -> dict[str, Any]:
    """List exports, the newest first."""
    return page(queries.runs(request.team), asked)


@router.post("/exports", auth=WRITE, response={201: ExportOut})
def export(request: TeamRequest, data: NewExport) -> ExportRun:
    """Ask for a rules file of some drafts as they are now; the worker makes it."""
    drafts = queries.drafts_by_id(request.team, map(str, data.drafts))
    if len(drafts) != len(set(data.drafts)):
        raise not_found("Not all of these drafts exist in this team.")
    return queries.runs(request.team).get(pk=services.start(request.team, request.user, drafts, data.mode).pk)


@router.get("/exports/{pk}", auth=READ, response=ExportOut)
def read_export(request: TeamRequest, pk: UUID) -> ExportRun:
    """Read an export: how far it is, or why there is no file."""
    return queries.runs(request.team).get(pk=pk)


@router.get("/exports/{pk}/file", auth=READ, response={200: None}, openapi_extra=FILE)
def download_export(request: TeamRequest, pk: UUID) -> HttpResponse:
    """Take the file of an export; the journal says who did."""
    found = queries.runs(request.team).get(pk=pk)
    if found.state != ExportRun.State.DONE:
        raise Problem(409, f"The export is {found.get_state_display().lower()}; there is no file.")
    return _file(services.handed_over(found, request.user), found.filename, found.digest)


def _release(request: TeamRequest, name: str, pk: int) -> Release:
    found = Release.objects.select_related("pack__team", "made_by", "rolled_back_to")
    return found.get(pk=pk, pack=pack_of(request, name))


def _file(data: bytes, name: str, digest: str) -> HttpResponse:
    response = file(data, name)
    response["ETag"] = f'"{digest}"'
    return response
