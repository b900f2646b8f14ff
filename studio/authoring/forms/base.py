"""What all posts of the wizard share: the version that was seen, bounds, and the change they ask for."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django import forms

from studio.accounts.models import Team, User
from studio.authoring.content import RuleContent
from studio.authoring.edits import Edit
from studio.authoring.models import Draft
from studio.authoring.waivers import NOTHING, Off


class Redraw(StrEnum):
    """A part of a step's page."""

    LIVE = "live"
    STAGE = "stage"
    CARD = "card"
    CLAUSE = "clause"
    CHOSEN = "chosen"
    BUILD = "build"


class ChangeForm(forms.Form):
    """One change of a draft. A button posts `action=verb:argument`; the argument is a field of the form."""

    #: What is drawn anew besides the panel and the progress: a part of the page that no longer fits. Never what is
    #: being typed in, and never more than needed: a click on something that a swap has just replaced would be lost.
    redraw = Redraw.LIVE

    #: What the page's address asks for once the change is made, such as the row that is open next.
    asked: dict[str, str] = {}
    #: The id of the element that the page then begins at.
    anchor = ""
    #: Who changes, and what the team has switched off; set by the view.
    by: User | None = None
    off: Off = NOTHING
    #: Who asks, as team and person; a form that needs to know refuses while nobody is named.
    asker: tuple[Team, User] | None = None
    rule_set = ""
    #: The builder's open form as it was typed, where the page is shown again.
    open_editor: Any = None

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    argument: forms.Field = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def edit(self) -> Edit:
        """The change that the valid form asks for; a form without a field of its own changes nothing."""
        return Edit("Nothing changed", lambda content: content)

    def prepare(self) -> None:
        """What is written before the change, in one transaction with it; nothing for most."""

    def as_typed(self, content: RuleContent) -> RuleContent:
        """The content that the page shows where the post is refused: what was typed, as far as it can be read."""
        return content

    def follow(self, draft: Draft, by: User) -> None:
        """What else is written once the change is saved; nothing for most."""

    def complaints(self) -> list[str]:
        """Every error as one sentence that names its field."""
        lines = []
        for name, errors in self.errors.items():
            label = self.fields[name].label or name if name in self.fields else ""
            lines += [f"{label}: {error}" if label else str(error) for error in errors]
        return lines


class PlainText(forms.CharField):
    """A text of several lines as people typed it, with one kind of line end."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "strip": False, **kwargs})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


def choice(value: str, known: tuple[str, ...] | list[str], default: str) -> str:
    """`value` where it is known, else `default`."""
    return value if value in known else default
