"""Settings pages: profile, team, members, invitations."""

from __future__ import annotations

from copy import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.accounts import factors, queries, services
from studio.accounts.forms import InviteForm, ProfileForm, RoleForm, TeamForm
from studio.accounts.limits import limited
from studio.accounts.middleware import SESSION_KEY
from studio.accounts.models import User
from studio.accounts.permissions import RIGHTS, require, team_required
from studio.accounts.requests import TeamRequest
from studio.accounts.roles import Role
from studio.accounts.single_sign_on import configured

NEW_LINK = "new_link"


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The person's own name, teams and way to the password."""
    form = ProfileForm(request.POST or None, instance=copy(_person(request)))
    if form.is_valid():
        services.rename(_person(request), form.cleaned_data["name"])
        messages.success(request, "Saved.")
        return redirect("accounts:profile")
    context = {"form": form, "memberships": queries.teams_of(_person(request))}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@require_POST
def switch_team(request: HttpRequest) -> HttpResponse:
    """Work in another of one's teams for the rest of the session."""
    membership = get_object_or_404(queries.teams_of(_person(request)), team__slug=request.POST.get("team", ""))
    request.session[SESSION_KEY] = membership.team_id
    messages.success(request, f"You now work in {membership.team}.")
    return redirect("home")


@team_required(Role.VIEWER)
@require_safe
def members(request: TeamRequest) -> HttpResponse:
    """Who is in the team; administrators also invite and change roles here."""
    return _members_page(request, InviteForm(team=request.team))


@team_required(Role.ADMINISTRATOR)
@require_POST
@limited("links")
def invite(request: TeamRequest) -> HttpResponse:
    """Make an invitation; its link is shown once, on the next page."""
    form = InviteForm(request.POST, team=request.team)
    if not form.is_valid():
        return _members_page(request, form, status=422)
    link, token = services.invite(request.user, request.team, **form.cleaned_data)
    _show_once(request, "invitation", token, f"Invitation for {link.email}", "It works once and for 7 days.")
    return redirect("accounts:members")


@team_required(Role.ADMINISTRATOR)
@require_POST
def withdraw(request: TeamRequest, pk: int) -> HttpResponse:
    """Make an invitation useless."""
    link = get_object_or_404(queries.open_invitations(request.team), pk=pk)
    services.withdraw(request.user, link)
    messages.success(request, f"The invitation for {link.email} no longer works.")
    return redirect("accounts:members")


