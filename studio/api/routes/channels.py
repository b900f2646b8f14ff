"""Ways out of a pack: links that hosts poll, destinations that releases are pushed to, and the keys that sign."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.urls import reverse
from ninja import Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, RELEASE
from studio.api.refusals import checked
from studio.api.routes.packs import Name, pack_of
from studio.api.shapes import Given, Key, Number, Person
from studio.packs import channels, delivering, signing
from studio.packs.delivery_forms import FORMS
from studio.packs.models import ChannelLink, Delivery, Destination, IndexLink, Pack, Placement, Release

router = Router()


class LinkOut(Schema):
    """A link under which hosts find the newest release. channel: stable, or candidate (pre-releases too)."""

    id: int
    label: str
    channel: str
    made_by: Person
    made_at: datetime
    last_used: datetime | None


class NewLink(Given):
    """For whom it is, and what it leads to."""

    label: Annotated[str, Field(min_length=1, max_length=80)]
    channel: Literal["stable", "candidate"] = "stable"


class MadeLink(Schema):
    """A new link. address: what hosts poll; FILE stands for the file. It is told this once."""

    link: LinkOut
    address: str


class IndexLinkOut(Schema):
    """A link under which falcoctl finds the index of all packs of the team."""

    id: int
    label: str
    made_by: Person
    made_at: datetime
    last_used: datetime | None


class NewIndexLink(Given):
    """For whom it is."""

    label: Annotated[str, Field(min_length=1, max_length=80)]


class MadeIndexLink(Schema):
    """A new link. address: for `falcoctl index add`. It is told this once."""

    link: IndexLinkOut
    address: str


class PlacementOut(Schema):
    """A branch or a tag, and the version that it holds. moving: whether later releases take it over."""

    name: str
    version: str
    moving: bool
    at: datetime

    @staticmethod
    def resolve_version(one: Placement) -> str:
        return one.release.version

    @staticmethod
    def resolve_moving(one: Placement) -> bool:
        return one.is_moving


class DestinationOut(Schema):
    """Where releases go: a git repository, or a repository of a registry. placements: what it holds now."""

    id: int
    kind: str
    label: str
    address: str
    channel: str
    automatic: bool
    branch: str
    own_branch: bool
    asks_merge: bool
    folder: str
    holds: str
    signed_off_by: str
    placements: list[PlacementOut]

    @staticmethod
    def resolve_placements(one: Destination) -> list[Placement]:
        return list(one.placements.select_related("release"))


class GivenDestination(Given):
    """What a destination is. Only addresses that whoever runs Mews allows are taken; the last six are for git."""

    kind: Literal["git", "registry"]
    label: Annotated[str, Field(min_length=1, max_length=80)]
    address: Annotated[str, Field(min_length=1, max_length=300)]
    channel: Literal["stable", "candidate"] = "stable"
    automatic: bool = True
    branch: Annotated[str, Field(max_length=100)] = "main"
    own_branch: bool = False
    asks_merge: bool = False
    folder: Annotated[str, Field(max_length=200)] = ""
    holds: Literal["rules", "all"] = "rules"
    signed_off_by: Annotated[str, Field(max_length=200)] = ""


class SentOut(Schema):
    """A release on its way to a destination. kind: push, or retract for a withdrawn release. state:
    waiting, running, done, failed, superseded (a newer release is there) or cancelled. outcome: what lies there now."""

    id: int
    destination: int
    kind: str
    state: str
    outcome: str
    trouble: str
    asked_at: datetime
    finished_at: datetime | None

    @staticmethod
    def resolve_destination(one: Delivery) -> int:
        return one.destination_id


class Where(Given):
    """The number of a destination."""

    destination: Number


class KeyOut(Schema):
    """The public half of a key that signs releases, or did. name: the beginning of the SHA-256 over its DER form."""

    name: str
    pem: str
    current: bool


@router.get("/packs/{name}/links", auth=RELEASE, response=list[LinkOut])
def list_links(request: TeamRequest, name: Name) -> list[ChannelLink]:
    """List a pack's links."""
    return list(pack_of(request, name).links.filter(revoked_at=None).select_related("made_by"))


@router.post("/packs/{name}/links", auth=RELEASE, response={201: MadeLink})
def make_link(request: TeamRequest, name: Name, data: NewLink) -> dict[str, Any]:
    """Make a link for hosts; its address is told this once."""
    link, token = channels.make(pack_of(request, name), request.user, data.label, data.channel)
    address = reverse("packs:poll", args=[token, "FILE"])
    return {"link": link, "address": f"{settings.PUBLIC_URL}{address}"}


