"""Triggers on `audit_leaf` and `audit_node` refuse UPDATE and DELETE, and on PostgreSQL TRUNCATE, as on entries."""

from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

things = ("leaf", "node")
sqlite = [
    f"""CREATE TRIGGER {thing}_refuses_{act} BEFORE {act.upper()} ON audit_{thing}
        BEGIN SELECT RAISE(ABORT, 'The ledger is append-only.'); END"""
    for thing in things
    for act in ("update", "delete")
]
postgresql = [
    f"""CREATE TRIGGER {thing}_refuses_{name} BEFORE {acts} ON audit_{thing}
        FOR EACH {each} EXECUTE FUNCTION audit_entry_refuses()"""
    for thing in things
    for name, acts, each in (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT"))
]


def guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in postgresql if editor.connection.vendor == "postgresql" else sqlite:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("audit", "0003_the_tree")]
    operations: ClassVar = [migrations.RunPython(guard)]
