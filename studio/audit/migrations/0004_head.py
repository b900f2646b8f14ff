"""The newest entry is named in a row of its own, sealed with SECRET_KEY, so that a cut end is found."""

from django.conf import settings
from django.db import migrations, models
from django.utils.crypto import salted_hmac


def point_to_newest(apps, schema_editor):
    newest = apps.get_model("audit", "JournalEntry").objects.order_by("-number").values_list("number", "hash").first()
    archives = apps.get_model("audit", "JournalArchive").objects.order_by("-last_number")
    newest = newest or archives.values_list("last_number", "last_hash").first()
    if newest:
        number, entry_hash = newest
        words = f"{number}:{entry_hash}"
        seal = salted_hmac("studio.audit.head", words, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
        apps.get_model("audit", "JournalHead").objects.create(pk=1, number=number, hash=entry_hash, seal=seal)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_archives")]

    operations = [
        migrations.CreateModel(
            name="JournalHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(default=0, editable=False)),
                ("hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("seal", models.CharField(editable=False, max_length=64)),
            ],
        ),
        migrations.RunPython(point_to_newest, migrations.RunPython.noop),
    ]
