"""The library of approved rules: list, read, deprecate, hand over, tag."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, RELEASE
from studio.api.content import Content, shown
from studio.api.problems import Problem
from studio.api.refusals import checked
from studio.api.routes.reviews import DecisionOut
from studio.api.shapes import Asked, Given, Key, Number, Page, Person, page
from studio.library import asking, queries
from studio.library.forms import DeprecateForm, OwnerForm, ReinstateForm, TagForm
from studio.library.services import MOST_AT_ONCE
from studio.review import expiring, facts
from studio.review.models import Revision

router = Router()

Text = Annotated[str, Field(max_length=200)]
Reason = Annotated[str, Field(min_length=1, max_length=500)]


class RuleRow(Schema):
    """A rule of the library: it is known by its draft, and says what its approved revision says."""

    draft: int
    revision: int
    name: str
    state: str
    priority: str
    techniques: list[str]
    tags: list[str]
    owner: Person
    author: Person
    approved_at: datetime

    @staticmethod
    def resolve_draft(rule: Revision) -> int:
        return rule.draft_id

    @staticmethod
    def resolve_revision(rule: Revision) -> int:
        return rule.pk

    @staticmethod
    def resolve_priority(rule: Revision) -> str:
        return rule.rule_content().priority

    @staticmethod
    def resolve_techniques(rule: Revision) -> list[str]:
        return list(rule.rule_content().techniques)

    @staticmethod
    def resolve_tags(rule: Revision) -> list[str]:
        return list(rule.rule_content().tags)

    @staticmethod
    def resolve_author(rule: Revision) -> Any:
        return rule.handed_in_by

    @staticmethod
    def resolve_owner(rule: Revision) -> Any:
        named = getattr(rule.draft, "ownership", None)
        return named.owner if named else rule.draft.author


class RuleOut(RuleRow):
    """A rule of the library."""

    yaml: str
    content: Content
    deprecated_because: str

    @staticmethod
    def resolve_content(rule: Revision) -> dict[str, Any]:
        return shown(rule.rule_content())


class Earlier(Schema):
    """A revision of the rule that was approved."""

    id: int
    number: int
    state: str
    approved_at: datetime
    content_hash: str
    decisions: list[DecisionOut]

    @staticmethod
    def resolve_decisions(rule: Revision) -> list[Any]:
        return list(rule.decisions.all())


class HostedOut(Schema):
    """A channel or destination. version: of its release; revision: the number of the one it has; state of the
    release: empty, yanked or rolled back."""

    pack: str
    version: str
    where: str
    revision: int
    state: str


class RulesAsked(Asked):
    """The filters of the library's page. owner and author: numbers of people. A technique brings its sub-techniques."""

    q: Text = ""
    technique: Text = ""
    tactic: Text = ""
    priority: Text = ""
    owner: Text = ""
    author: Text = ""
    maturity: Text = ""
    tag: Text = ""
    field: Text = ""
    state: Literal["", "released", "unreleased", "deprecated", "all"] = ""
    sort: Literal["approved", "name"] = "approved"


class Because(Given):
    """Why; it stays with the rule and in the journal."""

    reason: Reason


class Owner(Given):
    """The number of a member of the team."""

    owner: Number


class Tags(Given):
    """Tags to add and to take away, in the drafts of these rules. hand_in: hand the drafts in where they hold no
    other changes."""

    rules: Annotated[list[Number], Field(min_length=1, max_length=MOST_AT_ONCE)]
    add: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=20)] = []
    drop: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=20)] = []
    hand_in: bool = False


class Went(Schema):
    """How it went with one rule."""

    draft: int
    ok: bool
    said: str


class ExceptionsAsked(Asked):
    """Those that have expired or soon will (due), those without an owner, or all."""

    view: Literal["due", "ownerless", "all"] = "all"


