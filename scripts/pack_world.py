"""A pack of many approved rules on a database of its own, for measurements and for tests that kill workers.

python scripts/pack_world.py build COUNT [VERSION …]
                                             make it in VAR_DIR, and start releases of it; prints their keys
python scripts/pack_world.py release VERSION start a release and send it to the worker; prints its key
python scripts/pack_world.py link LABEL      make a channel link; prints its secret
python scripts/pack_world.py wait KEY …      like state, but waits until the release is over
python scripts/pack_world.py state KEY       prints state, files, and how often the journal says that it was done
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def setup() -> None:
    """Django on the database and in the directory that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def content(number: int) -> dict[str, Any]:
    """A rule like those that people write: three clauses, a macro, two lists, an exception."""
    condition = (
        f'spawned_process and proc.name = p{number} and proc.args contains "--x {number}" '
        "and not proc.pname in (shell_binaries, package_mgmt_binaries)"
    )
    return {
        "techniques": ["T1490"], "primary": "T1490", "name": f"Rule {number}", "condition": condition,
        "desc": f"Somebody does thing number {number} on the host, which nobody does by day.",
        "output": f"Thing {number} was done | user=%user.name command=%proc.cmdline", "priority": "WARNING",
        "tags": ["maturity_sandbox", "host", "container", "process", "mitre_impact", "T1490"],
        "exceptions": [{"name": "known", "fields": ["proc.pname"], "comps": ["in"], "rows": [["cron, systemd"]]}],
    }  # fmt: skip


def build(count: int) -> Any:
    """A team, a maintainer, `count` approved rules, and a pack of them."""
    from django.utils import timezone

    from studio.accounts.models import Membership, Team, User
    from studio.authoring.models import Draft
    from studio.lab.models import SampleSet
    from studio.packs.models import Pack, PackMember
    from studio.review.models import Revision
    from studio.review.services import content_hash

    team = Team.objects.create(name="Large", slug="large")
    mai = User.objects.create_user("mai@large.example", "Mai", "a perch above the river")
    Membership.objects.create(user=mai, team=team, role="maintainer")
    now = timezone.now()
    samples = SampleSet.objects.bulk_create(SampleSet(team=team) for _ in range(count))
    about = [(content(number), samples[number]) for number in range(count)]
    drafts = Draft.objects.bulk_create(
        Draft(team=team, author=mai, samples=kept, title=one["name"], techniques="T1490", content=one, updated=now)
        for one, kept in about
    )
    Revision.objects.bulk_create(
        Revision(
            team=team, draft=draft, number=1, state="approved", approved_at=now, handed_in_by=mai, yaml="",
            name=draft.title, content=draft.content, content_hash=content_hash(draft.content),
        )
        for draft in drafts
    )  # fmt: skip
    pack = Pack.objects.create(team=team, owner=mai, name="large", title="Large")
    PackMember.objects.bulk_create(PackMember(pack=pack, draft=one, position=at) for at, one in enumerate(drafts, 1))
    return pack


def looks() -> tuple[float, float]:
    """Seconds of processor until the first page of the pack is there, the worker not having looked at it, and until
    its coverage of ATT&CK is."""
    from django.conf import settings
    from django.test import Client

    from studio.accounts.models import User
    from studio.packs.models import Pack

    # in a process of its own, whose memory does not count
    subprocess.run([sys.executable, "manage.py", "sync_attack"], cwd=ROOT, check=True, capture_output=True)
    settings.ALLOWED_HOSTS = ["testserver"]
    client, address = Client(), Pack.objects.get().get_absolute_url()
    client.force_login(User.objects.get())

    def took(url: str) -> float:
        began = time.process_time()
        answer = client.get(url)
        if answer.status_code != 200:
            raise SystemExit(f"{url} answered {answer.status_code}")
        return time.process_time() - began

    took("/exports/packs/")  # the first page of a process compiles templates
    page = took(address)
    return page, min(took(f"{address}coverage/") for _ in range(5))


def begin(version: str, send: bool = True) -> Any:
    """Start a release of the pack, as its maintainer."""
    from studio.accounts.models import User
    from studio.packs import previewing, release_services
    from studio.packs.models import Pack

    pack = Pack.objects.get()
    previewing.propose(pack)
    return release_services.start(pack, User.objects.get(), pack.version, version, send=send)


def state(pk: int) -> tuple[str, int, int]:
    """State, number of files, how often the journal says done. Raises where a file is not what its digest says."""
    from studio.audit.models import JournalEntry
    from studio.packs import store
    from studio.packs.models import Release

    release = Release.objects.get(pk=pk)
    for one in release.files.values():
        data = store.get(one["sha256"])
        if len(data) != one["size"]:
            raise SystemExit(f"A file of {one['size']} bytes has {len(data)}")
    done = JournalEntry.objects.filter(verb="release.done", target_id=str(pk)).count()
    return release.state, len(release.files), done


def link(label: str) -> str:
    """The secret of a new channel link."""
    from studio.accounts.models import User
    from studio.packs import channels
    from studio.packs.models import Pack

    return channels.make(Pack.objects.get(), User.objects.get(), label, "stable")[1]


def wait(pk: int) -> tuple[str, int, int]:
    """The state as soon as the release is over, or after a minute."""
    from studio.packs.models import Release

    until = time.monotonic() + 60
    while not Release.objects.only("state").get(pk=pk).is_over and time.monotonic() < until:
        time.sleep(0.1)
    return state(pk)


def main(what: str, argument: str, *more: str) -> None:
    setup()
    if what == "build":
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        build(int(argument))
        print(*(begin(version).pk for version in more))
    elif what == "release":
        print(begin(argument).pk)
    elif what == "link":
        print(link(argument))
    elif what == "state":
        print(*state(int(argument)))
    elif what == "wait":
        for key in (argument, *more):
            print(*wait(int(key)))


if __name__ == "__main__":
    main(*sys.argv[1:])
