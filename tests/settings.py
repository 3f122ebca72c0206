"""The portal's settings, with what tests need: a fast password hash and plain static files."""

import os

os.environ |= {"LOCAL": "1", "SECRET_KEY": "tests-only-" * 6, "PORTAL_PROCESS": "1"}

from archiveportal.settings import *  # noqa: F403
from archiveportal.settings import DATABASES, VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that tests with threads meet the same locks as in production.
    VAR_DIR.mkdir(exist_ok=True)
    # Rows that are asked for in no order come in none that a page or a test could take for one: PostgreSQL gives them
    # now one way and now another.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA reverse_unordered_selects=ON;"
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / f"test-{os.environ.get('PYTEST_DB', 'sqlite')}.sqlite3")}
