"""The team: its people, invitations and settings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.urls import reverse
from ninja import Router, Schema
from pydantic import Field

from studio.accounts import queries, services
from studio.accounts.forms import InviteForm, TeamForm
from studio.accounts.models import MAX_IDLE_MINUTES, Membership, OneTimeLink, Team
from studio.accounts.requests import TeamRequest
from studio.accounts.roles import Role
from studio.api.bearer import ADMINISTER, READ, not_too_often
from studio.api.refusals import checked
from studio.api.shapes import Given, Key, Person

router = Router()

RoleName = Literal[*Role.values]  # type: ignore[valid-type]


class TeamOut(Schema):
    """What the team says of itself. required_approvals: how many reviewers must approve a rule.

    open_threads_block: open conversations block approval. approved_rules_only: releases hold approved rules only.
    idle_minutes: members are signed out after so long without activity; 0 for the server's own limit.
    """

    name: str
    slug: str
    required_approvals: int
    samples_required: bool
    open_threads_block: bool
    approved_rules_only: bool
    second_factor_required: bool
    idle_minutes: int


class TeamChange(Given):
    """What is to change; the rest stays."""

    name: Annotated[str, Field(min_length=1, max_length=200)] = ""
    required_approvals: Annotated[int, Field(ge=1, le=5)] = 1
    samples_required: bool = True
    open_threads_block: bool = False
    approved_rules_only: bool = False
    second_factor_required: bool = False
    idle_minutes: Annotated[int, Field(ge=0, le=MAX_IDLE_MINUTES)] = 0


class TeamMember(Schema):
    """A member of the team. closed_at: when their account was closed, null for an open one."""

    id: int
    person: Person
    email: str
    role: str
    joined_at: datetime
    closed_at: datetime | None

    @staticmethod
    def resolve_closed_at(one: Membership) -> datetime | None:
        return one.user.closed_at

    @staticmethod
    def resolve_person(one: Membership) -> Any:
        return one.user

    @staticmethod
    def resolve_email(one: Membership) -> str:
        return one.user.email


class RoleChange(Given):
    """Another role."""

    role: RoleName


class Closing(Given):
    """own: you know that the account is your own, and that your tokens end with it."""

    own: bool = False


class Ended(Schema):
    """How many sessions were ended."""

    ended: int


class InvitationOut(Schema):
    """An invitation that can still be used."""

    id: int
    email: str
    role: str
    expires_at: datetime


class MadeInvitation(Schema):
    """A new invitation. link: what the person follows; it works once, and is told this once."""

    invitation: InvitationOut
    link: str


class NewInvitation(Given):
    """Whom to invite, as what."""

    email: Annotated[str, Field(min_length=3, max_length=254)]
    role: RoleName = "author"


@router.get("/team", auth=READ, response=TeamOut)
def read_team(request: TeamRequest) -> Team:
    """Read the team's settings."""
    return request.team


@router.patch("/team", auth=ADMINISTER, response=TeamOut)
def change_team(request: TeamRequest, data: TeamChange) -> Team:
    """Change the team's settings."""
    names = list(TeamChange.model_fields)
    given = {name: getattr(request.team, name) for name in names} | data.model_dump(exclude_unset=True)
    form = TeamForm(given, instance=Team.objects.get(pk=request.team.pk), by=request.user)
    checked(form)
    services.change_team(request.user, request.team, **form.cleaned_data)
    return request.team


@router.get("/members", auth=READ, response=list[TeamMember])
def list_members(request: TeamRequest) -> list[Membership]:
    """List the team's people."""
    return list(queries.members(request.team))


@router.put("/members/{pk}/role", auth=ADMINISTER, response=TeamMember)
def change_role(request: TeamRequest, pk: Key, data: RoleChange) -> Membership:
    """Give a member another role; a team keeps an administrator."""
    services.change_role(request.user, queries.member(request.team, pk), data.role)
    return queries.member(request.team, pk)


@router.delete("/members/{pk}", auth=ADMINISTER, response={204: None})
def remove_member(request: TeamRequest, pk: Key) -> None:
    """Take a member out of the team; what they wrote stays."""
    services.remove(request.user, queries.member(request.team, pk))


@router.post("/members/{pk}/sessions/end", auth=ADMINISTER, response=Ended)
def end_member_sessions(request: TeamRequest, pk: Key) -> dict[str, int]:
    """Sign a member out everywhere; tokens go on working."""
    return {"ended": services.end_sessions(request.user, queries.member(request.team, pk))}


@router.post("/members/{pk}/close", auth=ADMINISTER, response=TeamMember)
def close_account(request: TeamRequest, pk: Key, data: Closing) -> Membership:
    """Close a member's account: sessions, tokens and password links end, what they wrote stays."""
    services.close_account(request.user, queries.member(request.team, pk), confirmed=data.own)
    return queries.member(request.team, pk)


@router.post("/members/{pk}/reopen", auth=ADMINISTER, response=TeamMember)
def reopen_account(request: TeamRequest, pk: Key) -> Membership:
    """Let a member sign in again; their tokens stay revoked."""
    services.reopen_account(request.user, queries.member(request.team, pk))
    return queries.member(request.team, pk)


@router.get("/invitations", auth=ADMINISTER, response=list[InvitationOut])
def list_invitations(request: TeamRequest) -> list[OneTimeLink]:
    """List the invitations that can still be used."""
    return list(queries.open_invitations(request.team))


@router.post("/invitations", auth=ADMINISTER, response={201: MadeInvitation})
def invite(request: TeamRequest, data: NewInvitation) -> dict[str, Any]:
    """Invite somebody; the link is told this once, and mailed where mail is set up."""
    not_too_often(request, "links")
    form = InviteForm(data.model_dump(), team=request.team)
    checked(form)
    made, token = services.invite(request.user, request.team, **form.cleaned_data)
    return {"invitation": made, "link": f"{settings.PUBLIC_URL}{reverse('invitation', args=[token])}"}


@router.delete("/invitations/{pk}", auth=ADMINISTER, response={204: None})
def withdraw_invitation(request: TeamRequest, pk: Key) -> None:
    """Make an invitation useless."""
    services.withdraw(request.user, queries.open_invitations(request.team).get(pk=pk))
