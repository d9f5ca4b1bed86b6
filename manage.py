#!/usr/bin/env python
"""Django's own command line, for makemigrations and friends; operators use `letterlock`."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "letterlock.config.settings.test")
execute_from_command_line(sys.argv)
