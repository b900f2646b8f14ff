"""What the search looks through, for revisions from before."""

from django.db import migrations


def fill(apps, schema_editor):
    from studio.authoring.content import from_json
    from studio.review import terms

    rows = apps.get_model("review", "Revision").objects.filter(terms="").only("content")
    for row in rows.iterator():
        rows.model.objects.filter(pk=row.pk).update(terms=terms.of(from_json(row.content)))


class Migration(migrations.Migration):
    dependencies = [("review", "0006_deprecated")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
