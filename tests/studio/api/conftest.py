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
