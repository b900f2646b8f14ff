"""The verbs about people and teams: each checks who may, runs in a transaction, and tells the journal."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from studio.accounts import letters, links, queries
from studio.accounts.models import Membership, OneTimeLink, Team, User
from studio.accounts.permissions import require
from studio.accounts.roles import Role
from studio.accounts.signals import end_access, notify, tell

#: What the journal calls a change of each of the team's settings.
TEAM_VERBS = {
    "name": "team.renamed",
    "required_approvals": "team.approvals_changed",
    "samples_required": "team.proof_changed",
    "second_factor_required": "team.second_factor_changed",
    "approved_rules_only": "team.approved_only_changed",
    "open_threads_block": "team.open_threads_changed",
    "idle_minutes": "team.idle_limit_changed",
}


class LastAdministrator(Exception):
    """A team keeps at least one administrator."""

    def __init__(self) -> None:
        super().__init__("A team needs an administrator. Make somebody else administrator first.")


class WorksElsewhereToo(Exception):
    """An administrator of one team does not take over somebody who also works in another."""

    def __init__(self, person: User, command: str = "password_link") -> None:
        super().__init__(
            f"{person.name} works in another team too. Whoever runs Mews can help: manage.py {command} {person.email}"
        )


class AccountClosed(Exception):
    """The account is closed; the message says what to do first."""

    def __init__(self, person: User) -> None:
        super().__init__(f"The account of {person.name} is closed. Reopen it first.")


class OwnAccount(Exception):
    """Closing one's own account takes a confirmation."""

    def __init__(self) -> None:
        super().__init__("This is your own account. Confirm that you want to close it; you are signed out at once.")


@transaction.atomic
def issue_setup_link() -> str | None:
    """The token for the first administrator; earlier ones stop working. None when there are people already."""
    if User.objects.exists():
        return None
    OneTimeLink.objects.filter(purpose=links.Purpose.SETUP).delete()
    return links.issue(links.Purpose.SETUP)[1]


@transaction.atomic
def set_up(link: OneTimeLink, email: str, name: str, password: str, team_name: str) -> User:
    """Spend the set-up link: the first person, who administers the first team."""
    links.spend(link)
    user = User.objects.create_user(email, name, password)
    team = create_team(team_name)
    Membership.objects.create(user=user, team=team, role=Role.ADMINISTRATOR)
    tell(user, team, "team.created", team)
    return user


