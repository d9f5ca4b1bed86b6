"""Triggers on `audit_entry` refuse UPDATE and DELETE, and on PostgreSQL TRUNCATE."""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

sqlite = [
    f"""CREATE TRIGGER entry_refuses_{act} BEFORE {act.upper()} ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'The ledger is append-only.'); END"""
    for act in ("update", "delete")
]
postgresql = [
    """CREATE FUNCTION audit_entry_refuses() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = '23000'; END $$""",
    """CREATE TRIGGER entry_refuses_change BEFORE UPDATE OR DELETE ON audit_entry
       FOR EACH ROW EXECUTE FUNCTION audit_entry_refuses()""",
    """CREATE TRIGGER entry_refuses_truncate BEFORE TRUNCATE ON audit_entry
       FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuses()""",
]


def guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in postgresql if editor.connection.vendor == "postgresql" else sqlite:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(guard)]