@router.delete("/packs/{name}/links/{pk}", auth=RELEASE, response={204: None})
def revoke_link(request: TeamRequest, name: Name, pk: Key) -> None:
    """Make a link lead nowhere."""
    found = ChannelLink.objects.select_related("pack__team").get(pk=pk, pack=pack_of(request, name))
    channels.revoke(found, request.user)


@router.get("/index-links", auth=RELEASE, response=list[IndexLinkOut])
def list_index_links(request: TeamRequest) -> list[IndexLink]:
    """List the links to the index of all packs, as falcoctl adds it."""
    return list(request.team.index_links.filter(revoked_at=None).select_related("made_by"))


@router.post("/index-links", auth=RELEASE, response={201: MadeIndexLink})
def make_index_link(request: TeamRequest, data: NewIndexLink) -> dict[str, Any]:
    """Make a link to the index; its address is told this once."""
    link, token = channels.make_index(request.team, request.user, data.label)
    address = reverse("packs:poll", args=[token, channels.INDEX])
    return {"link": link, "address": f"{settings.PUBLIC_URL}{address}"}


@router.delete("/index-links/{pk}", auth=RELEASE, response={204: None})
def revoke_index_link(request: TeamRequest, pk: Key) -> None:
    """Make a link to the index lead nowhere."""
    channels.revoke(IndexLink.objects.select_related("team").get(pk=pk, team=request.team), request.user)


@router.get("/packs/{name}/destinations", auth=RELEASE, response=list[DestinationOut])
def list_destinations(request: TeamRequest, name: Name) -> list[Destination]:
    """List where releases of a pack go."""
    return list(pack_of(request, name).destinations.filter(removed_at=None))


@router.post("/packs/{name}/destinations", auth=RELEASE, response={201: DestinationOut})
def add_destination(request: TeamRequest, name: Name, data: GivenDestination) -> Destination:
    """Say where releases of a pack go."""
    pack = pack_of(request, name)
    return delivering.add(pack, request.user, kind=data.kind, **_fields(pack, data, None))


@router.put("/packs/{name}/destinations/{pk}", auth=RELEASE, response=DestinationOut)
def change_destination(request: TeamRequest, name: Name, pk: Key, data: GivenDestination) -> Destination:
    """Change what is said of a destination; its kind stays."""
    found = _destination(request, name, pk)
    fields = _fields(found.pack, data.model_copy(update={"kind": found.kind}), _destination(request, name, pk))
    return delivering.change(found, request.user, **fields)


@router.delete("/packs/{name}/destinations/{pk}", auth=RELEASE, response={204: None})
def remove_destination(request: TeamRequest, name: Name, pk: Key) -> None:
    """Let no release go there any more; what lies there stays."""
    delivering.remove(_destination(request, name, pk), request.user)


@router.get("/packs/{name}/releases/{pk}/deliveries", auth=READ, response=list[SentOut])
def list_deliveries(request: TeamRequest, name: Name, pk: Key) -> list[Delivery]:
    """Say how a release fares on its ways."""
    return list(_release(request, name, pk).deliveries.all())


@router.post("/packs/{name}/releases/{pk}/deliveries", auth=RELEASE, response={201: SentOut})
def deliver(request: TeamRequest, name: Name, pk: Key, data: Where) -> Delivery:
    """Send a release to a destination, or try again; a release that was yanked or rolled back is retracted again."""
    destination = _destination(request, name, data.destination)
    return delivering.deliver(_release(request, name, pk), destination, request.user)


@router.get("/signing-keys", auth=READ, response=list[KeyOut])
def list_signing_keys(request: TeamRequest) -> list[signing.PublicKey]:
    """List the public keys that releases are and were signed with, the present one first."""
    return signing.public_keys()


def _release(request: TeamRequest, name: str, pk: int) -> Release:
    return Release.objects.select_related("pack__team", "made_by").get(pk=pk, pack=pack_of(request, name))


def _destination(request: TeamRequest, name: str, pk: int) -> Destination:
    found = Destination.objects.select_related("pack__team")
    return found.get(pk=pk, removed_at=None, pack=pack_of(request, name))


def _fields(pack: Pack, data: GivenDestination, instance: Destination | None) -> dict[str, Any]:
    form = FORMS[data.kind](data.model_dump(exclude={"kind"}), pack=pack, instance=instance)
    checked(form)
    fields: dict[str, Any] = form.cleaned_data
    return fields
