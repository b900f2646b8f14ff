"""Notices of failed deliveries, yanked releases and rollbacks."""

from django.db import migrations, models

KINDS = [
    ("handed_in", "Handed in"),
    ("asked", "Asked to review"),
    ("approved", "Approved"),
    ("changes", "Changes requested"),
    ("comment", "Comment"),
    ("mention", "Mention"),
    ("deprecated", "Deprecated"),
    ("expires", "An exception expires"),
    ("account", "Your account"),
    ("delivery", "A delivery failed"),
    ("yanked", "A release was yanked"),
    ("rollback", "A pack was rolled back"),
]


class Migration(migrations.Migration):
    dependencies = [("notices", "0005_account")]
    operations = [
        migrations.RemoveConstraint("notice", "notice_kind_known"),
        migrations.AlterField("notice", "kind", models.CharField(choices=KINDS, max_length=10)),
        migrations.AddConstraint(
            "notice",
            models.CheckConstraint(condition=models.Q(kind__in=[kind for kind, _ in KINDS]), name="notice_kind_known"),
        ),
    ]
