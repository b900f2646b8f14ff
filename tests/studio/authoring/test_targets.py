"""The oldest Falco that loads a rule, and the packs that it leaves behind."""

from __future__ import annotations

import pytest

from studio.authoring import services
from studio.authoring.edits import set_condition
from studio.authoring.services import Seen
from studio.packs import pack_services

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(people, catalogue):
    made = services.create(people.team, people.ada, ("T1490",), "Arguments")
    return services.edit(
        made.pk, Seen(people.ada, people.team, 1), set_condition("spawned_process and proc.aargs[1] contains wipe")
    )


@pytest.mark.parametrize(("target", "told"), [("0.40", True), ("0.41", False)])
def test_it_tells_the_packs_whose_falco_would_not_load_the_rule(signed_in, people, draft, target, told):
    pack = pack_services.create(people.team, people.mai, name="harbour", title="Harbour", target=target)
    page = signed_in.get(f"/drafts/{draft.pk}/check/").content.decode()
    assert "Loads from Falco 0.41 on." in page
    assert "Field proc.aargs exists since Falco 0.41." in page
    assert (f'The pack <a href="{pack.get_absolute_url()}">Harbour</a> is for Falco 0.40 too' in page) == told
    condition = signed_in.get(f"/drafts/{draft.pk}/condition/").content.decode()
    assert ("Needs Falco 0.41; Harbour is for 0.40 too" in condition) == told


def test_another_teams_packs_do_not_matter(signed_in, people, draft):
    pack_services.create(people.other_team, people.sam, name="theirs", title="Theirs", target="0.35")
    assert "Theirs" not in signed_in.get(f"/drafts/{draft.pk}/check/").content.decode()
