"""A team and its people: who may what, and that somebody always can."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from studio.accounts import services
from studio.accounts.models import Membership, Team
from studio.accounts.permissions import allows, require
from studio.accounts.roles import Role
from studio.audit.models import JournalEntry

ORDER = ["vic", "ada", "rui", "mai", "ann"]


@pytest.mark.parametrize(("needed", "least"), list(zip(Role.values, ORDER, strict=True)))
def test_it_lets_each_role_do_what_lesser_ones_may(people, needed, least):
    able = [name for name in [*ORDER, "sam"] if allows(getattr(people, name), people.team, needed)]
    assert able == ORDER[ORDER.index(least) :]


def test_it_says_which_role_is_needed_and_whom_to_ask(people):
    with pytest.raises(PermissionDenied) as refused:
        require(people.vic, people.team, "author")
    assert str(refused.value) == (
        "This needs the role Author in Harbour; you are a Viewer. Ask Ann Administrator to change your role."
    )
    with pytest.raises(PermissionDenied, match="you are not a member"):
        require(people.sam, people.team, "viewer")


ADMIN_PAGES = ["/settings/members/invite/", "/settings/members/{ada}/role/", "/settings/members/{ada}/remove/"]


@pytest.mark.parametrize("path", [*ADMIN_PAGES, "/settings/members/{ada}/password-link/"])
def test_it_keeps_administration_to_administrators(client, people, path):
    client.force_login(people.mai)
    ada = Membership.objects.get(user=people.ada)
    answer = client.post(path.format(ada=ada.pk), {"role": "administrator", "email": "x@y.example"})
    assert answer.status_code == 403
    assert "needs the role Administrator" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.role == "author"


def test_it_invites_and_shows_the_link_once(client, people):
    client.force_login(people.ann)
    page = client.post("/settings/members/invite/", {"email": "new@x.example", "role": "author"}, follow=True)
    assert "http://testserver/invitation/" in page.content.decode()
    again = client.get("/settings/members/").content.decode()
    assert "http://testserver/invitation/" not in again
    assert "new@x.example" in again


def test_it_does_not_invite_a_member_again(client, people):
    client.force_login(people.ann)
    page = client.post("/settings/members/invite/", {"email": "ADA@harbour.example", "role": "author"})
    assert page.status_code == 422
    assert "Ada Author is already a member of Harbour." in page.content.decode()


def test_it_changes_a_role_and_removes_a_member(client, people):
    client.force_login(people.ann)
    vic, rui = (Membership.objects.get(user=one) for one in (people.vic, people.rui))
    client.post(f"/settings/members/{vic.pk}/role/", {"role": "author"})
    client.post(f"/settings/members/{rui.pk}/remove/")
    vic.refresh_from_db()
    assert vic.role == "author"
    assert not Membership.objects.filter(pk=rui.pk).exists()


@pytest.mark.parametrize(("path", "fields"), [("role", {"role": "viewer"}), ("remove", {})])
def test_it_never_leaves_a_team_without_administrator(client, people, path, fields):
    client.force_login(people.ann)
    ann = Membership.objects.get(user=people.ann)
    page = client.post(f"/settings/members/{ann.pk}/{path}/", fields, follow=True).content.decode()
    assert "A team needs an administrator." in page
    ann.refresh_from_db()
    assert ann.role == "administrator"


def test_it_does_not_reach_into_other_teams(client, people):
    client.force_login(people.sam)
    ada = Membership.objects.get(user=people.ada)
    assert client.post(f"/settings/members/{ada.pk}/remove/").status_code == 404
    assert "Ada Author" not in client.get("/settings/members/").content.decode()


def test_it_does_not_hand_over_who_works_in_another_team_too(client, people):
    here = Membership.objects.create(user=people.sam, team=people.team, role=Role.VIEWER)
    client.force_login(people.ann)
    page = client.post(f"/settings/members/{here.pk}/password-link/", follow=True).content.decode()
    assert "works in another team too" in page
    assert "/new-password/" not in page


def test_it_lets_people_of_two_teams_choose(client, people):
    Membership.objects.create(user=people.sam, team=people.team, role=Role.VIEWER)
    client.force_login(people.sam)
    assert client.get("/settings/").context["team"] == people.other_team
    client.post("/settings/switch/", {"team": "harbour"})
    assert client.get("/settings/").context["team"] == people.team
    assert client.post("/settings/switch/", {"team": "moon"}).status_code == 404


def test_it_tells_who_belongs_to_no_team_how_to_come_in(client, people):
    Membership.objects.filter(user=people.vic).delete()
    client.force_login(people.vic)
    assert client.get("/settings/").status_code == 200
    answer = client.get("/settings/members/")
    assert answer.status_code == 403
    assert "Ask an administrator for an invitation" in answer.content.decode()


def test_it_withdraws_an_invitation(client, people):
    link, token = services.invite(people.ann, people.team, "new@x.example", Role.AUTHOR)
    client.force_login(people.ann)
    client.post(f"/settings/invitations/{link.pk}/withdraw/")
    assert client.get(f"/invitation/{token}/").status_code == 410


def test_it_renames_person_and_team(client, people):
    client.force_login(people.ann)
    client.post("/settings/", {"name": "Ann Other"})
    client.post("/settings/team/", {"name": "Haven", "required_approvals": "2", "samples_required": "on"})
    people.ann.refresh_from_db()
    people.team.refresh_from_db()
    assert (people.ann.name, people.ann.initials) == ("Ann Other", "AO")
    assert JournalEntry.objects.get(verb="person.renamed").details == {"old": "Ann Administrator", "new": "Ann Other"}
    assert (people.team.name, people.team.required_approvals) == ("Haven", 2)
    client.force_login(people.mai)
    assert client.post("/settings/team/", {"name": "Mine"}).status_code == 403


def test_it_finds_a_free_short_name_for_each_team(people):
    assert [services.create_team(name).slug for name in ("Harbour!", "harbour", "⚓")] == [
        "harbour-2",
        "harbour-3",
        "team",
    ]


def test_it_keeps_a_refused_team_name_off_the_frame(client, people):
    client.force_login(people.ann)
    page = client.post("/settings/team/", {"name": "Inland"})
    assert page.status_code == 422
    assert Team.objects.get(pk=people.team.pk).name == "Harbour"
    assert '<div class="rail-team" title="Harbour">' in page.content.decode()
