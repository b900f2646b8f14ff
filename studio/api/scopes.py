"""What a token may be used for: one small table. The person's role holds all the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from studio.accounts.roles import Role


class Scope(StrEnum):
    """A part of the interface."""

    READ = "read"
    WRITE = "write"
    REVIEW = "review"
    RELEASE = "release"
    JOURNAL = "journal"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class About:
    """A scope in words, and the least role with which it is of use."""

    label: str
    says: str
    role: Role


SCOPES: Mapping[Scope, About] = {
    Scope.READ: About("Read", "Read everything of the team, check rules and try them on events", Role.VIEWER),
    Scope.WRITE: About(
        "Write",
        "Write drafts, behaviours, macros, lists and packs; import, hand in, comment, ask for files",
        Role.AUTHOR,
    ),
    Scope.REVIEW: About("Review", "Approve rules and behaviours, or request changes", Role.REVIEWER),
    Scope.RELEASE: About(
        "Release", "Release packs and say where they go, deprecate rules, choose which advice is given", Role.MAINTAINER
    ),
    Scope.JOURNAL: About("Journal", "Read the journal; export it, as an administrator", Role.MAINTAINER),
    Scope.ADMINISTER: About(
        "Administer", "Invite people, change roles and the team's settings, set up webhooks", Role.ADMINISTRATOR
    ),
}


def within(role: Role) -> list[Scope]:
    """The scopes that are of use to somebody with this role."""
    return [scope for scope, about in SCOPES.items() if role.includes(about.role)]
