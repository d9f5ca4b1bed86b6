"""How a journey runs: as the demo, with what is built served from where it was built."""

from letterlock.config.settings.demo import *
from letterlock.config.settings.demo import STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
