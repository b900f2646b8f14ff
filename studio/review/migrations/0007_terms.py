"""What the search looks through, and when exceptions end, also for revisions from before."""

from django.db import migrations, models


def fill(apps, schema_editor):
    from studio.authoring.content import from_json
    from studio.review import terms

    revisions, kept = apps.get_model("review", "Revision").objects, apps.get_model("review", "RuleTerms").objects
    for row in revisions.only("content").iterator():
        content = from_json(row.content)
        kept.create(revision_id=row.pk, text=terms.of(content))
        if ends := terms.first_expiry(content):
            revisions.filter(pk=row.pk).update(first_expiry=ends)


class Migration(migrations.Migration):
    dependencies = [("review", "0006_deprecated")]
    operations = [
        migrations.CreateModel(
            "RuleTerms",
            [
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=models.CASCADE,
                        primary_key=True,
                        related_name="terms",
                        serialize=False,
                        to="review.revision",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.AddIndex("revision", models.Index(fields=["team", "state", "first_expiry"], name="revision_expiry")),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
