"""The description of the interface in the shape that the page shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.text import slugify

from studio.accounts.roles import Role
from studio.api import machine


@dataclass(frozen=True, slots=True)
class Member:
    """One thing that an address takes."""

    name: str
    where: str
    type: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address with a method."""

    id: str
    method: str
    path: str
    says: str
    scope: str
    role: str
    status: str
    answers: str
    takes: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs together."""

    title: str
    slug: str
    operations: tuple[Endpoint, ...]


@cache
def groups() -> tuple[Group, ...]:
    """Every address, in the order of the routes."""
    found: dict[str, list[Endpoint]] = {}
    for path, methods in machine.schema()["paths"].items():
        for method, about in methods.items():
            found.setdefault(about["tags"][0], []).append(_endpoint(path, method, about))
    return tuple(Group(title, slugify(title), tuple(rows)) for title, rows in found.items())


def _endpoint(path: str, method: str, about: Mapping[str, Any]) -> Endpoint:
    status, answer = next((status, one) for status, one in about["responses"].items() if int(status) < 300)
    schema = next(iter(answer.get("content", {"": {}}).values())).get("schema", {})
    return Endpoint(
        id=about["operationId"], method=method.upper(), path=path, says=about["description"].split("\n")[0],
        scope=about["x-scope"], role=Role(about["x-role"]).label.lower(), status=str(status),
        answers=_type(schema) if schema else "", takes=_takes(about), members=(*_parameters(about), *_body(about)),
    )  # fmt: skip


def _takes(about: Mapping[str, Any]) -> str:
    """What is said of the body as a whole."""
    content = about.get("requestBody", {}).get("content", {})
    return next((str(_shape(one["schema"]).get("description", "")) for one in content.values()), "")


def _parameters(about: Mapping[str, Any]) -> Iterator[Member]:
    for one in about["parameters"]:
        yield Member(one["name"], one["in"], _type(one["schema"]), one["required"], one.get("description", ""))


def _body(about: Mapping[str, Any]) -> Iterator[Member]:
    content = about.get("requestBody", {}).get("content", {})
    for kind, one in content.items():
        shape, where = _shape(one["schema"]), "form" if kind.startswith("multipart/") else "body"
        for name, member in shape.get("properties", {}).items():
            said = member.get("description") or _shape(member).get("description", "")
            yield Member(name, where, _type(member), name in shape.get("required", ()), said)


def _shape(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference refers to."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = machine.schema()["components"]["schemas"][name] if name else schema
    return found


def _type(schema: Mapping[str, Any]) -> str:
    """ "list of DraftRow", "text, at most 200", "one of: a, b"."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return f"page of {name[5:-1]}" if name.startswith("Page_") else name
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return "one of: " + ", ".join(str(one) or "(empty)" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if schema.get("format") == "binary":
        return "file"
    kind = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null"}
    words = kind.get(str(schema.get("type")), str(schema.get("type", "anything")))
    return f"{words}, at most {schema['maxLength']:,}" if "maxLength" in schema else words
