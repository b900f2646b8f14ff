"""manifest.json: every rule of a bundle with where it comes from; SHA256SUMS: every file with its digest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from rules_export.archives.packing import Entry
from rules_export.artifacts.canonical import pretty_json
from rules_export.artifacts.pack import Member, Pack
from rules_export.write.bundle import Bundle

FORMAT = 1
SUMS = "SHA256SUMS"
SIGNATURE = "SHA256SUMS.sig"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def manifest(pack: Pack, bundle: Bundle, omitted: Mapping[str, str]) -> bytes:
    """The manifest as JSON. omitted: files that this pack cannot have, with the reason."""
    whole: dict[str, Any] = {
        "format": FORMAT,
        "name": pack.name,
        "title": pack.title,
        "version": pack.version,
        "description": pack.description,
        "mode": bundle.mode,
        "made_by": pack.made_by,
        "required_engine_version": bundle.required_engine_version,
        "required_plugin_versions": [
            {"name": one.name, "version": one.version} for one in bundle.required_plugin_versions
        ],
        "expects": list(bundle.assumed),
        "reasons": list(dict.fromkeys(one.reason for one in bundle.reasons)),
        "rules": [
            {
                "name": one.rule.name,
                "revision": one.revision,
                "sha256": one.digest,
                **_review(one),
                "approvers": list(one.approvers),
                "techniques": list(one.techniques),
                "priority": one.rule.priority,
                "enabled": one.rule.enabled,
            }
            for one in pack.members
        ],
        "omitted": dict(sorted(omitted.items())),
    }
    return pretty_json(whole)


def _review(member: Member) -> dict[str, Any]:
    """What was reviewed, who approved it and when, or why it is released without. What is not known is left out, so
    that a release from before has the same bytes as ever."""
    found: dict[str, Any] = {}
    if member.content_hash:
        found["content_hash"] = member.content_hash
    if member.approvals:
        found["approvals"] = [{"account": one.account, "at": one.at} for one in member.approvals]
    if member.exception:
        found["exception"] = member.exception
    return found


def sums(entries: Iterable[Entry]) -> bytes:
    """What sha256sum would print for the files, by path."""
    found = sorted(entries, key=lambda entry: entry.path)
    return "".join(f"{entry.sha256}  {entry.path}\n" for entry in found).encode()


def read_sums(text: str) -> dict[str, str]:
    """Path → digest. Raises ValueError, with the line's number, for a line of another form or a path named twice."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line)
        if not match or match[2] in found:
            raise ValueError(f"line {number} of {SUMS} is not a digest and a path of its own")
        found[match[2]] = match[1]
    return found
