"""A team may ask its people for a second factor; mails wait in a table until they went out."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_proof")]

    operations = [
        migrations.AddField(
            model_name="team",
            name="second_factor_required",
            field=models.BooleanField(
                default=False,
                help_text="Who has none is sent to set one up before they see anything of the team.",
            ),
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                ("html", models.TextField(blank=True)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("sent_at", models.DateTimeField(null=True)),
                ("given_up_at", models.DateTimeField(null=True)),
                ("next_try_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("trouble", models.CharField(blank=True, max_length=300)),
            ],
            options={"ordering": ["-id"]},
        ),
    ]
