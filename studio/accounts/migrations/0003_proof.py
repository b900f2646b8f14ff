from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_approvals"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="samples_required",
            field=models.BooleanField(
                default=True,
                help_text="A rule is handed in for review only when at least one attack event fires and one benign "
                "event stays silent.",
            ),
        ),
    ]
