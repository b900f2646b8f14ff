"""Roll back: a pack returns to an earlier release, in its channels and in every destination."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from studio.accounts.models import User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.packs import delivering, telling
from studio.packs.models import Pack, Release
from studio.packs.newest import Change


class CannotRollBackError(Exception):
    """The pack cannot return to this release; the message is for a person."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a rollback would do. leaves: the releases that stop being current, the newest first."""

    to: Release
    leaves: tuple[Release, ...]

    @property
    def possible(self) -> bool:
        """Whether there is anything to do."""
        return self.to.state == Release.State.DONE and not self.to.yanked_at and bool(self.leaves or self.is_return)

    @property
    def change(self) -> Change:
        """The same as `newest` takes it."""
        return Change(frozenset(one.pk for one in self.leaves), self.to)

    @property
    def is_return(self) -> bool:
        """Whether an earlier rollback left this release."""
        return self.to.rolled_back_at is not None


def plan(to: Release) -> Plan:
    """What a rollback to this release would do now: every newer release stops being current."""
    valid = Release.objects.light().out().filter(pack=to.pack_id).select_related("pack__team")
    newer = [one for one in valid if one.sort_key > to.sort_key]
    return Plan(to, tuple(sorted(newer, key=lambda one: one.sort_key, reverse=True)))


@transaction.atomic
def roll_back(to: Release, by: User, reason: str) -> Release:
    """Return to this release: channels, moving tags and branches follow. The next release supersedes the rollback.

    Raises CannotRollBackError.
    """
    require(by, to.pack.team, "maintainer")
    reason = reason.strip()[:1000]
    if not reason:
        raise CannotRollBackError("Enter a reason: it stays with the releases that you roll back.")
    Pack.objects.select_for_update().get(pk=to.pack_id)
    to.refresh_from_db(fields=["state", "yanked_at", "rolled_back_at"])
    planned = plan(to)
    if to.state != Release.State.DONE or to.yanked_at:
        raise CannotRollBackError("You can roll back only to a release that is ready and not yanked.")
    if not planned.possible:
        raise CannotRollBackError(f"{to.version} is the newest valid release already.")
    returns = planned.is_return
    _return_to(to, by)
    for one in planned.leaves:
        now = {"rolled_back_at": timezone.now(), "rolled_back_by": by, "rolled_back_to": to, "rollback_reason": reason}
        for name, value in now.items():
            setattr(one, name, value)
        one.save(update_fields=list(now))
        record(by, to.pack.team, "release.rolled_back", one, to=to.version, reason=reason)
    for one in planned.leaves:
        delivering.withdraw(one, by)
    if returns:
        delivering.begin(to, by)
    versions = [one.version for one in planned.leaves]
    record(by, to.pack.team, "pack.rolled_back", to, left=versions, reason=reason)
    telling.rolled_back(to, by, reason, versions)
    return to


def _return_to(to: Release, by: User) -> None:
    """The release is valid again, where an earlier rollback left it."""
    if to.rolled_back_at:
        to.rolled_back_at = to.rolled_back_by = to.rolled_back_to = None
        to.rollback_reason = ""
        to.save(update_fields=["rolled_back_at", "rolled_back_by", "rolled_back_to", "rollback_reason"])
        delivering.cancel_retractions(to, by)
