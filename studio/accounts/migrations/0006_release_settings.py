"""Two settings of a team: open conversations block approval, and releases hold approved rules only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_closing")]
    operations = [
        migrations.AddField(
            "team",
            "approved_rules_only",
            models.BooleanField(
                default=False,
                help_text="A pack with a rule that nobody has approved can't be released, not even with a reason.",
            ),
        ),
        migrations.AddField(
            "team",
            "open_threads_block",
            models.BooleanField(
                default=False, help_text="A revision can't be approved while a conversation about its rule is open."
            ),
        ),
    ]