def create_team(name: str, is_demo: bool = False) -> Team:
    """A team with a short name for addresses made from its name."""
    stem = slugify(name)[:48] or "team"
    taken = set(Team.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slugs = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return Team.objects.create(name=name, slug=next(slug for slug in slugs if slug not in taken), is_demo=is_demo)


@transaction.atomic
def invite(by: User, team: Team, email: str, role: str) -> tuple[OneTimeLink, str]:
    """An invitation and its token; an earlier invitation to the same address stops working."""
    require(by, team, Role.ADMINISTRATOR)
    email = email.lower()
    queries.open_invitations(team).filter(email=email).delete()
    link, token = links.issue(links.Purpose.INVITATION, team=team, email=email, role=role, created_by=by)
    tell(by, team, "invitation.made", email, role=role)
    letters.write(email, f"{by} invites you to {team}", "invitation", {"link": link, "token": token})
    return link, token


@transaction.atomic
def withdraw(by: User, link: OneTimeLink) -> None:
    """Make an invitation useless."""
    require(by, link.team, Role.ADMINISTRATOR)
    tell(by, link.team, "invitation.withdrawn", link.email)
    link.delete()


@transaction.atomic
def join(link: OneTimeLink, user: User) -> Membership:
    """Spend an invitation: the person becomes a member; who already is one keeps their role."""
    links.spend(link)
    membership, new = Membership.objects.get_or_create(user=user, team=link.team, defaults={"role": link.role})
    if new:
        tell(user, link.team, "member.joined", user, role=membership.role, invited_by=str(link.created_by or ""))
    return membership


@transaction.atomic
def join_as_new(link: OneTimeLink, name: str, password: str) -> User:
    """Spend an invitation: a new person with the invited address becomes a member."""
    user = User.objects.create_user(link.email, name, password)
    join(link, user)
    return user


@transaction.atomic
def change_role(by: User, membership: Membership, role: str) -> None:
    """Give a member another role; refuses to leave the team without administrator."""
    require(by, membership.team, Role.ADMINISTRATOR)
    _keep_an_administrator(membership, Role(role))
    old, membership.role = membership.role, Role(role)
    membership.save(update_fields=["role"])
    tell(by, membership.team, "member.role_changed", membership.user, old=old, new=membership.role)


@transaction.atomic
def remove(by: User, membership: Membership) -> None:
    """Take a member out of the team and revoke their tokens for it; what they wrote stays."""
    require(by, membership.team, Role.ADMINISTRATOR)
    _keep_an_administrator(membership, None)
    end_access(membership.user, membership.team, by, "membership removed")
    tell(by, membership.team, "member.removed", membership.user, role=membership.role)
    membership.delete()


@transaction.atomic
def issue_password_link(by: User, membership: Membership) -> str | None:
    """A token with which the member sets a new password; earlier ones stop working.

    None where mail is set up: then the link goes to the member only. Either way they are told who made it.
    """
    person, team = membership.user, membership.team
    _require_alone(by, membership, "password_link")
    if not person.is_active:
        raise AccountClosed(person)
    mailed = letters.possible()
    token = new_password_link(person, by, team, mailed=mailed)
    words = {"person": person, "token": token, "by": by, "team": team}
    letters.write(person.email, f"{by} sent you a link to set a new password", "password_link", words)
    notify(person, team, by, f"{by} made a link with which you set a new password", mailed=mailed)
    return None if mailed else token


@transaction.atomic
def new_password_link(person: User, by: User | None = None, team: Team | None = None, *, mailed: bool = False) -> str:
    """The same for whoever runs Mews (`by` is None then); who may is for the caller to know."""
    OneTimeLink.objects.filter(purpose=links.Purpose.PASSWORD, user=person, used_at=None).delete()
    _, token = links.issue(links.Purpose.PASSWORD, user=person, team=team, created_by=by)
    tell(by, team, "password_link.made", person, mailed=mailed)
    return token


@transaction.atomic
def send_password_link(person: User) -> None:
    """Mail the person a link with which they set a new password."""
    token = new_password_link(person, mailed=True)
    letters.write(person.email, "Set a new password", "new_password", {"person": person, "token": token})


@transaction.atomic
def set_password(link: OneTimeLink, password: str, *, revoke_tokens: bool = True) -> User:
    """Spend a password link: the new password holds, every open session of the person ends, and so do their tokens,
    unless they want to keep them."""
    links.spend(link)
    user = link.user
    if user is None or not user.is_active:
        raise links.LinkSpent
    user.set_password(password)
    user.save(update_fields=["password"])
    tell(user, link.team, "password.set_by_link", user, revoke_tokens=revoke_tokens)
    if revoke_tokens:
        end_access(user, None, user, "new password")
    return user


@transaction.atomic
def close_account(by: User, membership: Membership, *, confirmed: bool = False) -> None:
    """Close the account of a member: nobody signs in with it, and what gave access ends. What they wrote stays.

    confirmed: the administrator knows that the account is their own. Raises LastAdministrator, OwnAccount,
    WorksElsewhereToo.
    """
    _require_alone(by, membership, "close_account")
    if membership.user == by and not confirmed:
        raise OwnAccount
    _keep_an_administrator(membership, None)
    shut(membership.user, by, membership.team)


@transaction.atomic
def shut(person: User, by: User | None = None, team: Team | None = None) -> bool:
    """The same for whoever runs Mews; who may is for the caller to know. Whether it was open."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        return False
    person.is_active, person.closed_at = False, timezone.now()
    person.save(update_fields=["is_active", "closed_at"])
    OneTimeLink.objects.filter(user=person, used_at=None).delete()
    end_access(person, None, by, "account closed")
    ended = _end_sessions(person)
    tell(by, team, "account.closed", person, sessions=ended)
    return True


@transaction.atomic
def reopen_account(by: User, membership: Membership) -> None:
    """Let the member sign in again, with the same password and second factor; tokens stay revoked."""
    _require_alone(by, membership, "reopen_account")
    if reopen(membership.user, by, membership.team):
        notify(membership.user, membership.team, by, f"{by} reopened your account")


@transaction.atomic
def reopen(person: User, by: User | None = None, team: Team | None = None) -> bool:
    """The same for whoever runs Mews; who may is for the caller to know. Whether it was closed."""
    if not User.objects.filter(pk=person.pk, is_active=False).update(is_active=True, closed_at=None):
        return False
    person.refresh_from_db(fields=["is_active", "closed_at"])
    tell(by, team, "account.reopened", person)
    return True


@transaction.atomic
def end_sessions(by: User, membership: Membership) -> int:
    """Sign the member out everywhere, whatever teams they work in; how many sessions there were."""
    require(by, membership.team, Role.ADMINISTRATOR)
    ended = _end_sessions(membership.user)
    tell(by, membership.team, "sessions.ended", membership.user, number=ended, everywhere=True)
    if membership.user != by:
        notify(membership.user, membership.team, by, f"{by} signed you out everywhere")
    return ended


@transaction.atomic
def enter_demo(link: OneTimeLink) -> User:
    """Spend a demo link: who it lets in."""
    links.spend(link)
    if link.user is None or not link.team or not link.team.is_demo:
        raise links.LinkSpent
    return link.user


@transaction.atomic
def change_team(by: User, team: Team, **wanted: Any) -> None:
    """Give the team another name, rules for reviews or for signing in (fields of TEAM_VERBS); its address stays."""
    require(by, team, Role.ADMINISTRATOR)
    for field, value in wanted.items():
        old = getattr(team, field)
        if old != value:
            setattr(team, field, value)
            tell(by, team, TEAM_VERBS[field], team, old=old, new=value)
    team.save(update_fields=list(wanted))


@transaction.atomic
def rename(person: User, name: str) -> None:
    """Give oneself another name; the journal keeps which name was whose."""
    old = person.name
    if name == old:
        return
    person.name = name
    person.save(update_fields=["name"])
    membership = queries.current_membership(person, None)
    tell(person, membership.team if membership else None, "person.renamed", person, old=old, new=name)


@transaction.atomic
def take_second_factor(by: User, membership: Membership) -> None:
    """Take every second factor from a member who lost theirs; refuses for people of other teams too."""
    _require_alone(by, membership, "second_factor_off")
    if drop_second_factor(membership.user, by, membership.team):
        notify(membership.user, membership.team, by, f"{by} removed your second factor")


@transaction.atomic
def drop_second_factor(person: User, by: User | None = None, team: Team | None = None) -> int:
    """The same for whoever runs Mews; who may is for the caller to know. How many there were."""
    kept = Authenticator.objects.filter(user=person)
    kinds = sorted(kept.values_list("type", flat=True))
    kept.delete()
    if kinds:
        tell(by, team, "second_factor.taken_off", person, kinds=kinds)
    return len(kinds)


def _require_alone(by: User, membership: Membership, command: str) -> None:
    """Raise RoleNeeded unless `by` administers the team, and WorksElsewhereToo for a member of another one."""
    require(by, membership.team, Role.ADMINISTRATOR)
    if Membership.objects.filter(user=membership.user).exclude(team=membership.team).exists():
        raise WorksElsewhereToo(membership.user, command)


def _end_sessions(person: User) -> int:
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    return len(sessions)


def _keep_an_administrator(membership: Membership, role: Role | None) -> None:
    if membership.role != Role.ADMINISTRATOR or role == Role.ADMINISTRATOR:
        return
    admins = Membership.objects.select_for_update().filter(team=membership.team, role=Role.ADMINISTRATOR)
    if not admins.exclude(pk=membership.pk).filter(user__is_active=True).exists():
        raise LastAdministrator
