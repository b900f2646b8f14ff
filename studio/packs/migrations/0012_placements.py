"""Note what destinations hold by the deliveries that were made before Mews kept a record of it."""

from __future__ import annotations

import re
from typing import Any

from django.db import migrations

#: As deliveries say what they led to: to a registry, to a branch, and where the branch held the release already.
IMAGE = re.compile(r"(sha256:[0-9a-f]{64}) as (.+)\.")
COMMIT = re.compile(
    r"Commit ([0-9a-f]{12}) on (.+)\.|Nothing to change: (.+) holds just this already, at ([0-9a-f]{12})\."
)


def note_placements(apps: Any, schema_editor: Any) -> None:
    """The last delivery to each branch and tag counts."""
    deliveries = apps.get_model("packs", "Delivery").objects.filter(state="done", kind="push")
    placements = apps.get_model("packs", "Placement").objects
    for one in deliveries.select_related("destination", "release").order_by("finished_at", "pk"):
        for name, reference in _names(one.outcome):
            own = name in (one.release.version, f"mews/{one.release.pack.name}-{one.release.version}")
            placements.update_or_create(
                destination=one.destination,
                address=one.destination.address,
                folder=one.destination.folder,
                name=name,
                defaults={
                    "release": one.release, "reference": reference, "is_moving": not own,
                    "at": one.finished_at or one.asked_at,
                },
            )  # fmt: skip


def _names(outcome: str) -> list[tuple[str, str]]:
    if image := IMAGE.fullmatch(outcome):
        return [(tag, image[1]) for tag in image[2].split(", ")]
    if commit := COMMIT.fullmatch(outcome):
        return [(commit[2], commit[1])] if commit[2] else [(commit[3], commit[4])]
    return []


class Migration(migrations.Migration):
    dependencies = [("packs", "0011_rollback")]
    operations = [migrations.RunPython(note_placements, migrations.RunPython.noop)]
