"""Settings. The only module that reads the environment; docs/configuration.md lists every name.

Without any variable set it refuses to start in production fashion (no keys); `make run` and the
tests supply what is needed. SQLite, a database cache and files for mail and queue are the
defaults, so that one school on one machine needs nothing else.
"""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from . import __version__, private
from .beat import every

private.new_files_are_private()

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = __version__  # shown to who looks after the school


def env(name: str, default: str = "") -> str:
    """The variable STEENTJE_<name>, or the content of the file that STEENTJE_<name>_FILE names."""
    if path := os.environ.get(f"STEENTJE_{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(f"STEENTJE_{name}", default)


def flag(name: str, default: bool = False) -> bool:
    """A variable as yes or no: 1, true, yes, on mean yes."""
    value = env(name)
    return value.lower() in {"1", "true", "yes", "on"} if value else default


DATA_DIR = Path(env("DATA", str(BASE_DIR / "var"))).resolve()
DEBUG = flag("DEBUG")
DEMO = flag("DEMO")  # demo school: shows the mailbox page and the sign-ins
HTTPS = flag("HTTPS", default=True)

SECRET_KEY = env("SECRET_KEY")
# "1:<base64 of 32 bytes>[,2:...]"; the highest id encrypts
ENCRYPTION_KEYS = env("ENCRYPTION_KEYS")
if not SECRET_KEY or not ENCRYPTION_KEYS:
    raise ImproperlyConfigured(
        "Set STEENTJE_SECRET_KEY and STEENTJE_ENCRYPTION_KEYS (or the same names with _FILE). "
        "'make run' does it for you; 'python -m noblame.keys FOLDER' makes new ones."
    )

THREADS = int(env("THREADS", "8"))  # of the web server: how many requests are worked on at once

ALLOWED_HOSTS = [host for host in env("HOSTS", "localhost,127.0.0.1").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in env("ORIGINS").split(",") if origin]

INSTALLED_APPS = [
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "rules",
    "cases",
]

MIDDLEWARE = [
    "noblame.proxies.UnexpectedProxy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "cases.views.outage.Outage",  # around everything that needs the database
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cases.views.page_parts.PartAnswers",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cases.views.middleware.SessionClock",
    "cases.views.middleware.KeepPendingPost",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cases.views.middleware.ActingMembership",
    "cases.views.middleware.PrivacyScreenMiddleware",
]

ROOT_URLCONF = "noblame.urls"
WSGI_APPLICATION = "noblame.wsgi.application"
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
                "cases.views.context_processors.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database -----------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        env("DATABASE_URL", f"sqlite:///{DATA_DIR / 'steentje.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,  # a connection from before a restart is found before it is used
    )
}
DATABASES["default"]["ATOMIC_REQUESTS"] = True
SQLITE_FILE = None
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    SQLITE_FILE = Path(DATABASES["default"]["NAME"])
    DATABASES["default"]["ENGINE"] = "noblame.sqlite3"
    # Two teachers who save at the same moment both succeed: write-ahead log, the write lock
    # taken at the start of a transaction, and time to wait for it.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA secure_delete=ON;",
    }
else:
    # A server that cannot be reached, or fell silent, is given up on: a page says so meanwhile.
    for option, value in {
        "connect_timeout": 3,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }.items():
        DATABASES["default"].setdefault("OPTIONS", {}).setdefault(option, value)
