from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_second_factor"),
        ("authoring", "0002_together"),
        ("review", "0007_terms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["team", "state", "-handed_in_at", "name", "draft"], name="revision_names"),
        ),
    ]
