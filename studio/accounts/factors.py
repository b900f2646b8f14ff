"""Second factors: who has one, who needs one."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from studio.accounts.models import Membership, User

#: Kinds that count; recovery codes only stand in for one.
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_one(person: User) -> bool:
    """Whether the person has set up a second factor."""
    return bool(Authenticator.objects.filter(user=person, type__in=KINDS).exists())


def needs_one(person: User) -> bool:
    """Whether one of the person's teams asks for a second factor."""
    return Membership.objects.filter(user=person, team__second_factor_required=True).exists()


def others(authenticator: Authenticator) -> QuerySet[Authenticator]:
    """The person's further second factors."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=authenticator.user, type__in=KINDS)
    return found.exclude(pk=authenticator.pk)


def have_one(people: list[int]) -> set[int]:
    """Those of these people who have set up a second factor."""
    return set(Authenticator.objects.filter(user_id__in=people, type__in=KINDS).values_list("user_id", flat=True))
