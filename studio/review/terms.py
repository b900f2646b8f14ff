"""What the search over approved rules looks through: the rule's words and, as marks, what it names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rules_export.language.visitor import fields_used, identifiers
from studio.authoring import expiry
from studio.authoring.clauses import parsed
from studio.authoring.content import RuleContent
from studio.review.meaning import output_fields

#: Kinds of marks.
KINDS = ("field", "tag", "technique", "macro")


def of(content: RuleContent) -> str:
    """All that a revision can be found by, in lower case: its texts a line each, its marks on the last line."""
    cells = (cell for table in content.exceptions for cell in (table.name, *(one for row in table.rows for one in row)))
    texts = (content.name, content.desc, content.condition, content.output, " ".join(content.tags), " ".join(cells))
    lines = [" ".join(text.split()) for text in texts]
    return "\n".join([*lines, f" {' '.join(sorted(set(_marks(content))))} "]).lower().replace("\x00", "")


def mark(kind: str, name: str) -> str:
    """The mark as it stands in the terms: between blanks, so that no other one begins or ends with it."""
    return f" {kind}:{name.lower()} "


def first_expiry(content: RuleContent) -> date | None:
    """The earliest last day of its exceptions; None where none has one."""
    return min((day for table in content.exceptions if (day := expiry.of(table).last)), default=None)


def fields(content: RuleContent) -> frozenset[str]:
    """The fields that the rule itself names, in condition, exceptions and output, without arguments."""
    tree = parsed(content.condition)
    found = {one.name for one in fields_used(tree)} if tree is not None else set()
    columns = {one.split("[")[0] for table in content.exceptions for one in table.fields if one}
    return frozenset(found | columns | {one.split("[")[0] for one in output_fields(content)})


def _marks(content: RuleContent) -> Iterator[str]:
    yield from (f"field:{name}" for name in fields(content))
    yield from (f"tag:{tag}" for tag in content.tags)
    for technique in content.techniques:
        yield f"technique:{technique}"
        yield f"technique:{technique.split('.')[0]}"
    tree = parsed(content.condition)
    yield from (f"macro:{name}" for name in identifiers(tree)) if tree is not None else ()
