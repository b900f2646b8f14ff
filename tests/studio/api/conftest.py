"""Programs that act for the people of our stories, and a draft of Ada's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from studio.accounts.permissions import role_of
from studio.api import tokens
from studio.api.scopes import within
from studio.packs import channels
from studio.packs.models import Destination, Pack
from tests.studio.authoring.conftest import catalogue, desk, draft

__all__ = ["catalogue", "desk", "draft"]


@dataclass
class Program:
    """A program with a token."""

    secret: str
    client: Client

    def ask(self, method: str, path: str, body: Any = None, **query: Any):
        """Ask below /api/v1; `body` travels as JSON."""
        data = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        address = f"/api/v1{path}"
        return self.client.generic(
            method.upper(), address, **data, query_params=query, headers={"Authorization": f"Bearer {self.secret}"}
        )

    def get(self, path: str, **query: Any):
        return self.ask("get", path, **query)

    def post(self, path: str, body: Any = None):
        return self.ask("post", path, body)


def program_of(person, team, scopes=None) -> Program:
    """A program that acts for somebody, with every scope that their role has use for."""
    wanted = within(role_of(person, team)) if scopes is None else scopes
    return Program(tokens.make(person, team, "Test", wanted, 30)[1], Client(raise_request_exception=False))


@pytest.fixture
def ada(people):
    """Ada's program."""
    return program_of(people.ada, people.team)


@pytest.fixture
def programs(people):
    """A program for each of the cast, by first name."""
    team = dict.fromkeys(("vic", "ada", "rui", "mai", "ann"), people.team) | {"sam": people.other_team}
    return {name: program_of(getattr(people, name), where) for name, where in team.items()}


#: First word of an address → which thing of the scene its number names; drafts for all others.
THINGS = {
    "revisions": "revision", "threads": "thread", "comments": "comment", "imports": "file", "packs": "release",
    "definitions": "definition", "exports": "run", "own-behaviours": "behaviour", "lab": "lab_run", "views": "view",
    "webhooks": "webhook", "webhook-deliveries": "delivery", "members": "membership", "invitations": "invitation",
    "index-links": "index",
}  # fmt: skip


@pytest.fixture
def things(scene, people):
    """Keys of one of each thing that an address can name; for tests that have the scene of the permission walk."""
    pack, address = Pack.objects.get(), "https://git.example/rules.git"
    place = Destination.objects.create(pack=pack, kind="git", label="Git", address=address, made_by=people.mai)
    link = channels.make(pack, people.mai, "Servers", "stable")[0]
    index = channels.make_index(people.team, people.mai, "Servers")[0]
    return {**scene.things, "link": link.pk, "destination": place.pk, "index": index.pk}


def named(path, things):
    """What stands in an address for its parameters."""
    kind = "link" if "/links/" in path else "destination" if "/destinations/" in path else ""
    put_away = {"/drafts/{pk}/restore": "deleted", "/definitions/{pk}/restore": "deleted_definition"}
    key = put_away.get(path) or kind or THINGS.get(path.split("/")[1], "draft")
    name = "acme_shells" if path.startswith("/rule-sets/") else "base"
    return {
        "slug": things["rule_set"], "name": name, "number": 1,
        "pk": things[key], "event": things["event"], "draft": things["rule"],
        "behaviour": "t1490-rm-recursive-force", "code": "MEWS_DESC_PERIOD", "file": "table.csv",
    }  # fmt: skip
