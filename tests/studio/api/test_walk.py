"""The walk over the interface: every address with a program of every role, of another team, without a token."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction
from django.test import Client

from studio.accounts.roles import Role
from studio.api import machine, reference
from studio.api.bearer import Bearer
from tests.studio.api.conftest import named
from tests.studio.test_permissions import scene

__all__ = ["scene"]

pytestmark = pytest.mark.django_db
TEAM = ("vic", "ada", "rui", "mai", "ann")
#: Addresses that name nothing of a team.
COMMON = {"/behaviours/{behaviour}", "/lints/{code}/off", "/coverage/{file}"}


@pytest.fixture
def addresses(things):
    """(method, address, what it asks for, whether it names something of the team)."""
    return [
        (method, f"/api/v1{path.format(**named(path, things))}", operation.auth_callbacks[0], is_owned(path))
        for method, path, operation in machine.operations()
    ]


def is_owned(path):
    return "{" in path and path not in COMMON


def ask(program, method, address):
    """One request, of which nothing stays."""
    with transaction.atomic():
        answer = program.ask(
            method, address.removeprefix("/api/v1"), {} if method in ("POST", "PUT", "PATCH") else None
        )
        transaction.set_rollback(True)
    return answer


def test_every_address_says_what_it_takes():
    asks = [operation.auth_callbacks[0] for _, _, operation in machine.operations()]
    assert len(asks) > 120
    assert all(isinstance(bearer, Bearer) for bearer in asks)


def test_nobody_comes_in_without_a_token(addresses):
    client = Client(raise_request_exception=False)
    wrong = {}
    for method, address, *_ in addresses:
        for header in ({}, {"Authorization": "Bearer mews_nothing"}, {"Authorization": "Basic YTpi"}):
            answer = client.generic(method, address, headers=header)
            if (answer.status_code, answer["Content-Type"]) != (401, "application/problem+json"):
                wrong[method, address] = answer.status_code
    assert wrong == {}


def test_everybody_gets_what_their_role_says(addresses, programs):
    """Each address with the role that it asks for, and with the one below: roles include each other."""
    wrong = {}
    for method, address, bearer, _ in addresses:
        least = [role_of(who) for who in TEAM].index(bearer.role)
        for who in TEAM[max(0, least - 1) : least + 1]:
            allowed = Role(role_of(who)).includes(bearer.role)
            answer = ask(programs[who], method, address)
            refused = answer.status_code == 403
            if answer.status_code >= 500 or refused is allowed or answer.status_code == 405:
                wrong[who, method, address] = answer.status_code
    assert wrong == {}


def test_another_teams_things_do_not_exist(addresses, programs):
    """A body that lacks what it needs may be refused before."""
    wrong = {}
    for method, address, _, owned in addresses:
        answer = ask(programs["sam"], method, address)
        if owned and answer.status_code not in (404, 422):
            wrong[method, address] = answer.status_code
    assert wrong == {}


def test_what_is_no_address_or_no_method_says_so(programs):
    for method, path, status in (
        ("GET", "/nothing", 404), ("GET", "/drafts/x", 422), ("PUT", "/drafts", 405), ("TRACE", "/me", 405),
        ("GET", f"/exports/{uuid.uuid4()}", 404), ("GET", "/drafts/99999999999999999999999", 422),
        ("POST", "/openapi.json", 405), ("GET", "/packs/%00", 404),
    ):  # fmt: skip
        answer = programs["ada"].ask(method, path)
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), path


def test_the_description_and_its_page_name_every_address(client, people):
    described = client.get("/api/v1/openapi.json").json()
    named = {(method.upper(), path) for path, rows in described["paths"].items() for method in rows}
    assert named == {(method, f"/api/v1{path}") for method, path, _ in machine.operations()}
    client.force_login(people.vic)
    page = client.get("/api/").content.decode()
    assert all(f'id="{one.id}"' in page for group in reference.groups() for one in group.operations)
    [run] = [one for group in reference.groups() for one in group.operations if one.id == "start_lab_run"]
    assert {one.name: (one.where, one.type) for one in run.members}["upload"] == ("form", "file")
    assert "All or none are kept." in page


def role_of(who):
    return {"vic": "viewer", "ada": "author", "rui": "reviewer", "mai": "maintainer", "ann": "administrator"}[who]
