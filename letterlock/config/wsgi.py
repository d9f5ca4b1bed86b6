"""What a WSGI server such as granian asks for."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "letterlock.config.settings.production")

application = get_wsgi_application()
