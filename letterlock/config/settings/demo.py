"""How `bin/demo` runs: everything in one folder, mails into a catcher, and only names that end in `.localhost`.

It is for one machine and one curious person: its secret is known, its line is plain, and so it answers to no real host.
"""

import os

from letterlock.config.inspecting import demo_secret_key
from letterlock.config.reporting import logging_settings
from letterlock.config.settings.base import *

SECRET_KEY = demo_secret_key
ALLOWED_HOSTS = [".localhost"]

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("LETTERLOCK_DEMO_SMTP_PORT", "2525"))

LOGGING = logging_settings(level=os.environ.get("LETTERLOCK_DEMO_LOG_LEVEL", "INFO"))
LETTERLOCK_PUBLIC_SCHEME = "http"
