"""Twenty people who save at one moment, each until it is saved. Run as a program for databases that are a file."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace

WRITERS = 20


def write(draft: int, team, user, number: int) -> None:
    """Add a tag to version 1; refused, merge both people's tags until nobody wrote in between."""
    from studio.authoring import services
    from studio.authoring.edits import Edit
    from studio.authoring.services import Seen, StaleDraftError

    tag = f"writer_{number}"
    change = Edit(
        f"Add {tag}", lambda content: replace(content, tags=(*content.tags, tag), touched=frozenset({"tags"}))
    )
    try:
        services.edit(draft, Seen(user, team, 1), change)
        return
    except StaleDraftError as stale:
        now = stale.draft.version
    while True:
        try:
            services.merge(draft, Seen(user, team, now), 1, change, {"tags": "both"})
            return
        except StaleDraftError as stale:
            now = stale.draft.version


def race(draft: int) -> list[str]:
    """All writers at once; the tags that the draft has at the end."""
    from django.db import connections

    from studio.accounts.models import Membership
    from studio.authoring.models import Draft

    row = Draft.objects.select_related("team").get(pk=draft)
    writers = [
        one.user for one in Membership.objects.filter(team=row.team).exclude(role="viewer").select_related("user")
    ]
    gate, failed = threading.Barrier(WRITERS), []

    def run(number: int) -> None:
        gate.wait()
        try:
            write(draft, row.team, writers[number % len(writers)], number)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failed:
        raise failed[0]
    row.refresh_from_db()
    if row.version != WRITERS + 1:
        raise AssertionError(f"{WRITERS} writes made version {row.version}")
    return [tag for tag in row.content["tags"] if tag.startswith("writer_")]


if __name__ == "__main__":
    import django

    django.setup()
    print(" ".join(race(int(sys.argv[1]))))
