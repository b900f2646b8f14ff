"""The database itself keeps to the table of a revision's life, and refuses to change what was handed in or decided.

The pairs repeat studio.review.lifecycle.TRANSITIONS as it was when this was written; a test compares them. On SQLite a
later migration that rebuilds one of the tables takes its triggers away and must make them anew.
"""

from django.db import migrations

MOVES = (
    "approved>superseded", "changes>superseded", "changes>withdrawn", "in_review>approved", "in_review>changes",
    "in_review>superseded", "in_review>withdrawn",
)  # fmt: skip
KEPT = (
    "team_id", "draft_id", "number", "name", "content_hash", "yaml", "note", "required", "handed_in_by_id",
    "handed_in_at",
)  # fmt: skip
PAIRS = ", ".join(f"'{one}'" for one in MOVES)
WRONG_MOVE = f"OLD.state <> NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ({PAIRS})"


def changed(differs, text):
    """SQL for: one of the kept columns changed. JSON is compared as text."""
    plain = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in KEPT)
    return f"{plain} OR {text.format('OLD.content')} {differs} {text.format('NEW.content')}"


SQLITE = {
    "review_revision_moves": f"""
    CREATE TRIGGER review_revision_moves BEFORE UPDATE ON review_revision WHEN {WRONG_MOVE}
    BEGIN SELECT RAISE(ABORT, 'a revision does not go from this state to that'); END
    """,  # noqa: S608 (constants)
    "review_revision_kept": f"""
    CREATE TRIGGER review_revision_kept BEFORE UPDATE ON review_revision WHEN {changed("IS NOT", "{}")}
    BEGIN SELECT RAISE(ABORT, 'what was handed in is never changed'); END
    """,
    "review_decision_kept": """
    CREATE TRIGGER review_decision_kept BEFORE UPDATE ON review_decision
    BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END
    """,
}


def function(name, says):
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}'; END $$;"
    )


def trigger(name, table, when=""):
    clause = f"WHEN ({when}) " if when else ""
    return f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW {clause}EXECUTE FUNCTION {name}()"


POSTGRESQL = {
    "review_revision_moves": function("review_revision_moves", "a revision does not go from this state to that")
    + trigger("review_revision_moves", "review_revision", WRONG_MOVE),
    "review_revision_kept": function("review_revision_kept", "what was handed in is never changed")
    + trigger("review_revision_kept", "review_revision", changed("IS DISTINCT FROM", "{}::text")),
    "review_decision_kept": function("review_decision_kept", "a decision is never changed")
    + trigger("review_decision_kept", "review_decision"),
}
TABLES = {name: "review_decision" if "decision" in name else "review_revision" for name in SQLITE}


def guard(apps, schema_editor):
    for sql in {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(schema_editor.connection.vendor, {}).values():
        schema_editor.execute(sql)


def unguard(apps, schema_editor):
    for name, table in TABLES.items():
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def name_contributors(apps, schema_editor):
    """Revisions from before: who handed them in, and who wrote in their draft."""
    for revision in apps.get_model("review", "Revision").objects.select_related("draft"):
        authors = set(revision.draft.snapshots.values_list("author_id", flat=True))
        revision.contributors.set({revision.handed_in_by_id, revision.draft.author_id, *authors})


class Migration(migrations.Migration):
    dependencies = [("review", "0002_decisions")]
    operations = [
        migrations.RunPython(name_contributors, migrations.RunPython.noop),
        migrations.RunPython(guard, unguard),
    ]
