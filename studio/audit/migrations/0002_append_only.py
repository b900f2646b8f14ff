"""The database itself refuses to change or delete entries of the journal."""

from django.db import migrations

SQLITE = {
    event: f"""
    CREATE TRIGGER audit_journal_no_{event} BEFORE {event.upper()} ON audit_journalentry
    BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END
    """
    for event in ("update", "delete")
}

POSTGRESQL = {
    event: f"""
    CREATE OR REPLACE FUNCTION audit_journal_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the journal is only ever added to'; END $$;
    CREATE TRIGGER audit_journal_no_{event} BEFORE {event.upper()} ON audit_journalentry
    FOR EACH ROW EXECUTE FUNCTION audit_journal_refuse()
    """
    for event in ("update", "delete")
}


def guard(apps, schema_editor):
    triggers = {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor, {})
    for sql in triggers.values():
        schema_editor.execute(sql)


def unguard(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for event in ("update", "delete"):
        on = " ON audit_journalentry" if vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS audit_journal_no_{event}{on}")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
