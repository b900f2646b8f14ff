"""The sample events that are kept with a draft, and what is expected of each."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, WRITE
from studio.api.problems import Problem, at
from studio.api.refusals import checked
from studio.api.shapes import Given, Key
from studio.authoring import queries
from studio.lab import services as lab
from studio.lab.forms import MOST, PasteForm
from studio.lab.models import SampleEvent

router = Router()

Expected = Literal["match", "no_match"]


class Event(Schema):
    """A sample event. expectation: match where the rule must fire, no_match where it must stay silent."""

    id: int
    name: str
    fields: dict[str, Any]
    expectation: str


class NewEvents(Given):
    """Events as JSON Lines: bare fields, or Falco's own alerts. All or none are kept."""

    events: Annotated[str, Field(min_length=1, max_length=MOST)]
    expectation: Expected


class EventChange(Given):
    """What to change of an event."""

    name: Annotated[str, Field(max_length=120)] = ""
    expectation: Expected = "match"


@router.get("/drafts/{pk}/events", auth=READ, response=list[Event])
def list_events(request: TeamRequest, pk: Key) -> list[SampleEvent]:
    """List the sample events of a draft."""
    return list(queries.draft(request.team, pk).samples.events.all())


@router.post("/drafts/{pk}/events", auth=WRITE, response={201: list[Event]})
def add_events(request: TeamRequest, pk: Key, data: NewEvents) -> list[SampleEvent]:
    """Keep sample events with a draft."""
    draft = queries.draft(request.team, pk)
    form = PasteForm({"lines": data.events, "expectation": data.expectation})
    checked(form)
    if form.paste.bad:
        wrong = [at(f"line {one.number}", one.why) for one in form.paste.bad[:50]]
        raise Problem(422, "Some lines are no events; none was kept.", wrong)
    return lab.add(draft.samples, request.user, form.paste.events, data.expectation)


@router.patch("/drafts/{pk}/events/{event}", auth=WRITE, response=Event)
def change_event(request: TeamRequest, pk: Key, event: Key, data: EventChange) -> SampleEvent:
    """Give an event another name, or expect something else of it."""
    samples = queries.draft(request.team, pk).samples
    if "name" in data.model_fields_set:
        lab.rename(samples, request.user, event, data.name)
    if "expectation" in data.model_fields_set:
        lab.expect(samples, request.user, event, data.expectation)
    return samples.events.get(pk=event)


@router.delete("/drafts/{pk}/events/{event}", auth=WRITE, response={204: None})
def remove_event(request: TeamRequest, pk: Key, event: Key) -> None:
    """Forget an event."""
    lab.remove(queries.draft(request.team, pk).samples, request.user, event)
