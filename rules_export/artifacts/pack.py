"""A release of a rule pack as a value: what the files of a bundle are written from, with no clock in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules_export.archives.packing import sha256
from rules_export.artifacts.navigator import techniques_of
from rules_export.ruleset.model import Rule
from rules_export.write.rule_yaml import to_yaml


@dataclass(frozen=True, slots=True)
class Example:
    """A sample event by its fields (Falco's names to values), and whether the rule has to fire on it."""

    name: str
    fields: Mapping[str, object] = field(hash=False)
    fires: bool = True


@dataclass(frozen=True, slots=True)
class Approval:
    """One approval: the number of the reviewer's account, and when in UTC (2026-05-01T10:00:00Z)."""

    account: int
    at: str


@dataclass(frozen=True, slots=True)
class Member:
    """A rule of the pack. revision: the number of what was handed in, 0 for a draft; approvers: names of people;
    emulation: harmless shell commands, one after the other, that make the rule fire.

    content_hash: what the reviewers of the revision saw, "" for a draft; approvals: of that revision; exception: why
    the rule is released without an approval.
    """

    rule: Rule
    revision: int = 0
    approvers: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    emulation: tuple[str, ...] = ()
    content_hash: str = ""
    approvals: tuple[Approval, ...] = ()
    exception: str = ""

    @property
    def techniques(self) -> tuple[str, ...]:
        """ATT&CK identifiers among its tags."""
        return techniques_of(self.rule.tags)

    @property
    def digest(self) -> str:
        """SHA-256 of the rule as it stands in a rules file."""
        return sha256(to_yaml([self.rule]).encode())


@dataclass(frozen=True, slots=True)
class Pack:
    """A release. name: as falcoctl takes it (acme-recovery); title: for people; changelog: Markdown.

    registry, repository: where the image is published, "" where it is not. released_at: the time of the release, as
    RFC 3339 has it. home: the address of the Mews that made it, page: the release's page there. license: an SPDX
    expression; documentation, source: addresses. All of these may be "".
    """

    name: str
    title: str
    version: str
    members: tuple[Member, ...]
    description: str = ""
    changelog: str = ""
    made_by: str = "Mews"
    registry: str = ""
    repository: str = ""
    attack_version: str = "18"
    maintainers: tuple[tuple[str, str], ...] = ()
    released_at: str = ""
    vendor: str = ""
    authors: str = ""
    license: str = ""
    home: str = ""
    page: str = ""
    documentation: str = ""
    source: str = ""

    @property
    def full_name(self) -> str:
        """Name and version, as its files are named."""
        return f"{self.name}-{self.version}"
