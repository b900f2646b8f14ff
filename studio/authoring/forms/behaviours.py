"""Posts of the second step: choose, adjust and drop behaviours; take what was pasted."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from django import forms
from django.http import QueryDict

from studio.accounts.models import Team, User
from studio.authoring import described, edits, facts
from studio.authoring.clauses import parsed
from studio.authoring.forms.base import ChangeForm, PlainText, Redraw
from studio.authoring.models import Draft
from studio.behaviours.own import queries as own
from studio.behaviours.parameters import ParameterError
from studio.behaviours.records import Behaviour
from studio.lab import services as lab
from studio.lab.events import ParsedEvent
from studio.lab.models import Expectation

#: Parameters of a behaviour are posted under their name with this in front.
PREFIX = "p-"
#: Characters of a description.
LONGEST = 20_000
VARIANT = "variant"


class ChooseBehaviour(ChangeForm):
    """Choose a behaviour with its parameters, or set the parameters of a chosen one (`chosen`)."""

    redraw = Redraw.CARD

    behaviour = forms.CharField(max_length=120, label="Behaviour")
    variant = forms.CharField(max_length=120, required=False, label="Variant")
    chosen = forms.BooleanField(required=False, label="Chosen before")

    def clean(self) -> dict[str, Any]:
        """Fills `found` (the record), `parameters` (those that differ from their default) and `clause`."""
        data = super().clean() or {}
        found = usable(data.get("behaviour", ""), self.asker, chosen=bool(data.get("chosen")))
        if found is None:
            raise forms.ValidationError("This behaviour is not in the library (any more).")
        parameters = self._given(found)
        try:
            clause = found.clause(parameters, data.get("variant") or None)
        except ParameterError as error:
            raise forms.ValidationError(str(error)) from error
        except KeyError as error:
            raise forms.ValidationError("This behaviour has no such variant.") from error
        if data.get("chosen"):
            self.redraw = Redraw.CLAUSE
        return {**data, "found": found, "parameters": parameters, "clause": clause}

    def edit(self) -> edits.Edit:
        data = self.cleaned_data
        kept = {**data["parameters"], **({VARIANT: data["variant"]} if data["variant"] else {})}
        return edits.choose_behaviour(data["behaviour"], data["found"].title, kept, data["clause"])

    def _given(self, found: Behaviour) -> dict[str, str]:
        """The posted parameters by name, as texts with one value on each line."""
        posted = {item.name: self.data.get(PREFIX + item.name) for item in found.parameters}
        texts = {name: str(value).replace("\r\n", "\n").strip() for name, value in posted.items() if value is not None}
        return {
            item.name: texts[item.name]
            for item in found.parameters
            if texts.get(item.name, as_text(item.default)) != as_text(item.default)
        }


def usable(behaviour_id: str, asker: tuple[Team, User] | None, *, chosen: bool = False) -> Behaviour | None:
    """The behaviour, where this person may put it into a rule; `chosen`: it is in the rule already."""
    if not own.is_reference(behaviour_id):
        return facts.behaviour(behaviour_id)
    return own.may_use(*asker, behaviour_id, chosen=chosen) if asker else None


class DropBehaviour(ChangeForm):
    """Choose it no more."""

    redraw = Redraw.CARD

    behaviour = forms.CharField(max_length=120, label="Behaviour")

    def edit(self) -> edits.Edit:
        found = facts.behaviour(self.cleaned_data["behaviour"])
        return edits.drop_behaviour(
            self.cleaned_data["behaviour"], found.title if found else self.cleaned_data["behaviour"]
        )


class TakeForm(ChangeForm):
    """Take what is ticked of what was pasted: behaviours of the library, and clauses as alternatives."""

    redraw = Redraw.STAGE

    command = PlainText(max_length=LONGEST, label="What was pasted")

    def clean(self) -> dict[str, Any]:
        """Fills `picked` (behaviours) and `clauses`."""
        data = super().clean() or {}
        ticked = self.data.getlist("take") if isinstance(self.data, QueryDict) else []
        taken = list(dict.fromkeys(ticked))[: described.MOST]
        if not taken:
            raise forms.ValidationError("Tick at least one clause first.")
        ids = [one.removeprefix(described.BEHAVIOUR) for one in taken if one.startswith(described.BEHAVIOUR)]
        texts = [one.removeprefix(described.CLAUSE) for one in taken if one.startswith(described.CLAUSE)]
        picked = [found for one in ids if (found := usable(one, self.asker))]
        if len(picked) < len(ids):
            raise forms.ValidationError("A behaviour is not in the library (any more). Paste the text again.")
        if any(len(one) > described.LONGEST or parsed(one) is None for one in texts):
            raise forms.ValidationError("Falco cannot read one of the clauses. Paste the text again.")
        return {**data, "picked": picked, "clauses": texts}

    def edit(self) -> edits.Edit:
        return described.take(self.cleaned_data["picked"], self.cleaned_data["clauses"])

    def follow(self, draft: Draft, by: User) -> None:
        """Keep the events that the clauses were made from, so that one can see them fire."""
        keep_events(draft, by, self.cleaned_data["command"], self.cleaned_data["clauses"])


def keep_events(draft: Draft, by: User, text: str, clauses: Collection[str]) -> None:
    """Keep the events of a pasted text that these clauses were made from, each once, as far as they fit."""
    made = {one.name[:120]: ParsedEvent(one.name[:120], one.fields) for one in described.events(text, clauses)}
    there = set(draft.samples.events.filter(name__in=made).values_list("name", flat=True))
    fresh = [one for name, one in made.items() if name not in there]
    with suppress(lab.TooManyEventsError):
        if fresh:
            lab.add(draft.samples, by, fresh, Expectation.MATCH)


class DescribeForm(forms.Form):
    """Command lines, a script or alerts, to make clauses from. Nothing is written."""

    command = PlainText(max_length=LONGEST, label="Command line")


def as_text(setting: object) -> str:
    """A parameter's value as it stands in its field: lists with one value on each line."""
    return "\n".join(str(item) for item in setting) if isinstance(setting, tuple) else str(setting)


ACTIONS: dict[str, type[ChangeForm]] = {"choose": ChooseBehaviour, "drop": DropBehaviour, "take": TakeForm}
