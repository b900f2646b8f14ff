"""The verbs about people and teams: each checks who may, runs in a transaction, and tells the journal."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.text import slugify

from studio.accounts import letters, links, queries
from studio.accounts.models import Membership, OneTimeLink, Team, User
from studio.accounts.permissions import require
from studio.accounts.roles import Role
from studio.accounts.signals import tell

#: What the journal calls a change of each of the team's settings.
TEAM_VERBS = {
    "name": "team.renamed",
    "required_approvals": "team.approvals_changed",
    "samples_required": "team.proof_changed",
    "second_factor_required": "team.second_factor_changed",
    "approved_rules_only": "team.approved_only_changed",
    "open_threads_block": "team.open_threads_changed",
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
    """Take a member out of the team; what they wrote stays."""
    require(by, membership.team, Role.ADMINISTRATOR)
    _keep_an_administrator(membership, None)
    tell(by, membership.team, "member.removed", membership.user, role=membership.role)
    membership.delete()


@transaction.atomic
def issue_password_link(by: User, membership: Membership) -> str:
    """A token with which the member sets a new password; earlier ones stop working."""
    require(by, membership.team, Role.ADMINISTRATOR)
    if Membership.objects.filter(user=membership.user).exclude(team=membership.team).exists():
        raise WorksElsewhereToo(membership.user)
    return new_password_link(membership.user, by, membership.team)


@transaction.atomic
def new_password_link(person: User, by: User | None = None, team: Team | None = None) -> str:
    """The same for whoever runs Mews (`by` is None then); who may is for the caller to know."""
    OneTimeLink.objects.filter(purpose=links.Purpose.PASSWORD, user=person, used_at=None).delete()
    _, token = links.issue(links.Purpose.PASSWORD, user=person, team=team, created_by=by)
    tell(by, team, "password_link.made", person)
    return token


@transaction.atomic
def send_password_link(person: User) -> None:
    """Mail the person a link with which they set a new password."""
    token = new_password_link(person)
    letters.write(person.email, "Set a new password", "new_password", {"person": person, "token": token})


@transaction.atomic
def set_password(link: OneTimeLink, password: str) -> User:
    """Spend a password link: the new password holds, and every open session of the person ends."""
    links.spend(link)
    user = link.user
    if user is None:
        raise links.LinkSpent
    user.set_password(password)
    user.save(update_fields=["password"])
    tell(user, link.team, "password.set_by_link", user)
    return user


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
    require(by, membership.team, Role.ADMINISTRATOR)
    if Membership.objects.filter(user=membership.user).exclude(team=membership.team).exists():
        raise WorksElsewhereToo(membership.user, "second_factor_off")
    drop_second_factor(membership.user, by, membership.team)


@transaction.atomic
def drop_second_factor(person: User, by: User | None = None, team: Team | None = None) -> int:
    """The same for whoever runs Mews; who may is for the caller to know. How many there were."""
    kept = Authenticator.objects.filter(user=person)
    kinds = sorted(kept.values_list("type", flat=True))
    kept.delete()
    if kinds:
        tell(by, team, "second_factor.taken_off", person, kinds=kinds)
    return len(kinds)


def _keep_an_administrator(membership: Membership, role: Role | None) -> None:
    if membership.role != Role.ADMINISTRATOR or role == Role.ADMINISTRATOR:
        return
    admins = Membership.objects.select_for_update().filter(team=membership.team, role=Role.ADMINISTRATOR)
    if not admins.exclude(pk=membership.pk).filter(user__is_active=True).exists():
        raise LastAdministrator
