"""Named reads of approved rules. A rule is known by its draft; what it says is its approved revision."""

from __future__ import annotations

import re
from functools import lru_cache

from django.db.models import Q, QuerySet

from studio.accounts.models import Team
from studio.review import queries as review
from studio.review import terms
from studio.review.lifecycle import State
from studio.review.models import Revision, RuleTerms

#: States of rules that the library holds.
SHELVED = (State.APPROVED, State.DEPRECATED)


def rules(team: Team) -> QuerySet[Revision]:
    """The approved revision of every rule of the team."""
    return review.revisions(team, State.APPROVED)


def shelf(team: Team) -> QuerySet[Revision]:
    """Every rule of the library, approved or deprecated."""
    found = review.revisions(team).filter(state__in=SHELVED)
    return found.select_related("draft__ownership__owner", "draft__author")


def owned_by(found: QuerySet[Revision], person: int) -> QuerySet[Revision]:
    """Those that this person looks after: the named owner, else the draft's author."""
    return found.filter(Q(draft__ownership__owner=person) | Q(draft__ownership=None, draft__author=person))


def rule(team: Team, draft: int) -> Revision:
    """One rule of the library. Raises Revision.DoesNotExist."""
    return shelf(team).get(draft=draft)


def history(rule: Revision) -> QuerySet[Revision]:
    """All revisions of the rule that were ever approved, the newest first."""
    return review.family(rule).filter(approved_at__isnull=False).prefetch_related("decisions__by")


def saying(found: QuerySet[Revision], text: str) -> QuerySet[Revision]:
    """Those that say every word of the text, anywhere in the rule: name, description, condition, output, tags.

    A word that is also the beginning of a mark, such as "field", has to stand before the marks, the last line.
    """
    for word in text.lower().split()[:8]:
        if any(word in f"{kind}:" for kind in terms.KINDS):
            found = found.filter(terms__text__regex=f"{re.escape(word)}[^\x01]*\n")
        else:
            found = found.filter(terms__text__contains=word)
    return found


def named(team: Team, text: str) -> QuerySet[Revision, tuple[int, str]]:
    """(draft, name) of approved rules whose name says every word; an index holds all that this reads."""
    found = rules(team).select_related(None).prefetch_related(None).order_by("-handed_in_at")
    for word in text.split()[:8]:
        found = found.filter(name__icontains=word)
    return found.values_list("draft_id", "name")


def fields_named(team: Team) -> tuple[str, ...]:
    """The fields that the team's rules name, in alphabetical order."""
    newest = Revision.objects.filter(team=team).order_by("-pk").values_list("pk", flat=True).first()
    return _fields_named(team.pk, newest or 0)


@lru_cache(maxsize=64)
def _fields_named(team: int, newest: int) -> tuple[str, ...]:
    """As long as the team's newest revision is this one."""
    found: set[str] = set()
    for text in RuleTerms.objects.filter(revision__team=team).values_list("text", flat=True).iterator():
        found.update(mark[6:] for mark in text.rsplit("\n", 1)[-1].split() if mark.startswith("field:"))
    return tuple(sorted(found))
