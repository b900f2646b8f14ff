"""What a page is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studio.accounts.models import User
from studio.authoring.content import RuleContent
from studio.authoring.examination import Examination
from studio.authoring.models import Draft


@dataclass(frozen=True, slots=True)
class Subject:
    """A draft, its content, what the examination found, what the address asks for, and who looks at it."""

    draft: Draft
    content: RuleContent
    exam: Examination
    query: Mapping[str, str]
    person: User | None = None
