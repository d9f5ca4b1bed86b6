"""How the product runs under fire: as in a journey, with an instant at which it may die around each commit."""

from tests.fire import instants
from tests.journeys.settings import *
from tests.journeys.settings import DATABASES, INSTALLED_APPS

for database in DATABASES.values():
    if database["ENGINE"].endswith("sqlite3"):
        # Here, unlike in a journey, every commit waits for the disk as it does in earnest.
        pragmas = database["OPTIONS"]["init_command"].replace("synchronous=OFF", "synchronous=FULL")
        database["OPTIONS"]["init_command"] = pragmas
    database["ENGINE"] = database["ENGINE"].replace("django.db.backends", "tests.fire.engines")

INSTALLED_APPS = [*INSTALLED_APPS, "tests.fire.apps.FireConfig"]
EMAIL_TIMEOUT = 2  # a relay that hangs is given up sooner than in earnest

instants.mark()
