"""Packs: which rules leave the studio together."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Path, Query, Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, WRITE
from studio.api.problems import not_found
from studio.api.refusals import checked
from studio.api.shapes import Asked, Given, Key, Number, Page, Person, Version, page
from studio.packs import approving, pack_services, queries
from studio.packs.models import Pack
from studio.packs.pack_forms import PackForm
from studio.packs.pack_views import latest
from studio.packs.previewing import propose
from studio.packs.proposing import LEVELS

router = Router()

Name = Annotated[str, Path(min_length=1, max_length=63)]


class PackOut(Schema):
    """A pack. by_query: its rules are found by the query, anew at every release. latest: the newest version."""

    name: str
    title: str
    description: str
    mode: str
    target: str
    published_at: str
    license: str
    documentation: str
    source: str
    by_query: bool
    query_technique: str
    query_tag: str
    query_maturity: str
    query_state: str
    version: int
    owner: Person
    latest: str | None

    @staticmethod
    def resolve_latest(pack: Pack) -> str | None:
        newest = latest(pack)
        return newest.version if newest else None


class PackChange(Given):
    """What a pack says of itself."""

    title: Annotated[str, Field(min_length=1, max_length=120)]
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,61}[a-z0-9]$")]
    description: Annotated[str, Field(max_length=2000)] = ""
    mode: Literal["overlay", "standalone"] = "overlay"
    target: Annotated[str, Field(max_length=8, description="The oldest Falco that has to load it, such as 0.45.")] = ""
    published_at: Annotated[str, Field(max_length=200)] = ""
    license: Annotated[str, Field(max_length=100, description="An SPDX expression, such as Apache-2.0.")] = ""
    documentation: Annotated[str, Field(max_length=300)] = ""
    source: Annotated[str, Field(max_length=300)] = ""
    by_query: bool = False
    query_technique: Annotated[str, Field(max_length=16)] = ""
    query_tag: Annotated[str, Field(max_length=100)] = ""
    query_maturity: Literal["", "stable", "incubating", "sandbox"] = ""
    query_state: Literal["", "approved", "in_review"] = ""


class PackSettings(PackChange):
    """All of it, and the version that you have seen."""

    version: Version


class Members(Given):
    """Numbers of drafts."""

    drafts: Annotated[list[Number], Field(min_length=1, max_length=1000)]


class MemberChange(Given):
    """How a pack carries a rule. place: from 1; switch and priority: empty for as written. version: of the pack."""

    version: Version
    place: Annotated[int, Field(ge=1, le=10_000)]
    switch: Literal["", "on", "off"] = ""
    priority: Literal["", "EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFORMATIONAL", "DEBUG"] = ""


class MemberOut(Schema):
    """A rule of the pack. standing: approved, in_review or draft."""

    draft: int
    name: str
    standing: str


class ConflictOut(Schema):
    """What stands in the way of a release (error), or is worth a word."""

    code: str
    severity: str
    rule: str
    message: str


class ReasonOut(Schema):
    """Why the version rises: major, minor, patch or none."""

    level: str
    item: str
    says: str


class ProposalOut(Schema):
    """The release that could be made now. seen: send it with the release. needs: the oldest Falco that loads it.

    refusal: why you can't release it because of rules that nobody has approved, whatever reason you give.
    """

    seen: int
    refusal: str
    version: str
    needs: str
    changelog: str
    members: list[MemberOut]
    conflicts: list[ConflictOut]
    reasons: list[ReasonOut]


@router.get("/packs", auth=READ, response=Page[PackOut])
def list_packs(request: TeamRequest, asked: Query[Asked]) -> dict[str, Any]:
    """List the team's packs."""
    return page(queries.packs_saying(request.team, "").select_related("owner"), asked)


@router.post("/packs", auth=WRITE, response={201: PackOut})
def create_pack(request: TeamRequest, data: PackChange) -> Pack:
    """Make a pack without rules."""
    return pack_services.create(request.team, request.user, **_fields(request, data, None))


@router.get("/packs/{name}", auth=READ, response=PackOut)
def read_pack(request: TeamRequest, name: Name) -> Pack:
    """Read what a pack says of itself."""
    return pack_of(request, name)


@router.put("/packs/{name}", auth=WRITE, response=PackOut)
def change_pack(request: TeamRequest, name: Name, data: PackSettings) -> Pack:
    """Change what a pack says of itself."""
    fields = _fields(request, data, pack_of(request, name))
    return pack_services.change(pack_of(request, name), request.user, data.version, **fields)


@router.post("/packs/{name}/rules", auth=WRITE, response=ProposalOut)
def add_rules(request: TeamRequest, name: Name, data: Members) -> dict[str, Any]:
    """Add rules to a pack; those that are in it already stay where they are."""
    found = pack_of(request, name)
    pack_services.add(found, request.user, data.drafts)
    return _proposal(request, pack_of(request, name))


@router.put("/packs/{name}/rules/{draft}", auth=WRITE, response=PackOut)
def arrange_rule(request: TeamRequest, name: Name, draft: Key, data: MemberChange) -> Pack:
    """Say at which place, whether switched on and with which priority a pack carries a rule."""
    found = pack_of(request, name)
    if not found.members.filter(draft=draft).exists():
        raise not_found("The pack has no such rule.")
    row = {"draft": draft, "place": data.place, "switch": data.switch, "priority": data.priority}
    pack_services.arrange(found, request.user, data.version, [row])
    return pack_of(request, name)


@router.delete("/packs/{name}/rules/{draft}", auth=WRITE, response={204: None})
def remove_rule(request: TeamRequest, name: Name, draft: Key) -> None:
    """Take a rule out of a pack."""
    found = pack_of(request, name)
    pack_services.arrange(found, request.user, found.version, [], [draft])


@router.get("/packs/{name}/proposal", auth=READ, response=ProposalOut)
def proposal(request: TeamRequest, name: Name) -> dict[str, Any]:
    """Say what a release would be now: its rules, what stands in the way, the version and why."""
    return _proposal(request, pack_of(request, name))


def pack_of(request: TeamRequest, name: str) -> Pack:
    """The team's pack. Raises Pack.DoesNotExist."""
    return Pack.objects.select_related("owner", "team").get(team=request.team, name=name)


def _fields(request: TeamRequest, data: PackChange, pack: Pack | None) -> dict[str, Any]:
    given = data.model_dump(exclude={"version"}) | {"by_query": "yes" if data.by_query else ""}
    if not given["target"]:
        given["target"] = pack.target if pack else Pack._meta.get_field("target").default
    form = PackForm(given, team=request.team, instance=pack)
    checked(form)
    fields: dict[str, Any] = form.cleaned_data
    return fields


def _proposal(request: TeamRequest, pack: Pack) -> dict[str, Any]:
    found = propose(pack)
    return {
        "refusal": approving.refusal(pack.team, request.user, found.unapproved),
        "seen": pack.version, "version": found.version, "needs": found.needs, "changelog": found.changelog,
        "members": found.members, "conflicts": found.conflicts,
        "reasons": [{"level": LEVELS[one.level], "item": one.item, "says": one.says} for one in found.reasons],
    }  # fmt: skip
