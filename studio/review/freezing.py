"""The team's own macros and lists in what is handed in: kept as they were, held against what they say now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.authoring import content
from studio.authoring.models import Draft
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
