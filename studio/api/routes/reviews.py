"""Revisions: hand in, read, compare, decide."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, RELEASE, REVIEW, WRITE
from studio.api.content import Content, shown
from studio.api.problems import Problem, at
from studio.api.refusals import checked
from studio.api.routes.drafts import DraftOut
from studio.api.shapes import Asked, Given, Key, Number, Page, Person, Version, page
from studio.attack.models import Tactic
from studio.authoring import services as authoring
from studio.authoring.models import Draft
from studio.review import assigning, behaviour, decisions, freezing, lines, meaning, queries, queues, services
from studio.review.authorship import reviewers
from studio.review.forms import AssignmentForm
from studio.review.models import Assigning, Revision

router = Router()

Words = Annotated[str, Field(max_length=4000)]


class RevisionRow(Schema):
    """A revision in a list. required: approvals that it needs."""

    id: int
    draft: int
    number: int
    name: str
    state: str
    handed_in_by: Person
    handed_in_at: datetime
    required: int
    content_hash: str

    @staticmethod
    def resolve_draft(revision: Revision) -> int:
        return revision.draft_id


class DecisionOut(Schema):
    """A reviewer's word."""

    by: Person
    verdict: str
    note: str
    override: str
    at: datetime


class FrozenBehaviourOut(Schema):
    """A behaviour of the team as the revision froze it. record: as in a library file.

    unapproved: nobody had approved it at submission, so it is reviewed with the rule and approved with it. changed: the
    team's behaviour says something else now; the revision keeps this text.
    """

    id: str
    title: str
    version: int
    digest: str
    unapproved: bool
    changed: bool
    record: dict[str, Any]


class FrozenSampleOut(Schema):
    """A sample event as the revision froze it. expectation: match or no_match."""

    name: str
    expectation: str
    fields: dict[str, Any]


class RevisionOut(RevisionRow):
    """A revision. content_hash: send it with a decision, as the content that you have seen. It covers content,
    own_behaviours and samples. blocked: why nobody can approve it now."""

    note: str
    yaml: str
    content: Content
    own_behaviours: list[FrozenBehaviourOut]
    samples: list[FrozenSampleOut]
    blocked: str
    decisions: list[DecisionOut]
    reviewers: list[Person]
    deprecated_because: str
    approved_at: datetime | None

    @staticmethod
    def resolve_content(revision: Revision) -> dict[str, Any]:
        return shown(revision.rule_content())

    @staticmethod
    def resolve_own_behaviours(revision: Revision) -> list[dict[str, Any]]:
        return [
            {"id": one.frozen.reference, "title": one.frozen.title, "version": one.frozen.number,
             "digest": one.frozen.digest, "unapproved": one.unapproved, "changed": one.changed,
             "record": dict(one.frozen.record)}
            for one in freezing.shown_behaviours(revision)
        ]  # fmt: skip

    @staticmethod
    def resolve_samples(revision: Revision) -> list[dict[str, Any]]:
        return [
            {"name": one.name, "expectation": one.expectation, "fields": dict(one.fields)}
            for one in revision.rule_content().samples or ()
        ]

    @staticmethod
    def resolve_blocked(revision: Revision) -> str:
        return decisions.blocked(revision)

    @staticmethod
    def resolve_decisions(revision: Revision) -> list[Any]:
        return list(revision.decisions.select_related("by"))

    @staticmethod
    def resolve_reviewers(revision: Revision) -> list[Any]:
        return list(revision.reviewers.all())


class RevisionsAsked(Asked):
    """One of the queues, by words, by state, by who handed in and by who was asked (keys of people)."""

    view: Literal["all", "mine", "others", "own", "decided"] = "all"
    q: Annotated[str, Field(max_length=200)] = ""
    state: Literal["", "in_review", "changes", "approved", "withdrawn", "superseded", "deprecated"] = ""
    by: Annotated[str, Field(pattern=r"^[0-9]{0,17}$")] = ""
    reviewer: Annotated[str, Field(pattern=r"^[0-9]{0,17}$")] = ""


class HandIn(Given):
    """The version of the draft that you have seen, and a note for the reviewer."""

    version: Version
    note: Annotated[str, Field(max_length=2000)] = ""


class Approval(Given):
    """About which content: its hash as you have seen it. override: an administrator's reason to approve their own."""

    seen: Annotated[str, Field(max_length=64)]
    note: Words = ""
    override: Annotated[str, Field(max_length=1000)] = ""


class Objection(Given):
    """About which content, and what is to change."""

    seen: Annotated[str, Field(max_length=64)]
    note: Annotated[str, Field(min_length=1, max_length=4000)]


class Reviewers(Given):
    """Who is asked to review; nobody in particular where it is empty."""

    reviewers: Annotated[list[Number], Field(max_length=50)]


class ChangeSaid(Schema):
    """A change by its meaning. effect: what it does to the events that match."""

    part: str
    kind: str
    says: str
    effect: str
    before: str
    after: str


class LineSaid(Schema):
    """A line of the YAML: same, add or remove, with its numbers."""

    kind: str
    old: int | None
    new: int | None
    text: str


class TurnSaid(Schema):
    """Events that the two treat differently."""

    what: str
    title: str
    good: bool
    events: list[str]
    total: int


class Difference(Schema):
    """What changed since `against`, a revision of the same draft; null where there is none."""

    against: int | None
    changes: list[ChangeSaid]
    lines: list[LineSaid]
    events: list[TurnSaid]


