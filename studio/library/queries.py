"""Named reads of approved rules. A rule is known by its draft; what it says is its approved revision."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from studio.accounts.models import Team, User
from studio.review import queries as review
from studio.review.lifecycle import State
from studio.review.models import Revision

#: States of rules that the library holds.
SHELVED = (State.APPROVED, State.DEPRECATED)


def rules(team: Team) -> QuerySet[Revision]:
    """The approved revision of every rule of the team."""
    return review.revisions(team, State.APPROVED)


def shelf(team: Team) -> QuerySet[Revision]:
    """Every rule of the library, approved or deprecated, with `owner_id`: who looks after it."""
    found = review.revisions(team).filter(state__in=SHELVED).select_related("draft__ownership__owner", "draft__author")
    return found.annotate(owner_id=Coalesce(F("draft__ownership__owner"), F("draft__author")))


def rule(team: Team, draft: int) -> Revision:
    """One rule of the library. Raises Revision.DoesNotExist."""
    return shelf(team).get(draft=draft)


def history(rule: Revision) -> QuerySet[Revision]:
    """All revisions of the rule that were ever approved, the newest first."""
    return review.family(rule).filter(approved_at__isnull=False).prefetch_related("decisions__by")


def saying(found: QuerySet[Revision], text: str) -> QuerySet[Revision]:
    """Those that say every word of the text, anywhere in the rule: name, description, condition, output, tags."""
    for word in text.lower().split()[:8]:
        found = found.filter(terms__contains=word)
    return found


def named(team: Team, text: str) -> QuerySet[Revision, tuple[int, str]]:
    """(draft, name) of approved rules whose name says every word; an index holds all that this reads."""
    found = rules(team).select_related(None).prefetch_related(None).order_by("-handed_in_at")
    for word in text.split()[:8]:
        found = found.filter(name__icontains=word)
    return found.values_list("draft_id", "name")


def authors(team: Team) -> QuerySet[User]:
    """Who handed in one of the rules, by name."""
    return User.objects.filter(pk__in=_of(team).values("handed_in_by")).order_by("name", "pk")


def owners(team: Team) -> QuerySet[User]:
    """Who looks after one of the rules, by name."""
    return User.objects.filter(pk__in=shelf(team).order_by().values("owner_id")).order_by("name", "pk")


def fields_named(team: Team) -> list[str]:
    """The fields that the team's rules name, in alphabetical order."""
    found: set[str] = set()
    for terms in _of(team).values_list("terms", flat=True):
        found.update(mark[6:] for mark in terms.rsplit("\n", 1)[-1].split() if mark.startswith("field:"))
    return sorted(found)


def _of(team: Team) -> QuerySet[Revision]:
    return Revision.objects.filter(team=team, state__in=SHELVED).order_by()
