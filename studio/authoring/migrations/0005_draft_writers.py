"""Who contributed to a draft gets a table, filled from the audit log, the snapshots and the drafts themselves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GOING_BACK = ("draft.undone", "draft.redone")
WRITING = ("draft.created", "draft.duplicated", "draft.edited", *GOING_BACK)


def fill(apps, schema_editor):
    draft_model, writer_model = apps.get_model("authoring", "Draft"), apps.get_model("authoring", "DraftWriter")
    snapshots = apps.get_model("authoring", "DraftSnapshot").objects
    journal = apps.get_model("audit", "JournalEntry").objects
    people = set(apps.get_model("accounts", "User").objects.values_list("pk", flat=True))
    drafts = set(draft_model.objects.values_list("pk", flat=True))
    known = {}

    def note(draft, user, at, went_back=False):
        if draft not in drafts or user not in people:
            return
        first, last, back = known.get((draft, user), (at, at, None))
        known[draft, user] = (min(first, at), max(last, at), max(back or at, at) if went_back else back)

    for pk, author, created in draft_model.objects.values_list("pk", "author_id", "created").iterator():
        note(pk, author, created)
    for draft, author, at in snapshots.values_list("draft_id", "author_id", "at").iterator():
        note(draft, author, at)
    entries = journal.filter(target_type="authoring.draft", verb__in=WRITING).order_by("number")
    for target, actor, at, verb in entries.values_list("target_id", "actor_id", "at", "verb").iterator():
        if target.isdigit() and actor:
            note(int(target), actor, at, verb in GOING_BACK)
    writer_model.objects.bulk_create(
        [
            writer_model(draft_id=draft, user_id=user, first_at=first, last_at=last, went_back_at=back)
            for (draft, user), (first, last, back) in known.items()
        ],
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("authoring", "0004_optional_technique"),
        ("accounts", "0001_initial"),
        ("audit", "0004_head"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="DraftWriter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("went_back_at", models.DateTimeField(null=True)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="writers", to="authoring.draft"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("draft", "user"), name="draft_writer_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
