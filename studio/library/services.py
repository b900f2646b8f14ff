"""What a maintainer does with several rules at once: deprecate, reinstate, hand over, tag. Each rule for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db import transaction

from rules_export.catalog.tags import order
from studio.accounts.models import Team, User
from studio.accounts.permissions import require
from studio.audit.services import record
from studio.authoring import services as authoring
from studio.authoring.content import RuleContent
from studio.authoring.edits import Edit, touch
from studio.authoring.models import Draft
from studio.authoring.services import Seen, StaleDraftError
from studio.library.models import Ownership
from studio.review import freezing, retiring
from studio.review import services as review
from studio.review.lifecycle import WrongStateError
from studio.review.models import Revision
from studio.review.permissions import NEEDS

#: Rules that one deed takes.
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Done:
    """How it went with one rule: `said` is a sentence, `ok` whether it is as asked for."""

    rule: Revision
    ok: bool
    said: str


def deprecate(team: Team, by: User, rules: Iterable[Revision], reason: str) -> list[Done]:
    """Every rule with the same reason. Raises RoleNeeded and NoReasonError before anything is done."""
    return _each(team, by, rules, lambda one: _said(retiring.deprecate(one.pk, team, by, reason), "Deprecated."))


def reinstate(team: Team, by: User, rules: Iterable[Revision], reason: str) -> list[Done]:
    """Every rule with the same reason. Raises RoleNeeded and NoReasonError before anything is done."""
    return _each(team, by, rules, lambda one: _said(retiring.reinstate(one.pk, team, by, reason), "Approved again."))


def hand_over(team: Team, by: User, rules: Iterable[Revision], owner: User) -> list[Done]:
    """Name the person who looks after the rules; a member of the team, who is asked for by the caller."""

    def one_rule(one: Revision) -> str:
        with transaction.atomic():
            Ownership.objects.update_or_create(draft_id=one.draft_id, defaults={"owner": owner})
            record(by, team, "rule.handed_over", one, owner=owner.name)
        return f"{owner} looks after it."

    return _each(team, by, rules, one_rule)


def tag(
    team: Team, by: User, rules: Iterable[Revision], add: Iterable[str], drop: Iterable[str], *, hand_in: bool = False
) -> list[Done]:
    """Change the tags of the rules' drafts, since what is approved never changes; hand them in again if asked to."""
    more, less = tuple(add), frozenset(drop)
    label = "Change tags in the library"

    def one_rule(one: Revision) -> str:
        draft = Draft.objects.get(pk=one.draft_id)
        if draft.deleted_at:
            raise review.NotReadyError(["Its draft is deleted. Begin a new draft from it first."])

        def change(content: RuleContent) -> RuleContent:
            kept = [each for each in (*content.tags, *more) if each not in less]
            tags = order(kept)
            return content if tags == content.tags else touch(replace(content, tags=tags), "tags", tags)

        if hand_in and not freezing.same(draft, one):
            raise review.NotReadyError(["Its draft holds other changes. Hand it in from the draft."])
        changed = authoring.edit(draft.pk, Seen(by, team, draft.version), Edit(label, change))
        same = changed.version == draft.version
        if not hand_in:
            return "Its draft has these tags already." if same else "Its draft is changed. Hand it in for approval."
        return f"{review.hand_in(draft.pk, team, by, changed.version, label)} is in review."

    return _each(team, by, rules, one_rule)


def _each(team: Team, by: User, rules: Iterable[Revision], deed: Callable[[Revision], str]) -> list[Done]:
    require(by, team, NEEDS["organise"])
    done = []
    for rule in rules:
        try:
            done.append(Done(rule, True, deed(rule)))
        except (WrongStateError, StaleDraftError, review.NotReadyError) as trouble:
            done.append(Done(rule, False, str(trouble) or "Somebody changed it meanwhile."))
    return done


def _said(_: Revision, text: str) -> str:
    return text
