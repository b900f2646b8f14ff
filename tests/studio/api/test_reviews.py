"""A review by programs alone: hand in, comment, approve what was read, find it in the library, deprecate it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


def test_a_review_by_programs(programs, desk):
    ada, rui, mai = programs["ada"], programs["rui"], programs["mai"]
    desk.write_article()
    path = f"/drafts/{desk.draft.pk}"
    version = ada.get(path).json()["version"]
    assert ada.post(f"{path}/hand-in", {"version": version - 1}).status_code == 409
    made = ada.post(f"{path}/hand-in", {"version": version, "note": "Look at the output."})
    assert made.status_code == 201
    revision = made.json()
    where = f"/revisions/{revision['id']}"
    thread = rui.post(f"{where}/threads", {"place": "output", "text": "Shorter.", "suggestion": "Short"}).json()
    assert rui.post(f"/threads/{thread['id']}/resolve").json()["resolved_by"]["name"] == "Rui Reviewer"
    assert ada.post(f"{where}/approve", {"seen": revision["content_hash"]}).status_code == 403
    assert rui.post(f"{where}/approve", {"seen": "another"}).status_code == 409
    assert rui.post(f"{where}/approve", {"seen": revision["content_hash"]}).json()["state"] == "approved"
    assert rui.post(f"{where}/approve", {"seen": revision["content_hash"]}).status_code == 409
    rules = mai.get("/rules", technique="T1490").json()
    assert [one["draft"] for one in rules["items"]] == [desk.draft.pk]
    rule = f"/rules/{desk.draft.pk}"
    assert rui.post(f"{rule}/deprecate", {"reason": "Old"}).status_code == 403
    assert mai.post(f"{rule}/deprecate", {"reason": "Old"}).json()["state"] == "deprecated"
    assert mai.post(f"{rule}/deprecate", {"reason": "Old"}).status_code == 409
    assert mai.get("/rules").json()["total"] == 0
