"""The queues of reviews: who waits for whom, what was decided lately; search and state on top, all in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from studio.accounts.models import Team, User
from studio.accounts.permissions import allows
from studio.authoring.models import Draft
from studio.review import decisions, queries
from studio.review.lifecycle import OPEN, State
from studio.review.models import Decision, Revision, Verdict
from studio.review.permissions import NEEDS

#: View → its words.
VIEWS: Mapping[str, str] = {
    "mine": "Waiting for me",
    "others": "Waiting for others",
    "own": "My revisions",
    "decided": "Recently decided",
    "all": "All",
}

#: A decision is recent for so long.
RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; unknown values count as absent. `by`, `reviewer`: keys of people as text."""

    view: str = "mine"
    text: str = ""
    state: str = ""
    by: str = ""
    reviewer: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """From a request's GET."""
        view, state = query.get("view", "mine"), query.get("state", "")
        text = query.get("q", "").replace("\x00", "")[:200].strip()
        by, reviewer = (_key(query.get(word, "")) for word in ("by", "reviewer"))
        return cls(view if view in VIEWS else "mine", text, state if state in State.values else "", by, reviewer)

    @property
    def filtered(self) -> bool:
        """Whether a view is asked for less than it holds."""
        return bool(self.text or self.state or self.by or self.reviewer)

    def address(self, **changes: str) -> str:
        """The query string with changes; what is at its default stays out."""
        mine = {"view": self.view, "q": self.text, "state": self.state, "by": self.by, "reviewer": self.reviewer}
        asked = mine | changes
        return (
            f"?{urlencode({key: value for key, value in asked.items() if value and (key, value) != ('view', 'mine')})}"
        )


@dataclass(frozen=True, slots=True)
class Chip:
    """A link with its count."""

    label: str
    url: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Queues:
    """The team's revisions as one person sees them."""

    team: Team
    person: User

    def view(self, name: str) -> QuerySet[Revision]:
        """The revisions of one view; open ones with the longest wait first, others with the newest."""
        found = queries.revisions(self.team).order_by("-handed_in_at", "-pk")
        if name == "mine":
            return found.filter(self._waits_for_me()).order_by("handed_in_at", "pk")
        if name == "others":
            return found.filter(state__in=OPEN).exclude(self._waits_for_me()).order_by("handed_in_at", "pk")
        if name == "own":
            return found.filter(handed_in_by=self.person)
        if name == "decided":
            recent = found.filter(closed_at__gte=timezone.now() - RECENT, decisions__isnull=False)
            return recent.distinct().order_by("-closed_at", "-pk")
        return found

    def rows(self, asked: Asked) -> QuerySet[Revision]:
        """What the address asks for."""
        found = self._matching(asked)
        found = found.filter(state=asked.state) if asked.state else found
        given = Decision.objects.filter(verdict=Verdict.APPROVE)
        lapsed = given.filter(decisions.lapsed(self.team), revision__state=State.IN_REVIEW)
        count = Count("decisions", filter=Q(decisions__in=given) & ~Q(decisions__in=lapsed), distinct=True)
        return found.annotate(given=count).prefetch_related("reviewers")

    def tabs(self, asked: Asked) -> list[Chip]:
        """The person's drafts, then the views, with their counts."""
        drafts = Draft.objects.filter(team=self.team, author=self.person, deleted_at=None).count()
        own = [Chip("My drafts", f"{reverse('authoring:list')}?state=mine", drafts, False)] if drafts else []
        return own + [
            Chip(words, Asked(view=name).address(), self.view(name).count(), name == asked.view)
            for name, words in VIEWS.items()
        ]

    def states(self, asked: Asked) -> list[Chip]:
        """A chip for every state in the view, where there are several."""
        found = self._matching(asked)
        counted = [(state, found.filter(state=state).count()) for state in State]
        chips = [
            Chip(state.label, asked.address(state="" if state == asked.state else state), count, state == asked.state)
            for state, count in counted
            if count or state == asked.state
        ]
        return chips if len(chips) > 1 or asked.state else []

    def _matching(self, asked: Asked) -> QuerySet[Revision]:
        found = self.view(asked.view)
        for word in asked.text.split()[:8]:
            found = found.filter(
                Q(name__icontains=word) | Q(draft__techniques__icontains=word) | Q(handed_in_by__name__icontains=word)
            )
        found = found.filter(handed_in_by=int(asked.by)) if asked.by else found
        return found.filter(reviewers=int(asked.reviewer)) if asked.reviewer else found

    def _waits_for_me(self) -> Q:
        """Mine to decide about, or mine and sent back."""
        back = Q(state=State.CHANGES_REQUESTED, handed_in_by=self.person)
        if not allows(self.person, self.team, NEEDS["decide"]):
            return back
        involved = Revision.contributors.through.objects.filter(user=self.person).values("revision")
        done = Decision.objects.filter(by=self.person, verdict=Verdict.APPROVE).values("revision")
        asked = Revision.reviewers.through.objects.all()
        mine = ~Q(pk__in=asked.values("revision")) | Q(pk__in=asked.filter(user=self.person).values("revision"))
        return back | Q(state=State.IN_REVIEW) & ~Q(pk__in=involved) & ~Q(pk__in=done) & mine


def _key(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 18 else ""
