"""The author's desk, as in the authoring stories, and a rule that was approved once and then changed."""

import pytest
from django.conf import settings

from studio.authoring import edits
from studio.authoring import services as authoring
from studio.authoring.content import ExceptionTable
from studio.authoring.models import Draft
from studio.authoring.services import Seen
from studio.review import decisions, services
from studio.review.models import Revision
from tests.studio.authoring.conftest import catalogue, desk, draft

__all__ = ["catalogue", "desk", "draft"]

#: Stories with threads need a database that they can meet in; the server lane tells them on PostgreSQL.
collect_ignore = ["test_races.py"] if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else []


class House:
    """The team's ways through a review, for stories that begin in the middle."""

    def __init__(self, people, desk):
        self.people, self.desk = people, desk

    def edit(self, change, by=None) -> Draft:
        """One edit of the draft, by Ada unless somebody else is named."""
        now = self.desk.now()
        return authoring.edit(now.pk, Seen(by or self.people.ada, self.people.team, now.version), change)

    def hand_in(self, by=None, note="") -> Revision:
        """What the draft says now, in review."""
        now = self.desk.now()
        return services.hand_in(now.pk, self.people.team, by or self.people.ada, now.version, note)

    def approve(self, revision, by=None) -> Revision:
        """Approved, by Rui unless somebody else is named."""
        return decisions.approve(revision.pk, self.people.team, by or self.people.rui, revision.content_hash)

    def send_back(self, revision, note="Name the user.", by=None) -> Revision:
        """Changes requested."""
        who = by or self.people.rui
        return decisions.request_changes(revision.pk, self.people.team, who, revision.content_hash, note)


@pytest.fixture
def house(people, desk):
    desk.write_article()
    return House(people, desk)


@pytest.fixture
def changed(house):
    """The second revision, in review: one behaviour less, an exception for a backup tool, more urgent output."""
    house.approve(house.hand_in())
    chosen = house.desk.now().rule_content().behaviours[0]
    house.edit(edits.drop_behaviour(chosen.id, "Remove"))
    table = ExceptionTable("backup_tool", ("proc.name",), ("in",), (("chattr",),))
    house.edit(edits.set_tables([*house.desk.now().rule_content().exceptions, table]))
    house.edit(edits.set_output("Recovery disabled (user=%user.name command=%proc.cmdline)"))
    return house.hand_in(note="Quieter on backup hosts.")
