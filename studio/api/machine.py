"""The interface as a whole: every route, how it refuses, and its description (OpenAPI 3.1)."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.urls import URLResolver
from django.urls.resolvers import RegexPattern
from ninja import NinjaAPI
from ninja.operation import Operation

from studio.api import refusals
from studio.api.bearer import Bearer, PerToken
from studio.api.parsing import Careful
from studio.api.problems import KIND
from studio.api.routes import ROUTERS
from studio.version import VERSION

PREFIX = "api/v1"
_ABOUT = (
    "Everything that the pages of Mews do, for programs. Make a token under Settings, API tokens, and send it as "
    "`Authorization: Bearer mews_…`. A token acts as its person in one team and never may more than that person's role."
)
#: Status → when it comes. Each is a problem+json.
_REFUSALS = {
    400: "The body is no JSON that can be taken.",
    401: "There is no live token.",
    403: "The token lacks the scope, or its person the role or the second factor that the team requires.",
    404: "The team has no such thing.",
    409: "The thing stands otherwise than the request supposes.",
    413: "The body is too large.",
    422: "Something in the request is wrong; `errors` says where.",
    429: "The token asks too often, or the team has too many runs waiting.",
    503: "The database is busy; `Retry-After` says when to try again.",
    507: "The server's disk is full: reading works, writing does not.",
}
_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "A refusal as RFC 9457 has it.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["place", "message"],
                "properties": {"place": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


class Api(NinjaAPI):
    """Operations go by the names of their functions, which are there once."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


@cache
def api() -> NinjaAPI:
    """Made once in a process."""
    made = Api(
        title="Mews", version="1", description=_ABOUT, docs_url=None, openapi_url=None, urls_namespace="api_v1",
        parser=Careful(), throttle=[PerToken()], openapi_extra={"info": {"x-mews": VERSION}},
    )  # fmt: skip
    made.add_exception_handler(Exception, refusals.answer)
    for kind in tuple(made._exception_handlers):
        made.add_exception_handler(kind, refusals.answer)
    for tag, router in ROUTERS:
        made.add_router("", router, tags=[tag])
    return made


@cache
def resolver() -> URLResolver:
    """Finds the view of an address below v1/."""
    return URLResolver(RegexPattern(r"^"), [one for one in api().urls[0] if getattr(one, "name", "") != "api-root"])


def operations() -> list[tuple[str, str, Operation]]:
    """(method, path, operation) of every address, in the order of the routes."""
    return [
        (method, path, one)
        for bound in api()._get_bound_routers()
        for path, view in bound.path_operations.items()
        for one in view.operations
        for method in one.methods
    ]


@cache
def schema() -> dict[str, Any]:
    """The description, with what every address has in common."""
    found: dict[str, Any] = api().get_openapi_schema(path_prefix=f"{PREFIX}/")
    found["components"]["schemas"]["Problem"] = _PROBLEM
    asks = {(method.lower(), path): one.auth_callbacks[0] for method, path, one in operations()}
    for path, methods in found["paths"].items():
        for method, about in methods.items():
            bearer = asks[method, path.removeprefix(f"/{PREFIX}")]
            assert isinstance(bearer, Bearer)
            about |= {"x-scope": bearer.scope.value, "x-role": bearer.role.value}
            for status, words in _REFUSALS.items():
                content = {KIND: {"schema": {"$ref": "#/components/schemas/Problem"}}}
                about["responses"].setdefault(status, {"description": words, "content": content})
    found["components"]["securitySchemes"]["Bearer"]["description"] = "A token of Settings, API tokens."
    return found