# Also a backup that was put back, or what an older release has made: closed to other accounts at
# each start.
OPEN_FILES = private.mend(DATA_DIR, SQLITE_FILE)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- cache: shared, because readings of calendar addresses are counted in it -------------------
REDIS_URL = env("REDIS_URL")
_TABLE = {
    "BACKEND": "noblame.caches.TableCache",
    "LOCATION": "shared_cache",
    # Nobody throws another's count out of the table by trying many names.
    "OPTIONS": {"MAX_ENTRIES": 20_000},
}
CACHES = {
    "default": {"BACKEND": "noblame.caches.EnduringRedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else _TABLE,
    "database": _TABLE,  # counts while Redis is away
}

# --- people ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "cases.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "cases.adapter.ClosedAdapter"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "cases.reset_tokens.ResetTokens"  # noqa: S105  (a class)
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail that says whether somebody works here
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = (
    False  # ours are in cases/accounts/sign_in_limits.py: theirs lock a whole school out
)
ACCOUNT_FORMS = {"user_token": "cases.forms.password_forms.ResetTokenForm"}
KNOWN_BROWSER_COOKIE_NAME = "__Host-known-browser" if HTTPS else "known-browser"
ALLAUTH_TRUSTED_PROXY_COUNT = int(env("PROXIES", "0"))

# --- sessions and the browser ----------------------------------------------------------------
IDLE_MINUTES = int(env("IDLE_MINUTES", "60"))
MESSAGE_STORAGE = "cases.views.message_storage.SealedStorage"
LONGEST_SESSION_HOURS = 10
SESSION_COOKIE_AGE = LONGEST_SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = (
        ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
    )
CSRF_FAILURE_VIEW = "cases.views.decorators.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture")
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 23_000_000  # a photo stays in memory: it is never on disk unencrypted
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- words, time -----------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = USE_I18N = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- static files ----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "noblame.hashed_files.HashedFiles"
        if flag("STATIC_MANIFEST", default=not DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- mail ------------------------------------------------------------------------------------
MAIL_DIR = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env("MAIL_FROM", "Steentje <steentje@localhost>")
PUBLIC_URL = env("PUBLIC_URL", "http://localhost:8000").rstrip("/")
if smtp := env("SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = smtp, int(env("SMTP_PORT", "587"))
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env("SMTP_USER"), env("SMTP_PASSWORD")
    EMAIL_USE_TLS = flag("SMTP_TLS", default=True)
    EMAIL_TIMEOUT = float(env("SMTP_TIMEOUT", "20"))  # seconds that a mail server may be silent
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR

# --- Celery: beat asks every few minutes what is due; the rows say it -----------------------------
QUEUE_DIR = DATA_DIR / "queue"
CELERY_BROKER_URL = env("BROKER_URL", REDIS_URL or "filesystem://")
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "processed_folder": str(QUEUE_DIR / "done"),
        "control_folder": str(QUEUE_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.5,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT, CELERY_TASK_SOFT_TIME_LIMIT = 300, 240
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = (
    None  # a broker may be away for a night: the worker waits for it
)
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
SWEEP_SECONDS = int(env("SWEEP_SECONDS", "300"))
PRINT_SECONDS = 4  # somebody waits for it: one look in an index, and nothing when nobody does
PRINT_DIRECT_PAGES = (
    12  # more than these are made by the worker, with a page that shows how far it is
)
ACCOUNT_MAIL_SECONDS = 5  # somebody waits for the link to a new password
CELERY_BEAT_SCHEDULE = {
    "account mail": {
        "task": "cases.tasks.account_mail",
        "schedule": every(ACCOUNT_MAIL_SECONDS),
        "options": {"expires": ACCOUNT_MAIL_SECONDS - 1},
    },
    "what is due": {
        "task": "cases.tasks.sweep",
        "schedule": every(SWEEP_SECONDS),
        # Gone before the next one comes: without a worker no pile grows that is swept afterwards.
        "options": {"expires": SWEEP_SECONDS * 0.8},
    },
    "what is to print": {
        "task": "cases.tasks.print_jobs",
        "schedule": every(PRINT_SECONDS),
        "options": {"expires": PRINT_SECONDS - 1},
    },
}
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: no file that can be left half written

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "noblame.logs.WithoutSecrets",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
    "loggers": {
        "cases": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "waitress.queue": {"level": "ERROR"},  # that a request waits for a thread is no news
    },
}
