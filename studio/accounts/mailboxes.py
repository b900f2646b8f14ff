"""Accounts that share a mailbox belong to one person, who must not approve their own work under another account."""

from __future__ import annotations

from collections.abc import Collection

from studio.accounts.models import Team, User


def mailbox(person: User) -> str:
    """Where the person's email arrives: ada@… and ada+admin@… are one mailbox."""
    name, _, host = person.email.lower().rpartition("@")
    return f"{name.split('+')[0]}@{host}"


def with_other_accounts(team: Team, people: Collection[int]) -> set[int]:
    """The keys of these people, and of the team's members who share a mailbox with one of them."""
    boxes = {mailbox(one) for one in User.objects.filter(pk__in=people)}
    return {*people, *(one.pk for one in User.objects.filter(teams=team) if mailbox(one) in boxes)}
