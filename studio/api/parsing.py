"""Bodies and queries of requests: JSON within bounds, and no character or number that a database cannot keep."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from studio.api.problems import Problem, at

#: Bytes of a body, and levels of lists and objects in it.
MOST_BYTES, DEEPEST = 4_000_000, 24
_LARGEST = 2**63


class Careful(Parser):
    """ninja answers 400 to whatever `parse_body` raises."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = json.loads(request.body, parse_constant=_refuse)
        _look(body, DEEPEST)
        return body

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        for name, value in data.lists():
            if "\x00" in name or any(isinstance(one, str) and "\x00" in one for one in value):
                raise Problem(
                    422, "A text holds a zero byte.", [at(name.replace("\x00", "�"), "It holds a zero byte.")]
                )
        return super().parse_querydict(data, list_fields, request)


def _look(value: Any, depth: int) -> None:
    if isinstance(value, str):
        value.encode()  # half of a surrogate pair is no text: UnicodeEncodeError is a ValueError
        if "\x00" in value:
            raise ValueError("a character that cannot be kept")
    elif isinstance(value, (int, float)):
        if not -_LARGEST <= value < _LARGEST:
            raise ValueError("a number that cannot be kept")
    elif isinstance(value, (dict, list)):
        if not depth:
            raise ValueError("nested too deeply")
        for one in value.values() if isinstance(value, dict) else value:
            _look(one, depth - 1)
        if isinstance(value, dict):
            for key in value:
                _look(key, depth)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
