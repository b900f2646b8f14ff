"""A rule is complete without a technique: drafts that lacked nothing else are."""

from django.db import migrations

_NEEDED = ("condition", "output", "name", "desc")


def complete(apps, schema_editor):
    drafts = apps.get_model("authoring", "Draft").objects.filter(complete=False, techniques="")
    found = [
        pk
        for pk, content in drafts.values_list("pk", "content").iterator()
        if all(str(content.get(part, "")).strip() for part in _NEEDED)
    ]
    for start in range(0, len(found), 500):
        drafts.filter(pk__in=found[start : start + 500]).update(complete=True)


class Migration(migrations.Migration):
    dependencies = [("authoring", "0003_copied_from")]

    operations = [migrations.RunPython(complete, migrations.RunPython.noop, elidable=True)]
