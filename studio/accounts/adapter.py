"""How allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from studio.accounts import letters
from studio.accounts.models import User
from studio.accounts.sealing import seal, unseal

#: What changed, by the last word of the name that allauth gives the mail.
CHANGES = {
    "password_changed": "Your password was changed.",
    "password_set": "A password was set for you.",
    "totp_activated": "An authenticator app was added to your account.",
    "totp_deactivated": "The authenticator app was taken off your account.",
    "webauthn_added": "A passkey or security key was added to your account.",
    "webauthn_removed": "A passkey or security key was taken off your account.",
    "recovery_codes_generated": "New recovery codes were made for your account. Earlier ones no longer work.",
    "account_connected": "Single sign-on was connected to your account.",
    "account_disconnected": "Single sign-on was disconnected from your account.",
}


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: people come by invitation, or by single sign-on where that is allowed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever finds an open session must not add a way in of their own: the password or a factor is asked again."""
        return True

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell the person by mail, through the worker, what changed about how they sign in."""
        happened = CHANGES.get(template_prefix.rpartition("/")[2])
        if happened is None:
            return
        words = {
            "happened": happened,
            "at": timezone.now(),
            "ip": self.get_client_ip(self.request),
            "browser": self.get_http_user_agent(self.request)[:200] or "an unknown browser",
        }
        letters.write(user.email, happened.split(".")[0], "security", words)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Keys of authenticator apps are kept encrypted; a team may insist that its people keep a second factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right. A code from the app works for a minute, a recovery code once.",
        "cannot_delete_authenticator": (
            "A team of yours asks for a second factor. Set up another one before you take this one away."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        return f"Key {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        from studio.accounts.factors import needs_one, others

        return not needs_one(authenticator.user) or others(authenticator).exists()

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Mews"}
