"""Schemathesis over the whole description: requests that fit it and requests that do not, in a room full of things.

Every answer is one that the description names, in the shape that it gives; what does not fit is refused; nothing
answers 500. Left out is only its demand that whatever fits the description is accepted: a condition may be text, and
still no condition.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import schemathesis
from django.core import signals
from django.core.cache import cache
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from studio.api import machine
from studio.wsgi import application
from tests.studio.api.conftest import named
from tests.studio.test_permissions import scene

__all__ = ["scene"]

pytestmark = pytest.mark.django_db
#: Requests of each kind to each address; the same ones every time. SCHEMATHESIS_EXAMPLES=100 for a long look.
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "2"))
CHECKS = [
    schemathesis.checks.not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance, negative_data_rejection,
]  # fmt: skip


@contextmanager
def connection_kept() -> Iterator[None]:
    """A request over WSGI ends by closing the connection that holds this story; Django's own client spares it too."""
    both = (signals.request_started, signals.request_finished)
    for one in both:
        one.disconnect(close_old_connections)
    try:
        yield
    finally:
        for one in both:
            one.connect(close_old_connections)


def about(operation):
    """What the description says of it."""
    return machine.schema()["paths"][operation.path][operation.method]


def takes_anything(operation):
    """Whether there is anything that a request could get wrong."""
    return bool(about(operation)["parameters"] or about(operation).get("requestBody"))


def checks_of(operation):
    """In a form everything is text, so that a number in the place of a text is none."""
    is_form = "multipart/form-data" in about(operation).get("requestBody", {}).get("content", {})
    return [one for one in CHECKS if not (is_form and one is negative_data_rejection)]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_schemathesis_finds_nothing(mode, things, programs):
    """What fits the description names things that are there, so that it comes past the first door."""
    with connection_kept():
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    schema.config.generation.update(with_security_parameters=False)  # every request has its token (test_walk.py: none)
    schema.config.checks.negative_data_rejection.expected_statuses = ["400", "404", "409", "413", "422"]
    headers = {"Authorization": f"Bearer {programs['ann'].secret}"}
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not takes_anything(operation):
            continue
        path = operation.path.removeprefix("/api/v1")
        there = {name: str(value) for name, value in named(path, things).items() if f"{{{name}}}" in path}
        more = {"path_parameters": there} if there and mode is GenerationMode.POSITIVE else {}

        @settings(
            max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(mode, **more))
        def ask(case):
            nonlocal tried
            tried += 1
            cache.clear()
            with connection_kept(), transaction.atomic():
                answer = case.call(headers=headers)
                transaction.set_rollback(True)
            case.validate_response(answer, checks=checks_of(case.operation))

        ask()
    assert tried > len(machine.operations())
