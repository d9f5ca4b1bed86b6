"""How the tests run: real stores in a folder of their own, nothing mocked."""

import atexit
import os
import shutil
import tempfile

# Each process of a parallel run has a folder, and so a root key and a journal, of its own.
os.environ["LETTERLOCK_VAR"] = tempfile.mkdtemp(prefix="letterlock-test-")
atexit.register(shutil.rmtree, os.environ["LETTERLOCK_VAR"], ignore_errors=True)

from letterlock.config.settings.base import *  # noqa: E402 -- settings are one namespace by Django's design
from letterlock.config.settings.base import DATABASES, STORAGES, var  # noqa: E402 -- the folder must be named first

SECRET_KEY = "for tests only"  # noqa: S105 -- no secret: it signs nothing outside a test run
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Served from where they are built, under their own names: a test of a page needs no collecting, and no build.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True

for folder in (var, var / "keystore", var / "keys", var / "static"):
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
for alias, database in DATABASES.items():
    if database["ENGINE"].endswith("sqlite3"):
        # A file, not memory: the writers' queue, WAL and secure_delete are part of what is tested.
        place = var / "keystore" if alias == "keystore" else var
        database["TEST"] = {"NAME": str(place / f"test-{alias}.sqlite3")}
        # Only a power cut tells `FULL` from `OFF`, and no test cuts the power.
        pragmas = database["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        database["OPTIONS"]["init_command"] = pragmas
