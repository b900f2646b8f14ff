"""The documentation's examples are carried out, and its table of scopes is the one in the code."""

from __future__ import annotations

import importlib
import re
import shlex
from io import BytesIO
from pathlib import Path

import pytest
from pydantic import BaseModel

from studio.api.scopes import SCOPES

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text()
ROUTES = Path(importlib.import_module("studio.api.routes").__path__[0])


@pytest.mark.django_db
def test_every_example_does_what_it_says(ada, draft):
    examples = re.findall(r"^curl .*$", DOCS, re.MULTILINE)
    assert len(examples) >= 6
    for example in examples:
        line = example.replace("$TOKEN", ada.secret).replace("$MEWS", "").replace("/drafts/1", f"/drafts/{draft.pk}")
        words = shlex.split(line)
        if "-F" in words:
            form = dict(words[at + 1].split("=", 1) for at, one in enumerate(words) if one == "-F")
            lines = BytesIO(b'{"evt.type": "execve", "proc.name": "sh"}')
            lines.name = form.pop("upload").removeprefix("@")
            sent = {**form, "upload": lines}
            answer = ada.client.post(words[4], sent, headers={"Authorization": f"Bearer {ada.secret}"})
            assert answer.status_code == 201, answer.content
            continue
        address = next(one for one in words if one.startswith("/api/v1"))
        body = words[words.index("-d") + 1] if "-d" in words else ""
        method = words[words.index("-X") + 1] if "-X" in words else "POST" if body else "GET"
        headers = dict(words[at + 1].split(": ", 1) for at, one in enumerate(words) if one == "-H")
        kind = {"content_type": headers.pop("Content-Type")} if body else {}
        answer = ada.client.generic(method, address, body, headers=headers, **kind)
        assert answer.status_code in (200, 201), (example, answer.content)


def test_the_table_of_scopes_is_that_of_the_code():
    table = DOCS.split("<!-- scopes -->")[1].split("<!-- /scopes -->")[0].strip().splitlines()[2:]
    assert table == [f"| `{scope}` | {about.says} | {about.role.label} |" for scope, about in SCOPES.items()]


def test_no_two_shapes_have_one_name():
    """The description knows shapes by their names; of two of one name it would tell only the later."""
    shapes = set()
    for module in map(importlib.import_module, (f"studio.api.routes.{one.stem}" for one in ROUTES.glob("[a-z]*.py"))):
        shapes |= {one for one in vars(module).values() if isinstance(one, type) and issubclass(one, BaseModel)}
    names = sorted(one.__name__ for one in shapes if one.__module__.startswith("studio.api"))
    assert len(names) > 100
    assert names == sorted(set(names))