class HeldOut(Schema):
    """An exception of an approved rule, and who answers for it until when."""

    draft: int
    rule: str
    name: str
    owner: str
    reason: str
    expires: date | None
    is_due: bool

    @classmethod
    def of(cls, held: expiring.Held) -> HeldOut:
        table = held.expiry.table
        return cls(
            draft=held.revision.draft_id, rule=held.revision.name, name=table.name, owner=table.owner,
            reason=table.reason, expires=held.expiry.last, is_due=held.expiry.is_due,
        )  # fmt: skip


@router.get("/rules", auth=READ, response=Page[RuleRow])
def list_rules(request: TeamRequest, asked: Query[RulesAsked]) -> dict[str, Any]:
    """List the rules of the library."""
    found = page(asking.Asked.of(asked.words()).rows(request.team).values_list("pk", flat=True), asked)
    rows = queries.shelf(request.team).in_bulk(found["items"])
    return {**found, "items": [rows[pk] for pk in found["items"] if pk in rows]}


@router.post("/rules/tags", auth=RELEASE, response=list[Went])
def tag(request: TeamRequest, data: Tags) -> list[dict[str, Any]]:
    """Change the tags of several rules in their drafts."""
    given = {"add": ",".join(data.add), "drop": ",".join(data.drop), "hand_in": data.hand_in}
    form = TagForm(given, team=request.team)
    checked(form)
    rules = queries.shelf(request.team).filter(draft__in=data.rules).order_by("name", "pk")
    return [{"draft": one.rule.draft_id, "ok": one.ok, "said": one.said} for one in form.carry_out(request.user, rules)]


@router.get("/exceptions", auth=READ, response=Page[HeldOut])
def list_exceptions(request: TeamRequest, asked: Query[ExceptionsAsked]) -> dict[str, Any]:
    """List the exceptions of approved rules, the earliest last day first."""
    found = [one for one in expiring.held(request.team) if one.is_in(asked.view)]
    return page([HeldOut.of(one) for one in found], asked)


@router.get("/rules/{draft}", auth=READ, response=RuleOut)
def read_rule(request: TeamRequest, draft: Key) -> Revision:
    """Read a rule of the library."""
    return queries.rule(request.team, draft)


@router.get("/rules/{draft}/history", auth=READ, response=list[Earlier])
def rule_history(request: TeamRequest, draft: Key) -> list[Revision]:
    """List the revisions of a rule that were ever approved, the newest first."""
    return list(queries.history(queries.rule(request.team, draft)))


@router.get("/rules/{draft}/hosted", auth=READ, response=list[HostedOut])
def rule_hosted(request: TeamRequest, draft: Key) -> list[facts.HostedRevision]:
    """List the channels and destinations where hosts run an earlier revision of a rule, or get it from a release that
    was yanked or rolled back."""
    return facts.hosted(queries.rule(request.team, draft))


@router.post("/rules/{draft}/deprecate", auth=RELEASE, response=RuleOut)
def deprecate(request: TeamRequest, draft: Key, data: Because) -> Revision:
    """Deprecate a rule: it leaves the packs with their next release."""
    return _one(request, draft, DeprecateForm({"reason": data.reason}, team=request.team))


@router.post("/rules/{draft}/reinstate", auth=RELEASE, response=RuleOut)
def reinstate(request: TeamRequest, draft: Key, data: Because) -> Revision:
    """Take a deprecation back."""
    return _one(request, draft, ReinstateForm({"reason": data.reason}, team=request.team))


@router.put("/rules/{draft}/owner", auth=RELEASE, response=RuleOut)
def hand_over(request: TeamRequest, draft: Key, data: Owner) -> Revision:
    """Say who looks after a rule."""
    return _one(request, draft, OwnerForm({"owner": data.owner}, team=request.team))


def _one(request: TeamRequest, draft: int, form: DeprecateForm | ReinstateForm | OwnerForm) -> Revision:
    """Carry a deed out for one rule. Raises the problem where it did not go."""
    rule = queries.rule(request.team, draft)
    checked(form)
    [done] = form.carry_out(request.user, [rule])
    if not done.ok:
        raise Problem(409, done.said)
    return queries.rule(request.team, draft)
