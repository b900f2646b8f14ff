"""Revisions keep the team's behaviours and the sample events that they were submitted with.

Revisions from before get what their draft has now, so that no later change reaches them; their hash stays as it was.
The guards are made anew and cover the new column too.
"""

import hashlib
import json
from collections import Counter
from importlib import import_module

from django.db import migrations, models

guards = import_module("studio.review.migrations.0003_guard")
moves = import_module("studio.review.migrations.0006_deprecated")

PREFIX = "own-"


def triggers(vendor):
    differs, text = ("IS NOT", "{}") if vendor == "sqlite" else ("IS DISTINCT FROM", "{}::text")
    before = guards.changed(differs, text)
    after = f"{before} OR {text.format('OLD.frozen')} {differs} {text.format('NEW.frozen')}"
    return [sql.replace(before, after) for sql in moves.triggers(vendor)]


def guard(apps, schema_editor):
    for sql in triggers(schema_editor.connection.vendor):
        schema_editor.execute(sql)


def freeze(apps, schema_editor):
    revisions = apps.get_model("review", "Revision").objects
    versions = apps.get_model("behaviours", "OwnVersion").objects
    events = apps.get_model("lab", "SampleEvent").objects
    rows = revisions.select_related("draft").only("pk", "content", "draft__samples_id").order_by("pk")
    for revision in rows.iterator(chunk_size=200):
        named = [str(one.get("id", "")) for one in revision.content.get("behaviours", ())]
        keys = [one.removeprefix(PREFIX) for one in named if one.startswith(PREFIX)]
        keys = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 15]
        known = versions.in_bulk(keys) if keys else {}
        behaviours = [
            {
                "id": f"{PREFIX}{key}",
                "version": known[key].number,
                "digest": known[key].digest,
                "record": known[key].record,
            }
            for key in dict.fromkeys(keys)
            if key in known
        ]
        samples, seen = [], Counter()
        for one in events.filter(set=revision.draft.samples_id).order_by("pk"):
            text = json.dumps([one.name, one.expectation, one.fields], sort_keys=True, ensure_ascii=False)
            key = f"kept-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
            seen[key] += 1
            key = key if seen[key] == 1 else f"{key}-{seen[key]}"
            samples.append({"key": key, "name": one.name, "expectation": one.expectation, "fields": one.fields})
        revisions.filter(pk=revision.pk).update(frozen={"own_behaviours": behaviours, "samples": samples})


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0010_spots"),
        ("authoring", "0003_copied_from"),
        ("behaviours", "0001_initial"),
        ("lab", "0001_initial"),
    ]
    operations = [
        migrations.RunPython(guards.unguard, moves.guard),
        migrations.AddField("revision", "frozen", models.JSONField(default=dict)),
        migrations.RunPython(freeze, migrations.RunPython.noop),
        migrations.RunPython(guard, guards.unguard),
    ]
