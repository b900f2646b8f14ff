"""Approved rules can be deprecated and reinstated. The guards of 0003 are made anew with the new moves."""

from importlib import import_module

from django.db import migrations, models

before = import_module("studio.review.migrations.0003_guard")

MOVES = (*before.MOVES, "approved>deprecated", "deprecated>approved", "deprecated>superseded")


def triggers(vendor):
    old = ", ".join(f"'{one}'" for one in before.MOVES)
    new = ", ".join(f"'{one}'" for one in MOVES)
    made = {"sqlite": before.SQLITE, "postgresql": before.POSTGRESQL}.get(vendor, {})
    return [sql.replace(old, new) for sql in made.values()]


def guard(apps, schema_editor):
    for sql in triggers(schema_editor.connection.vendor):
        schema_editor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("review", "0005_reviewers")]
    operations = [
        migrations.RunPython(before.unguard, before.guard),
        migrations.AddField(
            "revision",
            "deprecated_because",
            models.CharField(blank=True, max_length=500, default=""),
            preserve_default=False,
        ),
        migrations.AddField("revision", "first_expiry", models.DateField(editable=False, null=True)),
        migrations.AlterField(
            "revision",
            "state",
            models.CharField(
                choices=[
                    ("in_review", "In review"),
                    ("changes", "Changes requested"),
                    ("approved", "Approved"),
                    ("withdrawn", "Withdrawn"),
                    ("superseded", "Superseded"),
                    ("deprecated", "Deprecated"),
                ],
                default="in_review",
                max_length=12,
            ),
        ),
        migrations.RemoveConstraint("revision", "revision_state_known"),
        migrations.AddConstraint(
            "revision",
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["in_review", "changes", "approved", "withdrawn", "superseded", "deprecated"]
                ),
                name="revision_state_known",
            ),
        ),
        migrations.AddConstraint(
            "revision",
            models.CheckConstraint(
                condition=models.Q(("state", "deprecated"), ("deprecated_because", ""), _connector="XOR"),
                name="revision_deprecated_why",
            ),
        ),
        migrations.RunPython(guard, before.unguard),
    ]
