"""Which revisions went out with which release, also of releases from before."""

import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    rows = apps.get_model("packs", "ReleasedRule").objects
    known = set(apps.get_model("review", "Revision").objects.values_list("pk", flat=True))
    for release in apps.get_model("packs", "Release").objects.only("members").iterator():
        went = {one.get("revision_id") for one in release.members} & known
        rows.bulk_create([rows.model(release_id=release.pk, revision_id=pk) for pk in sorted(went)], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [
        ("packs", "0006_query_maturity"),
        ("review", "0010_spots"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReleasedRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="packs.release"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="review.revision"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("release", "revision"), name="released_rule_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