class AgainstAsked(Schema):
    """The number (id) of another revision of the same draft; without it the last one that was approved before."""

    against: Annotated[int, Field(ge=1, le=2**53)] | None = None


class AssignmentOut(Schema):
    """How the team asks: nobody, owners (of the rule's tactics, else in turn), or turn; and who owns which tactic."""

    how: str
    owners: dict[str, Person]


class Assignment(Given):
    """The same: for each tactic's short name the number of its owner. Tactics that are left out have none."""

    how: Literal["nobody", "owners", "turn"]
    owners: Annotated[dict[Annotated[str, Field(max_length=60)], Number], Field(max_length=50)] = {}


@router.post("/drafts/{pk}/hand-in", auth=WRITE, response={201: RevisionOut})
def hand_in(request: TeamRequest, pk: Key, data: HandIn) -> Revision:
    """Hand a draft in for review."""
    return services.hand_in(pk, request.team, request.user, data.version, data.note)


@router.get("/revisions", auth=READ, response=Page[RevisionRow])
def list_revisions(request: TeamRequest, asked: Query[RevisionsAsked]) -> dict[str, Any]:
    """List revisions."""
    return page(queues.Queues(request.team, request.user).rows(queues.Asked.of(asked.words())), asked)


@router.get("/revisions/{pk}", auth=READ, response=RevisionOut)
def read_revision(request: TeamRequest, pk: Key) -> Revision:
    """Read a revision with its decisions."""
    return queries.revision(request.team, pk)


@router.get("/revisions/{pk}/diff", auth=READ, response=Difference)
def diff(request: TeamRequest, pk: Key, asked: Query[AgainstAsked]) -> dict[str, Any]:
    """Say what changed: by meaning, line by line, and in which events match."""
    new = queries.revision(request.team, pk)
    old = queries.family(new).get(pk=asked.against) if asked.against else queries.approved_before(new)
    before, after = old.rule_content() if old else None, new.rule_content()
    parts = meaning.parts(before, after)
    turned = behaviour.compare(before, after, new.draft.samples_id) if before else behaviour.Behaviour()
    return {
        "against": old.pk if old else None,
        "changes": [{"part": part.slug, **asdict(one)} for part in parts for one in part.changes],
        "lines": [asdict(one) for one in lines.diff(old.yaml if old else "", new.yaml)],
        "events": [
            {"what": one.slug, "title": one.title, "good": one.good, "total": len(one.turns),
             "events": [turn.sample.name for turn in one.shown]}
            for one in turned.groups
        ],
    }  # fmt: skip


@router.post("/revisions/{pk}/withdraw", auth=WRITE, response=RevisionOut)
def withdraw(request: TeamRequest, pk: Key) -> Revision:
    """Take a revision out of review."""
    return services.withdraw(pk, request.team, request.user)


@router.put("/revisions/{pk}/reviewers", auth=WRITE, response=RevisionOut)
def assign(request: TeamRequest, pk: Key, data: Reviewers) -> Revision:
    """Say who is asked to review."""
    return services.assign(pk, request.team, request.user, data.reviewers)


@router.post("/revisions/{pk}/approve", auth=REVIEW, response=RevisionOut)
def approve(request: TeamRequest, pk: Key, data: Approval) -> Revision:
    """Approve a revision."""
    return decisions.approve(pk, request.team, request.user, data.seen, data.note, data.override)


@router.post("/revisions/{pk}/request-changes", auth=REVIEW, response=RevisionOut)
def request_changes(request: TeamRequest, pk: Key, data: Objection) -> Revision:
    """Send a revision back to its author."""
    return decisions.request_changes(pk, request.team, request.user, data.seen, data.note)


@router.post("/revisions/{pk}/draft", auth=WRITE, response={201: DraftOut})
def begin_with_revision(request: TeamRequest, pk: Key) -> Draft:
    """Begin a draft with exactly what was handed in."""
    found = queries.revision(request.team, pk)
    label = f"Begin with {found}"
    return authoring.begin_with(request.team, request.user, found.rule_content(), label, found.draft)


@router.get("/review-assignment", auth=READ, response=AssignmentOut)
def read_assignment(request: TeamRequest) -> dict[str, Any]:
    """Say who is asked when a rule is handed in."""
    return _assignment(request)


@router.put("/review-assignment", auth=RELEASE, response=AssignmentOut)
def settle_assignment(request: TeamRequest, data: Assignment) -> dict[str, Any]:
    """Settle who is asked when a rule is handed in."""
    given = {"how": data.how, **{f"tactic-{tactic}": person for tactic, person in data.owners.items()}}
    tactics = Tactic.objects.order_by("position")
    unknown = data.owners.keys() - {one.slug for one in tactics}
    if unknown:
        raise Problem(422, "There is no such tactic.", [at(f"owners.{one}", "No tactic.") for one in sorted(unknown)])
    form = AssignmentForm(given, tactics=tactics, able=reviewers(request.team))
    checked(form)
    assigning.settle(request.team, request.user, Assigning(data.how), form.owners())
    return _assignment(request)


def _assignment(request: TeamRequest) -> dict[str, Any]:
    owners = {tactic: people[0] for tactic, people in assigning.owners(request.team).items()}
    return {"how": assigning.policy(request.team), "owners": owners}
