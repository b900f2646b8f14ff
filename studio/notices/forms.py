"""Forms about mail and webhooks."""

from __future__ import annotations

from typing import Any

from django import forms

from studio.accounts.sealing import CannotUnseal, unseal
from studio.notices import addresses
from studio.notices.models import Event, Kind, Way, Webhook


class MailForm(forms.Form):
    """For each kind of notice how it is mailed."""

    def __init__(self, *args: Any, ways: dict[str, Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in Kind:
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=Way.choices, initial=ways[kind], widget=forms.RadioSelect
            )


class WebhookForm(forms.Form):
    """Where to send what."""

    name = forms.CharField(max_length=80, help_text="So that you tell your webhooks apart, for example “Ops channel”.")
    url = forms.CharField(
        label="Address",
        max_length=addresses.LONGEST,
        help_text="It begins with https:// and is reachable from the machine that Mews runs on.",
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    shape = forms.ChoiceField(choices=Webhook.Shape.choices, initial=Webhook.Shape.GENERIC)
    events = forms.MultipleChoiceField(
        label="What to tell of",
        choices=Event.choices,
        initial=list(Event.values),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing to tell of."},
    )
    is_active = forms.BooleanField(
        label="Switched on",
        required=False,
        initial=True,
        help_text="Switched off, it is told nothing, and keeps its log.",
    )

    @classmethod
    def of(cls, hook: Webhook, data: Any = None) -> WebhookForm:
        """The form filled with what is kept."""
        try:
            url = unseal(hook.sealed_url)
        except CannotUnseal:
            url = ""
        initial = {
            "name": hook.name,
            "url": url,
            "shape": hook.shape,
            "events": hook.events,
            "is_active": hook.is_active,
        }
        return cls(data, initial=initial)

    def clean_url(self) -> str:
        return addresses.check(self.cleaned_data["url"].strip())
