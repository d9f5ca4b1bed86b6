"""How the tests run: real stores in a folder of their own, nothing mocked."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("LETTERLOCK_VAR", tempfile.mkdtemp(prefix="letterlock-test-"))

from letterlock.config.settings.base import *  # noqa: E402, F403 -- settings are one namespace by Django's design
from letterlock.config.settings.base import DATABASES, var  # noqa: E402

SECRET_KEY = "for tests only"  # noqa: S105 -- no secret: it signs nothing outside a test run
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

for folder in (var, var / "keystore", var / "keys"):
    folder.mkdir(parents=True, exist_ok=True)
for alias, database in DATABASES.items():
    if database["ENGINE"].endswith("sqlite3"):
        # A file, not memory: the writers' queue, WAL and secure_delete are part of what is tested.
        database["TEST"] = {"NAME": str(Path(var) / ("keystore" if alias == "keystore" else "") / f"test-{alias}.sqlite3")}
