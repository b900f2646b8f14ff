"""Forms about people and teams."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm, SetPasswordForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.db import transaction

from studio.accounts import factors
from studio.accounts.models import MAX_IDLE_MINUTES, MOST_APPROVALS, Membership, Team, User
from studio.accounts.roles import Role
from studio.accounts.signals import end_access


def _without_placeholders(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail address"
        self.fields["password"].help_text = ""
        _without_placeholders(self)


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """The present password, then the new one twice, and what becomes of the person's tokens."""

    revoke_tokens = forms.BooleanField(
        label="Also revoke my API tokens", required=False,
        help_text="Select this if somebody else may know your password. Programs then need new tokens.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": "Present password", "password1": "New password", "password2": "New password again"}
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["password1"].help_text = password_help()
        _without_placeholders(self)

    @transaction.atomic
    def save(self) -> None:
        super().save()
        if self.cleaned_data["revoke_tokens"]:
            end_access(self.user, None, self.user, "new password")


class FirstPasswordForm(SetPasswordForm):  # type: ignore[misc]
    """A password, twice, for somebody who has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label, self.fields["password2"].label = "New password", "New password again"
        self.fields["password1"].help_text = password_help()
        _without_placeholders(self)


class ConfirmForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        _without_placeholders(self)


def password_help() -> str:
    """What a password must be, in one paragraph."""
    return " ".join(password_validators_help_texts())


class NewPasswordForm(forms.Form):
    """A password, twice, checked against the person whose it will be."""

    password = forms.CharField(
        max_length=512, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        max_length=512, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password"].help_text = password_help()

    def owner(self, data: dict[str, Any]) -> User:
        """The person as they will be, for the check that the password is unlike their name and address."""
        return self.person or User(email=data.get("email", ""), name=data.get("name", ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if password := data.get("password"):
            if password != data.get("password_again", password):
                self.add_error("password_again", "The two passwords differ.")
            try:
                validate_password(password, self.owner(data))
            except forms.ValidationError as refused:
                self.add_error("password", refused)
        return data


class ResetForm(NewPasswordForm):
    """A new password for somebody who follows a link, and what becomes of their tokens."""

    revoke_tokens = forms.BooleanField(
        label="Also revoke my API tokens", required=False, initial=True,
        help_text="Programs that use them stop working until you give them new ones. Keep this on if somebody else may "
        "know your password.",
    )  # fmt: skip
    field_order = ["password", "password_again", "revoke_tokens"]


class JoinForm(NewPasswordForm):
    """A name and a password, for who follows an invitation."""

    name = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "password", "password_again"]


class SetupForm(NewPasswordForm):
    """The first administrator and the first team."""

    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="You sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    team = forms.CharField(
        label="Name of your team", max_length=200, help_text="Drafts, reviews and packs belong to it."
    )
    field_order = ["name", "email", "team", "password", "password_again"]


class ProfileForm(forms.ModelForm[User]):
    """What others read of a person. Give it a copy: checking writes to its instance."""

    class Meta:
        model = User
        fields = ["name"]
        help_texts = {"name": "Shown beside what you write and decide."}


class TeamForm(forms.ModelForm[Team]):
    """The team's name and its rule for reviews. Give it a copy: checking writes to its instance."""

    required_approvals = forms.IntegerField(
        label="Approvals needed",
        min_value=1,
        max_value=MOST_APPROVALS,
        help_text=Team._meta.get_field("required_approvals").help_text,
    )

    samples_required = forms.BooleanField(
        label="Hand-in needs proof", required=False, help_text=Team._meta.get_field("samples_required").help_text
    )

    second_factor_required = forms.BooleanField(
        label="Everybody needs a second factor",
        required=False,
        help_text=Team._meta.get_field("second_factor_required").help_text,
    )

    open_threads_block = forms.BooleanField(
        label="Open conversations block approval",
        required=False,
        help_text=Team._meta.get_field("open_threads_block").help_text,
    )

    approved_rules_only = forms.BooleanField(
        label="Release approved rules only",
        required=False,
        help_text=Team._meta.get_field("approved_rules_only").help_text,
    )

    idle_minutes = forms.IntegerField(
        label="Minutes without activity until members are signed out", required=False,
        min_value=0, max_value=MAX_IDLE_MINUTES, help_text=Team._meta.get_field("idle_minutes").help_text,
    )  # fmt: skip

    class Meta:
        model = Team
        fields = [
            "name", "required_approvals", "samples_required", "open_threads_block", "approved_rules_only",
            "second_factor_required", "idle_minutes",
        ]  # fmt: skip

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_idle_minutes(self) -> int:
        """An empty field means no limit; a form without the field leaves it as it is."""
        if self.add_prefix("idle_minutes") not in self.data:
            return self.instance.idle_minutes
        return self.cleaned_data["idle_minutes"] or 0

    def clean_second_factor_required(self) -> bool:
        wanted = bool(self.cleaned_data["second_factor_required"])
        if wanted and not self.instance.second_factor_required and not factors.has_one(self.by):
            raise forms.ValidationError("Set up your own second factor first: Settings, Sign-in and security.")
        return wanted


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.AUTHOR)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if member := Membership.objects.filter(team=self.team, user__email=email).select_related("user").first():
            raise forms.ValidationError(f"{member.user.name} is already a member of {self.team}.")
        return email


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(choices=Role.choices)


class ForgottenForm(forms.Form):
    """Whose password was forgotten."""

    email = forms.EmailField(
        label="E-mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
