"""One settings file for every place. The environment (or a .env file beside manage.py) says which place it is.

LOCAL=1 is a person's own machine: plain HTTP on localhost and demo accounts. Without it the portal starts
only when SECRET_KEY and ALLOWED_HOSTS are set, and everything that a public server needs is on.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
ENV_FILE = Path(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))
env.read_env(ENV_FILE)

LOCAL = env.bool("LOCAL", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "SECRET_KEY must be set and have 50 characters or more. On your own machine `make run` writes one into .env; "
        "on a server put one into the environment."
    )
OWN_HOSTS = ["127.0.0.1", "localhost", "[::1]", env.str("HOST", default="127.0.0.1")]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=OWN_HOSTS if LOCAL else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

#: the portal's own apps: the database records what is written to their tables behind the portal
PORTAL_APPS = [
    "archiveportal",
    "archiveportal.history",
    "archiveportal.accounts",
    "archiveportal.office",
    "archiveportal.files",
    "archiveportal.jobs",
    "archiveportal.imports",
    "wards",
    "criteria",
    "criteria.inspections",
    "training",
    "reports",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_tables2",
    "django_filters",
    "axes",
    "csp",
    *PORTAL_APPS,
]

MIDDLEWARE = [
    "archiveportal.accounts.request_ids.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "archiveportal.middleware.content_policy.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "archiveportal.middleware.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "archiveportal.accounts.middleware.RequestGate",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "archiveportal.middleware.drafts.SavedDrafts",
    "django.contrib.messages.middleware.MessageMiddleware",
    "archiveportal.middleware.posted_only.PostedOnly",
    "archiveportal.middleware.zero_bytes.ZeroBytes",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "archiveportal.urls"
WSGI_APPLICATION = "archiveportal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "archiveportal.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "archiveportal.templatetags.portal",
                "criteria.templatetags.outcomes",
                "criteria.inspections.templatetags.leaves",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

#: The portal's own processes (wsgi.py, its commands) write history themselves. What comes any other way, a shell or a
#: script, lacks this mark and is recorded by the database: archiveportal/history/triggers.py.
IS_PORTAL_PROCESS = env.bool("PORTAL_PROCESS", default=False)
PORTAL_MARK = 7301
# Two addresses where the roles are set up: the owner of the tables migrates, another role serves.
_owner = env.str("DATABASE_OWNER_URL", default="") if env.bool("AS_OWNER", default=False) else ""
_address = _owner or env.str("DATABASE_URL", default="") or f"sqlite:///{BASE_DIR / 'db.sqlite3'}"
DATABASES = {"default": env.db_url_config(_address)}
_database = DATABASES["default"]
# Kept between requests: SQLite reads its whole schema with each new connection, and moves its log with the last one.
_database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # Reading and then writing in a deferred transaction fails under load; an immediate one waits its turn.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    if IS_PORTAL_PROCESS:
        _database["OPTIONS"]["init_command"] += f" PRAGMA analysis_limit={PORTAL_MARK};"
else:
    _database["ENGINE"] = "archiveportal.postgresql"
    _database["CONN_HEALTH_CHECKS"] = True
    # Tables are streamed to their end. PostgreSQL takes it that a cursor is left after a tenth of its rows, and then
    # prefers plans that begin soon and end late: nested loops over whole tables.
    _database.setdefault("OPTIONS", {})["options"] = (
        "-c statement_timeout=10000 -c lock_timeout=10000 -c cursor_tuple_fraction=1"
    )
    if IS_PORTAL_PROCESS:
        _database["OPTIONS"]["options"] += " -c portal.application=on"

#: where pg_dump and pg_restore lie, if not on the path
PG_BIN_DIR = env.str("PG_BIN_DIR", default="")

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "home"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "archiveportal.accounts.backends.PortalBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email"]},
    },
    {"NAME": "archiveportal.accounts.validators.MinimumLength", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "archiveportal.accounts.validators.DifferentCharacters"},
    {"NAME": "archiveportal.accounts.validators.NotOnesName"},
    {"NAME": "archiveportal.accounts.validators.NotCommon"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24

# Five wrong passwords for a name from one address lock that name for that address; a colleague still gets in.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
# So many from all addresses together close it for everybody: whoever guesses has many addresses.
AXES_HANDLER = "archiveportal.accounts.lockout.CapPerName"
FAILURES_PER_NAME = 30
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "archiveportal.accounts.views.locked_out"
AXES_SENSITIVE_PARAMETERS = []
# The lock lasts 15 minutes from the fifth failure, not from the last try of whoever keeps trying.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "archiveportal.accounts.addresses.client_address"
#: how many proxies of our own are before the portal; only then is X-Forwarded-For believed, and
#: only so far
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
AXES_VERBOSE = False

SESSION_ENGINE = "archiveportal.accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=60 * 30)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not LOCAL
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not LOCAL)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "archiveportal.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# A checklist of a few hundred criteria still posts.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["archiveportal.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Uploaded files are outside everything that a web server serves; only views that check the person
# open them.
MEDIA_ROOT = env.path("FILES_DIR", default=str(VAR_DIR / "files"))
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "archiveportal.files.uploads.RefuseHugeRequests",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "archiveportal.files.uploads.OwnFolder",
]
#: uploads that are under way; on the same disk as the files
INCOMING_DIR = str(Path(MEDIA_ROOT) / ".incoming")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
# A mail server that hangs must not hold a page, or the rows that a mail is about.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=5)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="vtlt@localhost")
#: Photographs are made smaller on the device before they leave: the long side in pixels, 0 for the camera's own file.
#: Lost are fine print that only more pixels show, and what the camera wrote beside the picture (time, lens).
PHOTO_LONG_SIDE = env.int("PHOTO_LONG_SIDE", default=2560)
#: whom to ask, in the foot of every page and in the guide: office, telephone, mail
OFFICE_CONTACT = env.str("OFFICE_CONTACT", default="")
#: units are reminded of open findings by mail too, not only by letter
REMINDERS_BY_MAIL = env.bool("REMINDERS_BY_MAIL", default=False)
#: what people have not read leaves as one mail a day, for those who want it
NOTICES_BY_MAIL = env.bool("NOTICES_BY_MAIL", default=False)

DJANGO_TABLES2_TEMPLATE = "includes/table.html"
FILTERS_EMPTY_CHOICE_LABEL = _("all")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "archiveportal.logs.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "portal": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # Refusals are a line of the portal's own, with the person and without a trace. Django's would have one
        # for each wrong host and each form that is too large.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
    },
}