@team_required(Role.ADMINISTRATOR)
@require_POST
def change_role(request: TeamRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    membership = get_object_or_404(queries.members(request.team), pk=pk)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            services.change_role(request.user, membership, form.cleaned_data["role"])
            messages.success(request, f"{membership.user.name} is now {membership.get_role_display()}.")
        except services.LastAdministrator as refused:
            messages.error(request, str(refused))
    return redirect("accounts:members")


@team_required(Role.ADMINISTRATOR)
@require_POST
def remove(request: TeamRequest, pk: int) -> HttpResponse:
    """Take a member out of the team."""
    membership = get_object_or_404(queries.members(request.team), pk=pk)
    try:
        services.remove(request.user, membership)
        messages.success(request, f"{membership.user.name} is no longer in {request.team}.")
    except services.LastAdministrator as refused:
        messages.error(request, str(refused))
    return redirect("accounts:members")


@team_required(Role.ADMINISTRATOR)
@require_POST
@limited("links")
def password_link(request: TeamRequest, pk: int) -> HttpResponse:
    """Make a link with which a member sets a new password: emailed to them where mail is set up, else shown once."""
    membership = get_object_or_404(queries.members(request.team), pk=pk)
    if configured().is_the_only_way:
        messages.error(request, "Passwords do not sign in here. Whoever runs Mews can help: manage.py password_link")
        return redirect("accounts:members")
    try:
        token = services.issue_password_link(request.user, membership)
    except (services.AccountClosed, services.WorksElsewhereToo) as refused:
        messages.error(request, str(refused))
        return redirect("accounts:members")
    person = membership.user
    if token is None:
        words = f"We've emailed {person.name} ({person.email}) a link. It works once and for a day. Only they see it."
        messages.success(request, words)
        return redirect("accounts:members")
    _show_once(
        request, "new_password", token, f"New password for {membership.user.name}", "It works once and for a day."
    )
    return redirect("accounts:members")


@team_required(Role.ADMINISTRATOR)
@require_POST
def second_factor_off(request: TeamRequest, pk: int) -> HttpResponse:
    """Take every second factor from a member who lost theirs."""
    membership = get_object_or_404(queries.members(request.team), pk=pk)
    try:
        services.take_second_factor(request.user, membership)
        messages.success(request, f"{membership.user.name} signs in without a second factor until they set one up.")
    except services.WorksElsewhereToo as refused:
        messages.error(request, str(refused))
    return redirect("accounts:members")


@team_required(Role.ADMINISTRATOR)
@require_POST
def end_sessions(request: TeamRequest, pk: int) -> HttpResponse:
    """Sign a member out everywhere."""
    membership = get_object_or_404(queries.members(request.team), pk=pk)
    ended = services.end_sessions(request.user, membership)
    if membership.user == request.user:
        return redirect("account_login")
    messages.success(request, f"{membership.user.name} was signed out of {ended} session{'' if ended == 1 else 's'}.")
    return redirect("accounts:members")


@team_required(Role.ADMINISTRATOR)
@require_POST
def close_account(request: TeamRequest, pk: int) -> HttpResponse:
    """Close a member's account; one's own takes a tick."""
    membership = get_object_or_404(queries.members(request.team), pk=pk)
    try:
        services.close_account(request.user, membership, confirmed=request.POST.get("own") == "yes")
    except (services.LastAdministrator, services.OwnAccount, services.WorksElsewhereToo) as refused:
        messages.error(request, str(refused))
        return redirect("accounts:members")
    if membership.user == request.user:
        return redirect("account_inactive")
    messages.success(request, f"The account of {membership.user.name} is closed. You can reopen it at any time.")
    return redirect("accounts:members")


@team_required(Role.ADMINISTRATOR)
@require_POST
def reopen_account(request: TeamRequest, pk: int) -> HttpResponse:
    """Let a member sign in again."""
    membership = get_object_or_404(queries.members(request.team), pk=pk)
    try:
        services.reopen_account(request.user, membership)
        messages.success(request, f"{membership.user.name} can sign in again. Their API tokens stay revoked.")
    except services.WorksElsewhereToo as refused:
        messages.error(request, str(refused))
    return redirect("accounts:members")


@team_required(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: TeamRequest) -> HttpResponse:
    """The team's name, its rule for reviews, what each role may do; administrators change the first two."""
    if request.method == "POST":
        require(request.user, request.team, Role.ADMINISTRATOR)
    form = TeamForm(request.POST or None, instance=copy(request.team), by=request.user)
    if form.is_valid():
        services.change_team(request.user, request.team, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("accounts:team")
    context = {"form": form, "rights": RIGHTS, "may_administer": _administers(request)}
    return render(request, "accounts/team.html", context, status=422 if form.errors else 200)


def _members_page(request: TeamRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    memberships = list(queries.members(request.team))
    context = {
        "form": form,
        "memberships": memberships,
        "second_factors": factors.have_one([one.user_id for one in memberships]),
        "invitations": queries.open_invitations(request.team),
        "roles": Role.choices,
        "may_administer": _administers(request),
        "new_link": request.session.pop(NEW_LINK, None),
    }
    return render(request, "accounts/members.html", context, status=status)


def _show_once(request: TeamRequest, url_name: str, token: str, title: str, note: str) -> None:
    address = request.build_absolute_uri(reverse(url_name, args=[token]))
    request.session[NEW_LINK] = {"address": address, "title": title, "note": note}


def _administers(request: TeamRequest) -> bool:
    return Role(request.membership.role).includes(Role.ADMINISTRATOR)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # LoginRequiredMiddleware lets nobody else in
    return request.user
