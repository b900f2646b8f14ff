"""The demo has a pack of approved rules with a release, and can be loaded again."""

from __future__ import annotations

import pytest

from studio import demo
from studio.packs import release_services
from studio.packs.models import Release
from tests.studio.packs.test_releases import own_folder  # noqa: F401 - a fixture


@pytest.mark.django_db
def test_the_demo_has_a_pack_that_is_released_once():
    demo.load()
    demo.load()
    release = release_services.carry_out(Release.objects.get())
    assert (release.state, [one["standing"] for one in release.members]) == ("done", ["approved", "approved"])
    assert {one["falco"]: one["lacks"] for one in release.summary["targets"]}["0.42"] == []
