"""Whatever people release and export: after a backup and a restore, each download has the same bytes."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.backup.services import back_up
from studio.packs import pack_services, release_services, services, signing
from studio.packs.models import ExportRun, Release
from tests.studio.packs.test_releases import released, rule

pytestmark = pytest.mark.django_db

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30)
RULES = st.fixed_dictionaries(
    {
        "desc": TEXT,
        "priority": st.sampled_from(["CRITICAL", "NOTICE", "DEBUG"]),
        "tags": st.lists(st.sampled_from(["T1490", "mitre_impact", "maturity_stable", "host"]), unique=True),
        "behaviours": st.lists(st.just({"id": "t1490-chattr-immutable"}), max_size=1),
    }
)
NUMBERS = count()


def downloads(people):
    """The bytes of every file of every release and export."""
    ready = Release.objects.filter(state="done")
    found = {(one.pk, path): release_services.handed_over(one, path, people.vic) for one in ready for path in one.files}
    return found | {run.pk: services.handed_over(run, people.vic) for run in ExportRun.objects.filter(state="done")}


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(RULES, min_size=1, max_size=3), min_size=1, max_size=2), st.booleans())
def test_every_download_has_the_same_bytes_after_a_restore(sqlite_ground, home, people, tmp_path, packs, new_key):
    number = next(NUMBERS)
    if new_key:
        signing.new_key()
    for index, rules in enumerate(packs):
        pack = pack_services.create(
            people.team, people.ada, name=f"pack-{number}-{index}", title="Pack", description="d"
        )
        drafts = [rule(people, name=f"Rule {number} {index} {place}", **one) for place, one in enumerate(rules)]
        pack_services.add(pack, people.ada, [draft.pk for draft in drafts])
        released(pack, people)
        services.carry_out(services.start(people.team, people.ada, drafts, "overlay"))
    path = tmp_path / f"{number}.tar.gz"
    assert back_up(path).missing == ()
    before = downloads(people)
    with sqlite_ground.restored(path, f"copy{number}").opened():
        assert downloads(people) == before
    assert before
