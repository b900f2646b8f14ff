"""Keep a view, and forget it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.saved.models import Place, SavedView

#: Views that one person keeps of one list.
MOST = 50


class CannotKeepError(Exception):
    """The view cannot be kept; the message says why."""


@transaction.atomic
def keep(team: Team, by: User, place: str, name: str, query: str, *, shared: bool) -> SavedView:
    """Keep what the list was asked for; a view of the same name is replaced. Raises CannotKeepError.

    The page number is no part of a view. A shared view needs an author.
    """
    require(by, team, "author" if shared else "viewer")
    said, asked = " ".join(name.split()), plain(query)
    if not said or len(said) > 60:
        raise CannotKeepError("Give the view a name of 60 characters at most.")
    if place not in Place.values or len(asked) > 600:
        raise CannotKeepError("This list's address is too long to keep. Shorten the search.")
    mine = SavedView.objects.filter(team=team, person=by, place=place)
    if mine.exclude(name=said).count() >= MOST:
        raise CannotKeepError(f"{MOST} views are kept of one list. Delete one first.")
    view, _ = mine.update_or_create(
        name=said, defaults={"query": asked, "shared": shared}, create_defaults=_row(team, by, place, asked, shared)
    )
    record(by, team, "view.kept", view, query=asked, shared=shared)
    return view


@transaction.atomic
def forget(view_id: int, team: Team, by: User) -> SavedView:
    """Delete a view of one's own; an administrator also one that the team shares. Raises SavedView.DoesNotExist."""
    view = SavedView.objects.select_for_update().get(pk=view_id, team=team)
    if view.person_id != by.pk:
        if not view.shared:
            raise SavedView.DoesNotExist
        require(by, team, "administrator")
    record(by, team, "view.forgotten", view)
    view.delete()
    return view


def plain(query: str) -> str:
    """The query string without empty parts and without a page."""
    pairs = parse_qsl(query.lstrip("?")[:2000], max_num_fields=40)
    return urlencode([(key, value) for key, value in pairs if value and key != "page"])


def _row(team: Team, by: User, place: str, query: str, shared: bool) -> dict[str, object]:
    return {"team": team, "person": by, "place": place, "query": query, "shared": shared}
