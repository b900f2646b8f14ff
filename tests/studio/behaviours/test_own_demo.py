"""The demo's behaviours are sound, and loading them twice adds nothing."""

from __future__ import annotations

import pytest

from studio.behaviours import demo
from studio.behaviours.models import OwnVersion


@pytest.mark.django_db
def test_the_demo_shows_each_state_once(people):
    for _ in range(2):
        demo.load(people.team, {"author": people.ada, "reviewer": people.rui})
    assert sorted(OwnVersion.objects.values_list("state", flat=True)) == ["approved", "draft", "in_review"]
    assert OwnVersion.objects.filter(sound=True).count() == 2
