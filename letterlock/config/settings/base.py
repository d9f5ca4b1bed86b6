"""What every way of running shares. Nothing here reads the environment but through `_from`."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from letterlock.config.databases import read_address
from letterlock.config.reporting import logging_settings

root = Path(__file__).resolve().parents[3]
var = Path(os.environ.get("LETTERLOCK_VAR", root / "var"))

DEBUG = False
ALLOWED_HOSTS = ["*"]  # SECURITY: hosts are rows; `doors.frame.platforming` answers 404 to every other one.
SECRET_KEY = os.environ.get("LETTERLOCK_SECRET_KEY", "")
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True
LOCALE_PATHS = [root / "letterlock/config/locale"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "letterlock.foundation.vault",
    "letterlock.foundation.vault.keystore",
    "letterlock.foundation.outbox",
    "letterlock.foundation.audit",
    "letterlock.domain.platforms",
    "letterlock.domain.accounts",
    "letterlock.domain.mailbox",
    "letterlock.domain.notices",
    "letterlock.doors.frame",
    "letterlock.doors.web",
    "letterlock.doors.commands",
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": read_address(os.environ.get("LETTERLOCK_DATABASE", f"sqlite:///{var}/letterlock.sqlite3")),
    "keystore": read_address(os.environ.get("LETTERLOCK_KEYSTORE", f"sqlite:///{var}/keystore/keystore.sqlite3")),
}
DATABASE_ROUTERS = ["letterlock.config.routing.KeystoreRouter"]
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # accounts are unique for each platform and address, on purpose

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS: list[str] = []  # Django's own look people up by address alone: they would cross platforms
PASSWORD_HASHERS = ["letterlock.domain.accounts.passwords.Argon2idHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

WSGI_APPLICATION = "letterlock.config.wsgi.application"
ROOT_URLCONF = "letterlock.config.urls"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

MIDDLEWARE = [
    "letterlock.doors.frame.walls.BrowserWalls",
    "letterlock.doors.frame.platforming.PlatformFromHost",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "letterlock.doors.frame.signing.SignedInAccount",
    "letterlock.doors.frame.refusing.RefusalsAsPages",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            root / "letterlock/doors/frame/templates",
            root / "letterlock/doors/web/templates",
            root / "letterlock/domain/notices/templates",
        ],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "letterlock.config.templating.environment"},
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = var / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is ever stored through Django
    # Names carry a digest of the content, so browsers may keep each file for good.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

COOKIE = "__Host-letterlock"
CSRF_COOKIE_NAME = "__Host-letterlock-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "letterlock.doors.frame.refusing.stale_form"
SESSION_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]  # no form upload spools to disk

EMAIL_TIMEOUT = 20
LETTERLOCK_DKIM_KEY = os.environ.get("LETTERLOCK_DKIM_KEY", "")  # a PEM file; without it the relay signs, or nobody
LETTERLOCK_DKIM_SELECTOR = os.environ.get("LETTERLOCK_DKIM_SELECTOR", "letterlock")
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_settings()

LETTERLOCK_ROOT_KEY = Path(os.environ.get("LETTERLOCK_ROOT_KEY", var / "keys/root.key"))
LETTERLOCK_JOURNAL = Path(os.environ.get("LETTERLOCK_JOURNAL", var / "keys/destruction.journal"))
LETTERLOCK_CHECKPOINTS = Path(os.environ.get("LETTERLOCK_CHECKPOINTS", LETTERLOCK_JOURNAL.parent / "checkpoints"))
LETTERLOCK_BACKUPS = os.environ.get("LETTERLOCK_BACKUPS", "")  # the folder `letterlock backup` is run with
LETTERLOCK_KEY_SNAPSHOT_HOURS = os.environ.get("LETTERLOCK_KEY_SNAPSHOT_HOURS", "6")
LETTERLOCK_TRUSTED_PROXIES = [name for name in os.environ.get("LETTERLOCK_TRUSTED_PROXIES", "").split(",") if name]
LETTERLOCK_PUBLIC_SCHEME = os.environ.get("LETTERLOCK_PUBLIC_SCHEME", "https")
LETTERLOCK_PUBLIC_PORT = os.environ.get("LETTERLOCK_PUBLIC_PORT", "")
LETTERLOCK_SESSION_IDLE = timedelta(hours=12)
LETTERLOCK_SESSION_LIFETIME = timedelta(days=7)
