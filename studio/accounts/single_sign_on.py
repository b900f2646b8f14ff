"""Single sign-on by OpenID Connect: which provider (from the environment), and who may come in by it."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

from allauth.account.internal.emailkit import valid_email_or_none
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render

from studio.accounts import queries
from studio.accounts.models import Membership, Team, User
from studio.accounts.roles import Role
from studio.accounts.signals import tell
from studio.environment import SignOn

#: As long as the column.
LONGEST_EMAIL = 254


def configured() -> SignOn:
    """The provider of this house."""
    found: SignOn = settings.SIGN_ON
    return found


def vouches(request: HttpRequest) -> bool:
    """Whether this session came by a provider that asks for a second factor itself."""
    if not configured().second_factor or not isinstance(request.user, User):
        return False
    return any(one.get("method") == "socialaccount" for one in get_authentication_records(request, request.user))


class Providers(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who comes in by single sign-on: people who are known by their address, and new ones who are invited or of the
    domains that the environment names."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Tie the provider's account to the person with the same address; refuse whoever may not come in."""
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        email = _address(sociallogin)
        if person := queries.person(email) if email else None:
            with transaction.atomic():
                sociallogin.connect(request, person)
            return
        if not _may_come(email):
            raise ImmediateHttpResponse(_refuse(request, sociallogin, email))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return _may_come(_address(sociallogin))

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        _tidy(sociallogin)
        person: User = super().populate_user(request, sociallogin, data)
        person.name = _name(str(data.get("name") or "")) or person.email.partition("@")[0]
        return person

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """A new person. Those of the named domains join the named team; who was invited goes on to the invitation."""
        sociallogin.user.email = _address(sociallogin).lower()
        person: User = super().save_user(request, sociallogin, form)
        if (team := _team()) and configured().may_join(person.email):
            role = Role(configured().join_role)
            Membership.objects.create(user=person, team=team, role=role)
            tell(person, team, "member.joined", person, role=role, invited_by="single sign-on")
        return person

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """Whatever goes wrong at the provider is said on one page, with the way back."""
        raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=401))

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        messages.success(request, f"You can now sign in with {configured().name}.")
        return super().get_connect_redirect_url(request, socialaccount)  # type: ignore[no-any-return]


def _tidy(sociallogin: SocialLogin) -> None:
    """Keep of what the provider says only what is needed, in a form that every database takes."""
    account = sociallogin.account
    said = account.extra_data.get("userinfo") or account.extra_data.get("id_token") or {}
    account.extra_data = {"userinfo": {key: _name(str(said[key])) for key in ("email", "name") if said.get(key)}}
    if not account.uid.isprintable():
        account.uid = hashlib.sha256(account.uid.encode(errors="surrogatepass")).hexdigest()
    sociallogin.email_addresses = [
        one for one in sociallogin.email_addresses if valid_email_or_none(one.email) and len(one.email) <= LONGEST_EMAIL
    ]


def _address(sociallogin: SocialLogin) -> str:
    """The address that the provider vouches for, or nothing."""
    for one in sociallogin.email_addresses:
        if one.email and (one.verified is True or configured().trust_email):
            return str(one.email)
    return ""


def _may_come(email: str) -> bool:
    """Whether somebody new with this address gets an account."""
    return bool(email) and (queries.is_invited(email) or (configured().may_join(email) and _team() is not None))


def _name(text: str) -> str:
    """A name for people to read: no control characters, not longer than ours may be."""
    plain = "".join(" " if unicodedata.category(one)[0] == "C" else one for one in text)
    return " ".join(plain.split())[:200]


def _team() -> Team | None:
    return Team.objects.filter(slug=configured().join_team).first()


def _refuse(request: HttpRequest, sociallogin: SocialLogin, email: str) -> Any:
    unverified = [one.email for one in sociallogin.email_addresses if one.email]
    context = {"email": email, "unverified": unverified, "provider_name": configured().name}
    return render(request, "socialaccount/refused.html", context, status=403)
