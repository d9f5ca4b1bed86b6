from typing import Any

from django.db import migrations


def leave_room(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE keystore_share SET (fillfactor = 95)")


def leave_none(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE keystore_share RESET (fillfactor)")


class Migration(migrations.Migration):
    """On PostgreSQL a blanked row stays in its page, so that VACUUM is done with the page (decision 0045)."""

    dependencies = [("keystore", "0001_initial")]

    operations = [migrations.RunPython(leave_room, leave_none)]
