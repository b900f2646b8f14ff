"""Shapes that several routes share: what comes in, what goes out, and lists by pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from ninja import Path, Schema
from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")

#: A number in an address, and in a body.
Key = Annotated[int, Path(ge=1, le=2**53)]
Number = Annotated[int, Field(ge=1, le=2**53)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that you have seen.")]


class Given(BaseModel):
    """What a body holds: exactly these members, of exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Asked(BaseModel):
    """What a query may ask for."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    per_page: Annotated[int, Field(ge=1, le=100)] = 25

    def words(self) -> dict[str, str]:
        """The same as the address of a page has it."""
        return {name: str(value) for name, value in self.model_dump().items()}


class Page(Schema, Generic[T]):
    """One page of a list. A page beyond the last one is the last one."""

    items: list[T]
    total: int
    page: int
    pages: int


class Person(Schema):
    """Somebody."""

    id: int
    name: str


class Found(Schema):
    """A finding. place: the part of a rule; start and end: bytes in it, where a part of it is meant."""

    code: str
    severity: str
    message: str
    hint: str
    place: str
    item: str
    start: int | None
    end: int | None


class Note(Schema):
    """When something was done, by whom, what."""

    number: int
    label: str
    by: Person
    at: datetime


def found(finding: Any) -> Found:
    """A finding of the engine."""
    span = finding.span
    start, end = (span.start.offset, span.end.offset) if span else (None, None)
    return Found(
        code=finding.code, severity=str(finding.severity), message=finding.message, hint=finding.hint,
        place=finding.place, item=finding.item, start=start, end=end,
    )  # fmt: skip


def page(rows: QuerySet[Any] | Sequence[Any], asked: Asked) -> dict[str, Any]:
    """The page that is asked for, as `Page` takes it."""
    pages = Paginator(rows, asked.per_page)
    got = pages.get_page(asked.page)
    return {"items": list(got.object_list), "total": pages.count, "page": got.number, "pages": pages.num_pages}
