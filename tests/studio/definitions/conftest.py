"""The author's desk, with ways to write macros and lists."""

import pytest

from studio.definitions import queries, services
from studio.definitions.services import Seen
from studio.definitions.values import LIST, MACRO, Own, Term
from tests.studio.review.conftest import catalogue, desk, draft, house

__all__ = ["catalogue", "desk", "draft", "house"]


class Shelf:
    """The team's macros and lists, written by Ada unless somebody else is named."""

    def __init__(self, people):
        self.people, self.team = people, people.team

    def macro(self, name, condition, description="", by=None):
        return services.create(self.team, by or self.people.ada, Term(MACRO, name, condition, (), description))

    def list(self, name, *items, by=None):
        return services.create(self.team, by or self.people.ada, Term(LIST, name, "", tuple(items)))

    def write(self, found, by=None, version=None, **changes):
        """Change some parts of what it says."""
        now = queries.definition(self.team, found.pk)
        told = {"condition": now.condition, "items": tuple(now.items), "description": now.description, "name": now.name}
        seen = Seen(by or self.people.ada, self.team, version or now.version)
        return services.change(found.pk, seen, Term(now.kind, **(told | changes)))

    @property
    def own(self) -> Own:
        return queries.own(self.team.pk)


@pytest.fixture
def shelf(people):
    return Shelf(people)
