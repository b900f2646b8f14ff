"""Saved views: filtered lists under names."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import BaseModel, Field

from studio.accounts.requests import TeamRequest
from studio.api.bearer import READ, WRITE
from studio.api.shapes import Given, Key, Person
from studio.saved import queries, services
from studio.saved.models import Place, SavedView

router = Router()

List = Literal["rules", "reviews", "drafts"]


class ViewOut(Schema):
    """A view of a list. query: the filters, as the list takes them in its address. shared: the team sees it."""

    id: int
    list: str
    name: str
    query: str
    shared: bool
    by: Person

    @staticmethod
    def resolve_list(view: SavedView) -> str:
        return Place(view.place).name.lower()

    @staticmethod
    def resolve_by(view: SavedView) -> Any:
        return view.person


class ViewsAsked(BaseModel):
    """Of which list."""

    list: List


class NewView(Given):
    """A view; one of your own of the same name is replaced. Sharing needs an author."""

    list: List
    name: Annotated[str, Field(min_length=1, max_length=60)]
    query: Annotated[str, Field(max_length=600)] = ""
    shared: bool = False


@router.get("/views", auth=READ, response=list[ViewOut])
def list_views(request: TeamRequest, asked: Query[ViewsAsked]) -> list[SavedView]:
    """List your views of a list, and those that the team shares."""
    return list(queries.seen_by(request.user, request.team, _place(asked.list)))


@router.post("/views", auth=WRITE, response={201: ViewOut})
def keep_view(request: TeamRequest, data: NewView) -> SavedView:
    """Keep a view."""
    return services.keep(request.team, request.user, _place(data.list), data.name, data.query, shared=data.shared)


@router.delete("/views/{pk}", auth=WRITE, response={204: None})
def forget_view(request: TeamRequest, pk: Key) -> None:
    """Forget a view of yours; administrators also one that the team shares."""
    services.forget(pk, request.team, request.user)


def _place(name: str) -> str:
    return str(Place[name.upper()].value)
