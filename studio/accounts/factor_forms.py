"""Forms of the second factor: codes of an app, passkeys and security keys, in our words."""

from __future__ import annotations

import re
from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

#: A code of an app has six digits, a recovery code eight; people may type spaces between.
LONGEST_CODE = 32
LONGEST_NAME = 80
#: What a browser says of a key takes some kilobytes at most.
LONGEST_CREDENTIAL = 64_000
BASE64URL = re.compile(r"[A-Za-z0-9_-]*={0,2}")


def _dress_code(form: forms.Form, label: str, help_text: str) -> None:
    code = form.fields["code"]
    code.label, code.help_text = label, help_text
    code.max_length = LONGEST_CODE  # type: ignore[attr-defined]
    code.widget.attrs = {
        "autocomplete": "one-time-code",
        "autofocus": True,
        "maxlength": LONGEST_CODE,
        "inputmode": "numeric",
    }


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The code that sign-in asks for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self, "Code", "Six digits from your authenticator app, or one of your recovery codes.")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = _squeezed(self.cleaned_data["code"])
        return str(super().clean_code())


class ConfirmCodeForm(ReauthenticateForm):  # type: ignore[misc]
    """The code that confirms who is there before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self, "Code", "Six digits from your authenticator app, or one of your recovery codes.")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = _squeezed(self.cleaned_data["code"])
        return str(super().clean_code())


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app, which proves that it knows the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_code(self, "Code from the app", "Six digits. They change every 30 seconds.")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = _squeezed(self.cleaned_data["code"])
        return str(super().clean_code())


def _dress_name(form: forms.Form, help_text: str) -> None:
    name = form.fields["name"]
    name.label, name.help_text = "Name", help_text
    name.max_length = LONGEST_NAME  # type: ignore[attr-defined]
    name.widget.attrs = {"maxlength": LONGEST_NAME, "autocomplete": "off"}


class CredentialField(forms.JSONField):
    """What a browser says about a key: JSON of the one shape that the check of signatures expects."""

    default_error_messages = {"invalid": "The browser's answer about the key cannot be read. Try again."}

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, error_messages={"required": "The browser sent no key. Try again."})

    def bound_data(self, data: Any, initial: Any) -> Any:
        return None  # a credential counts once: it is never shown again

    def clean(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST_CREDENTIAL:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            found = super().clean(value)
        except RecursionError:
            found = None
        if not _is_credential(found):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


def _is_credential(found: Any) -> bool:
    if not isinstance(found, dict) or not isinstance(found.get("response"), dict):
        return False
    texts = [found.get("id"), found.get("rawId"), found["response"].get("clientDataJSON")]
    rest = [value for key, value in found["response"].items() if key != "transports" and value is not None]
    binary = [*texts, *(value for value in rest if isinstance(value, str))]
    return all(isinstance(one, str) and BASE64URL.fullmatch(one) and len(one) % 4 != 1 for one in binary)


class _ReadsKey(forms.Form):
    """Whatever else is wrong with what a browser says of a key is said as an error, too."""

    credential = CredentialField()

    def _clean_fields(self) -> None:
        try:
            super()._clean_fields()  # type: ignore[misc]
        except (ValueError, TypeError, KeyError, AttributeError, IndexError):
            self.add_error("credential", CredentialField.default_error_messages["invalid"])

    def _clean_form(self) -> None:
        try:
            super()._clean_form()  # type: ignore[misc]
        except (ValueError, TypeError, KeyError, AttributeError, IndexError):
            self.add_error("credential", CredentialField.default_error_messages["invalid"])


class KeyStepForm(_ReadsKey, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key as the second step of signing in; allauth says of codes only that they were wrong."""

    def _clean_form(self) -> None:
        super()._clean_form()
        if self.has_error("credential"):
            authentication_failed.send(
                sender=Authenticator,
                request=context.request,
                user=self.user,
                authenticator=None,
                reauthentication=False,
            )


class KeyLoginForm(_ReadsKey, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone."""


class KeyConfirmForm(_ReadsKey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A key that confirms who is there."""


class KeyForm(_ReadsKey, AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey or security key."""

    field_order = ["name", "passwordless", "credential"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_name(self, "So that you tell your keys apart, for example “Laptop”.")
        self.fields["name"].required = False
        self.fields["name"].initial = self.initial["name"] = ""
        passwordless = self.fields["passwordless"]
        passwordless.label = "Sign in with it alone, without password"
        passwordless.help_text = (
            "A passkey: the device asks for a finger, a face or its own code. "
            "Without this, the key comes after the password."
        )
        passwordless.initial = True


class KeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_name(self, "So that you tell your keys apart.")


def _squeezed(code: str) -> str:
    if len(code) > LONGEST_CODE:
        raise forms.ValidationError("A code is shorter than that.")
    return "".join(code.split())
