"""The verbs on channel links, and what a host finds under one."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from rules_export.emit.oci import tags
from studio.accounts.models import User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.packs.models import ChannelLink, Pack, Release

#: Links that a pack may have at a time.
MOST_LINKS = 50
#: How exactly the last use is kept: hosts poll, and a write for each poll would be too much.
USE_KEPT = timedelta(minutes=5)
#: Names that stay the same from version to version → the ending of the file that they stand for.
ALIASES = {"bundle.zip": ".zip", "bundle.tar.gz": ".tar.gz", "image.tar": ".tar"}
#: What falcoctl asks for: `falcoctl index add NAME ADDRESS`.
INDEX = "index.yaml"


class TooManyLinksError(Exception):
    """The pack has as many links as it may have."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the latest release: its digest, its name for whoever saves it, and of which version it is."""

    digest: str
    name: str
    version: str


@transaction.atomic
def make(pack: Pack, by: User, label: str, channel: str) -> tuple[ChannelLink, str]:
    """A link and its secret, which nobody can read again. Raises TooManyLinksError."""
    require(by, pack.team, "maintainer")
    if pack.links.filter(revoked_at=None).count() >= MOST_LINKS:
        raise TooManyLinksError(f"A pack has at most {MOST_LINKS} links. Revoke one that is not used.")
    token = secrets.token_urlsafe(32)
    link = ChannelLink.objects.create(
        pack=pack, label=label, channel=ChannelLink.Channel(channel), token_hash=_hashed(token), made_by=by
    )
    record(by, pack.team, "channel.made", link, label=label, channel=channel)
    return link, token


@transaction.atomic
def revoke(link: ChannelLink, by: User) -> None:
    """From now on the link leads nowhere. Revoking again changes nothing."""
    require(by, link.pack.team, "maintainer")
    if ChannelLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(by, link.pack.team, "channel.revoked", link, label=link.label)


def find(token: str, file: str) -> Found | None:
    """The file of the latest release of the link's channel; None for links and files that are not there."""
    link = ChannelLink.objects.select_related("pack").filter(token_hash=_hashed(token), revoked_at=None).first()
    release = latest(link.pack, link.channel) if link else None
    if link is None or release is None:
        return None
    _used(link)
    path = _path(release, file)
    if path not in release.files:
        return None
    return Found(release.files[path]["sha256"], path.rpartition("/")[2], release.version)


def latest(pack: Pack, channel: str) -> Release | None:
    """The highest version that is ready and not yanked; pre-releases count for candidates only."""
    allowed = [one for one in _out(pack) if channel == ChannelLink.Channel.CANDIDATE or not one.is_candidate]
    return max(allowed, key=lambda one: one.sort_key, default=None)


def floating_tags(release: Release) -> tuple[str, ...]:
    """Names of the release's image: its version, and x.y, x, latest where no newer release of that line is out."""
    newer = [one for one in _out(release.pack) if one.sort_key > release.sort_key and not one.is_candidate]
    taken = {tag for one in newer for tag in tags(one.version)}
    return tuple(tag for tag in tags(release.version) if tag not in taken or tag == release.version)


def _out(pack: Pack) -> list[Release]:
    return list(pack.releases.light().filter(state=Release.State.DONE, yanked_at=None).select_related("pack"))


def _path(release: Release, file: str) -> str:
    name = f"{release.pack.name}-{release.version}"
    if file in ALIASES:
        return f"{'oci/' if file == 'image.tar' else ''}{name}{ALIASES[file]}"
    return f"oci/{INDEX}" if file == INDEX else file


def _used(link: ChannelLink) -> None:
    now = timezone.now()
    old = Q(last_used=None) | Q(last_used__lt=now - USE_KEPT)
    ChannelLink.objects.filter(old, pk=link.pk).update(last_used=now)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
