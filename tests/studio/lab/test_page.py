"""The lab's own page."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db

EVENT = '{"evt.type": "execve", "proc.name": "rm", "proc.cmdline": "rm -rf /"}'


def test_it_tries_a_condition_on_pasted_events(client, people):
    client.force_login(people.vic)
    page = client.post(
        "/lab/", {"condition": "proc.name = rm", "output": "Gone", "lines": EVENT + "\nx"}
    ).content.decode()
    assert "1 of 1 event fired" in page
    assert "Line 2: This is not JSON" in page


@pytest.mark.parametrize("junk", ["", "\x00", "x" * 70_000, "proc.name ="])
def test_it_answers_junk_with_words(client, people, junk):
    client.force_login(people.vic)
    answer = client.post("/lab/", {"condition": junk, "lines": EVENT, "output": junk[:5000]})
    assert answer.status_code in (200, 422)
