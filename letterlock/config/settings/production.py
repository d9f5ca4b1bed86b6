"""How an installation runs. Importing this refuses, with every reason at once, while something is wrong."""

import os
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from letterlock.config import inspecting
from letterlock.config.settings.base import *
from letterlock.config.settings.base import LETTERLOCK_TRUSTED_PROXIES, var

setup = inspecting.survey(os.environ, var=var)
problems = inspecting.problems_of(setup, preparing=os.environ.get("LETTERLOCK_PREPARING") == "1")
if problems:
    raise ImproperlyConfigured("\n".join(problem.sentence for problem in problems))

if LETTERLOCK_TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

relay = urlsplit(setup.relay)
EMAIL_HOST = relay.hostname or "127.0.0.1"
EMAIL_PORT = relay.port or {"smtps": 465, "smtp+starttls": 587}.get(relay.scheme, 25)
EMAIL_HOST_USER = unquote(relay.username or "")
EMAIL_HOST_PASSWORD = unquote(relay.password or "")
EMAIL_USE_SSL = relay.scheme == "smtps"
EMAIL_USE_TLS = relay.scheme == "smtp+starttls"
