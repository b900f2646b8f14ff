"""Notices tell of exceptions that expire."""

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
]


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_mail_and_webhooks")]
    operations = [
        migrations.RemoveConstraint("notice", "notice_kind_known"),
        migrations.AlterField("notice", "kind", models.CharField(choices=KINDS, max_length=10)),
        migrations.AddConstraint(
            "notice",
            models.CheckConstraint(condition=models.Q(kind__in=[kind for kind, _ in KINDS]), name="notice_kind_known"),
        ),
    ]
