"""Entries may leave the table once an archive holds them; archives themselves stay."""

import django.utils.timezone
from django.db import migrations, models

DELETE, ARCHIVE = "audit_journal_no_delete", "audit_archive_no"

SQLITE = {
    DELETE: """
    CREATE TRIGGER audit_journal_no_delete BEFORE DELETE ON audit_journalentry
    WHEN NOT EXISTS (SELECT 1 FROM audit_journalarchive WHERE last_number >= OLD.number)
    BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END
    """,
    **{
        f"{ARCHIVE}_{event}": f"""
        CREATE TRIGGER {ARCHIVE}_{event} BEFORE {event.upper()} ON audit_journalarchive
        BEGIN SELECT RAISE(ABORT, 'archives of the journal are never changed'); END
        """
        for event in ("update", "delete")
    },
}

POSTGRESQL = {
    DELETE: """
    CREATE OR REPLACE FUNCTION audit_journal_refuse_unarchived() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
      IF EXISTS (SELECT 1 FROM audit_journalarchive WHERE last_number >= OLD.number) THEN RETURN OLD; END IF;
      RAISE EXCEPTION 'the journal is only ever added to';
    END $$;
    CREATE TRIGGER audit_journal_no_delete BEFORE DELETE ON audit_journalentry
    FOR EACH ROW EXECUTE FUNCTION audit_journal_refuse_unarchived()
    """,
    **{
        f"{ARCHIVE}_{event}": f"""
        CREATE TRIGGER {ARCHIVE}_{event} BEFORE {event.upper()} ON audit_journalarchive
        FOR EACH ROW EXECUTE FUNCTION audit_journal_refuse()
        """
        for event in ("update", "delete")
    },
}


def drop(schema_editor, name):
    table = "audit_journalentry" if name == DELETE else "audit_journalarchive"
    on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def guard(apps, schema_editor):
    drop(schema_editor, DELETE)
    triggers = {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor, {})
    for sql in triggers.values():
        schema_editor.execute(sql)


def unguard(apps, schema_editor):
    from importlib import import_module

    for name in SQLITE:
        drop(schema_editor, name)
    before = import_module("studio.audit.migrations.0002_append_only")
    former = {"sqlite": before.SQLITE, "postgresql": before.POSTGRESQL}.get(schema_editor.connection.vendor, {})
    if "delete" in former:
        schema_editor.execute(former["delete"])


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="JournalArchive",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_number", models.PositiveBigIntegerField(editable=False, unique=True)),
                ("last_number", models.PositiveBigIntegerField(editable=False, unique=True)),
                ("last_hash", models.CharField(editable=False, max_length=64)),
                ("entries", models.PositiveBigIntegerField(editable=False)),
                ("file", models.CharField(editable=False, max_length=200)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={"ordering": ["-last_number"]},
        ),
        migrations.RunPython(guard, unguard),
    ]
