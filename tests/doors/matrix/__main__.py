"""Writes `docs/access-matrix.md` from the table."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "letterlock.config.settings.test")
    django.setup()
    from tests.doors.matrix import page

    page.target.write_text(page.text())
    sys.stdout.write(f"docs/{page.target.name} is written.\n")
