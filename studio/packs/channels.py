"""The verbs on channel links, and what a host finds under one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.failures import optional_write
from studio.packs import recovery
from studio.packs.models import ChannelLink, IndexLink, Pack, Release
from studio.packs.newest import latest

#: Links that a pack, or a team's index, may have at a time.
MOST_LINKS = 50
#: How exactly the last use is kept: hosts poll, and a write for each poll would be too much.
USE_KEPT = timedelta(minutes=5)
#: Names that stay the same from version to version → the ending of the file that they stand for.
ALIASES = {"bundle.zip": ".zip", "bundle.tar.gz": ".tar.gz", "image.tar": ".tar"}
#: What falcoctl asks for: `falcoctl index add NAME ADDRESS`.
INDEX = "index.yaml"


class TooManyLinksError(Exception):
    """There are as many links as there may be."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the latest release: its digest, its name for whoever saves it, and of which version it is. read: gives
    the bytes; raises FileGoneError."""

    digest: str
    name: str
    read: Callable[[], bytes]
    version: str = ""


@transaction.atomic
def make(pack: Pack, by: User, label: str, channel: str) -> tuple[ChannelLink, str]:
    """A link and its secret, which nobody can read again. Raises TooManyLinksError."""
    require(by, pack.team, "maintainer")
    token = _token(pack.links.filter(revoked_at=None).count(), "A pack")
    link = ChannelLink.objects.create(
        pack=pack, label=label, channel=ChannelLink.Channel(channel), token_hash=_hashed(token), made_by=by
    )
    record(by, pack.team, "channel.made", link, label=label, channel=channel)
    return link, token


@transaction.atomic
def make_index(team: Team, by: User, label: str) -> tuple[IndexLink, str]:
    """A link to the team's index, and its secret. Raises TooManyLinksError."""
    require(by, team, "maintainer")
    token = _token(team.index_links.filter(revoked_at=None).count(), "A team")
    link = IndexLink.objects.create(team=team, label=label, token_hash=_hashed(token), made_by=by)
    record(by, team, "index.made", link, label=label)
    return link, token


@transaction.atomic
def revoke(link: ChannelLink | IndexLink, by: User) -> None:
    """From now on the link leads nowhere. Revoking again changes nothing."""
    require(by, link.team, "maintainer")
    if type(link).objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        verb = "channel.revoked" if isinstance(link, ChannelLink) else "index.revoked"
        record(by, link.team, verb, link, label=link.label)


def find(token: str, file: str) -> Found | None:
    """The file of the latest release of the link's channel, or the index; None for what is not there.

    Raises FileGoneError for an index that can't be put together.
    """
    link = ChannelLink.objects.select_related("pack").filter(token_hash=_hashed(token), revoked_at=None).first()
    if link is None:
        return _index(token) if file == INDEX else None
    release = latest(link.pack, link.channel)
    if release is None:
        return None
    _used(link)
    path = _path(release, file)
    if path not in release.files:
        return None
    read = partial(recovery.release_file, release, path)
    return Found(release.files[path]["sha256"], path.rpartition("/")[2], read, release.version)


def published(team: Team) -> list[tuple[Pack, Release | None]]:
    """The team's packs by name, each with the release that the index tells of; None where it tells of none."""
    found = []
    for pack in team.packs.order_by("name"):
        release = latest(pack, ChannelLink.Channel.STABLE)
        found.append((pack, release if release and f"oci/{INDEX}" in release.files else None))
    return found


def _index(token: str) -> Found | None:
    link = IndexLink.objects.select_related("team").filter(token_hash=_hashed(token), revoked_at=None).first()
    if link is None:
        return None
    _used(link)
    releases = [release for _, release in published(link.team) if release]
    data = b"".join(recovery.release_file(release, f"oci/{INDEX}") for release in releases) or b"[]\n"
    return Found(hashlib.sha256(data).hexdigest(), INDEX, lambda: data)


def _path(release: Release, file: str) -> str:
    name = f"{release.pack.name}-{release.version}"
    if file in ALIASES:
        return f"{'oci/' if file == 'image.tar' else ''}{name}{ALIASES[file]}"
    return f"oci/{INDEX}" if file == INDEX else file


def _token(made: int, whose: str) -> str:
    if made >= MOST_LINKS:
        raise TooManyLinksError(f"{whose} has at most {MOST_LINKS} links. Revoke one that is not used.")
    return secrets.token_urlsafe(32)


def _used(link: ChannelLink | IndexLink) -> None:
    now = timezone.now()
    old = Q(last_used=None) | Q(last_used__lt=now - USE_KEPT)
    with optional_write("link used"):
        type(link).objects.filter(old, pk=link.pk).update(last_used=now)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
