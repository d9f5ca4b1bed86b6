"""How a journey runs: as the demo, with what is built served from where it was built."""

from letterlock.config.settings.demo import *
from letterlock.config.settings.demo import DATABASES, STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True

for database in DATABASES.values():
    if database["ENGINE"].endswith("sqlite3"):
        # Only a power cut tells `FULL` from `OFF`, and no journey cuts the power.
        pragmas = database["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        database["OPTIONS"]["init_command"] = pragmas
