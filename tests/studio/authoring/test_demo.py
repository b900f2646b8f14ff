"""The demo's draft: on T1490, half-way, and only one however often the demo starts."""

from __future__ import annotations

from studio import demo
from studio.accounts.models import Membership
from studio.authoring.models import Draft


def test_it_leaves_a_rule_half_way_for_whoever_tries_mews(client, db):
    demo.load()
    demo.load()
    draft = Draft.objects.get(title="Disable recovery features")
    content = draft.rule_content()
    assert content.techniques == ("T1490",)
    assert len(content.behaviours) == 5
    assert "chattr" in content.condition
    client.force_login(Membership.objects.get(role="author").user)
    assert "Disable recovery features" in client.get("/drafts/").content.decode()
    assert client.get(f"/drafts/{draft.pk}/check/").status_code == 200
    shown = client.get("/reviews/?view=all").content.decode()
    assert "In review" in shown
