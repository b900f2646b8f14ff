"""Exports of single files, packs of rules, and their releases."""

from studio.packs.models.channel import ChannelLink, IndexLink
from studio.packs.models.delivery import Delivery, Destination, Placement
from studio.packs.models.export import ExportRun
from studio.packs.models.pack import Pack, PackMember
from studio.packs.models.preview import PackPreview
from studio.packs.models.release import FrozenReleaseError, Release
from studio.packs.models.released import ReleasedRule

__all__ = [
    "ChannelLink", "Delivery", "Destination", "ExportRun", "FrozenReleaseError", "IndexLink", "Pack",
    "PackMember", "PackPreview", "Placement", "Release", "ReleasedRule",
]  # fmt: skip
