"""The documentation's examples are carried out, and its table of scopes is the one in the code."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from studio.api.scopes import SCOPES

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text()


@pytest.mark.django_db
def test_every_example_does_what_it_says(ada, draft):
    examples = re.findall(r"^curl .*$", DOCS, re.MULTILINE)
    assert len(examples) >= 6
    for example in examples:
        line = example.replace("$TOKEN", ada.secret).replace("$MEWS", "").replace("/drafts/1", f"/drafts/{draft.pk}")
        words = shlex.split(line)
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
