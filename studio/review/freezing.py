"""What a submission freezes: the team's macros, lists and behaviours and the sample events, and how they differ now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.authoring import content, samples
from studio.authoring.frozen_parts import FrozenBehaviour
from studio.authoring.models import Draft
from studio.behaviours.models import OwnVersion
from studio.behaviours.own import queries as behaviours
from studio.behaviours.own import writing
from studio.definitions import queries as definitions
from studio.definitions.models import Definition
from studio.definitions.values import Term
from studio.review.models import Revision


@dataclass(frozen=True, slots=True)
class Changed:
    """A macro or list that says something else now than in the revision. now: None for one that is gone."""

    then: Term
    now: Definition | None


def frozen(draft: Draft) -> dict[str, Any]:
    """The draft's content with the definitions that it needs as they are now: what a revision of it keeps."""
    return content.frozen(draft.content, definitions.own(draft.team_id))


def frozen_parts(draft: Draft) -> dict[str, Any]:
    """The team's behaviours and the sample events of the draft as they are now: what a revision keeps beside it."""
    return samples.freeze(content.from_json(draft.content), draft.samples_id)


def hashed(kept: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """What the content hash of a revision covers. Empty parts are left out, so earlier hashes stay valid."""
    return {**kept, **{key: value for key, value in parts.items() if value}}


def same(draft: Draft, revision: Revision) -> bool:
    """Whether a submission of the draft would freeze exactly what the revision holds."""
    parts = {key: value for key, value in revision.frozen.items() if value}
    return hashed(frozen(draft), frozen_parts(draft)) == {**revision.content, **parts}


def bare(kept: dict[str, Any]) -> dict[str, Any]:
    """A content without the definitions: what its author wrote in the draft."""
    return {key: value for key, value in kept.items() if key != "definitions"}


def same_text(draft: Draft, revision: Revision) -> bool:
    """Whether the draft says what was handed in, whatever became of the definitions."""
    return bare(draft.content) == bare(revision.content)


def changed(revision: Revision) -> list[Changed]:
    """The definitions that say something else now."""
    content = revision.rule_content()
    found = [one for one, _ in definitions.changed_since(revision.team_id, content.definitions, content.rule_set)]
    rows = definitions.definitions(revision.team).filter(name__in=[one.name for one in found]) if found else ()
    now = {one.name: one for one in rows}
    return [Changed(one, now.get(one.name)) for one in found]


@dataclass(frozen=True, slots=True)
class ShownBehaviour:
    """A behaviour that a revision froze. row: its version in the database, if it still exists.

    unapproved: nobody had approved it at submission, so it is reviewed with the rule. changed: the version says
    something else now.
    """

    frozen: FrozenBehaviour
    row: OwnVersion | None
    unapproved: bool
    changed: bool

    @property
    def text(self) -> str:
        """The record as YAML."""
        return writing.to_yaml(self.frozen.record)


def shown_behaviours(revision: Revision) -> list[ShownBehaviour]:
    """The team's behaviours that the revision froze, those that are reviewed with it first."""
    kept = revision.rule_content().own_behaviours or ()
    rows = {row.reference: row for row in behaviours.rows(one.reference for one in kept)}
    reviewed = set(revision.reviewed_behaviours)
    found = [
        ShownBehaviour(one, row, one.reference in reviewed, row is not None and row.digest != one.digest)
        for one in kept
        for row in [rows.get(one.reference)]
    ]
    return sorted(found, key=lambda one: not one.unapproved)
