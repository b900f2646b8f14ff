"""Settings of Mews, read from the environment only; docs/operations.md has the table."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from environs import Env
from kombu.entity import Queue

from studio import rooms
from studio.environment import SignOn, database, kept_secret, private_directory, protected_directory
from studio.logs import logging_config

django_stubs_ext.monkeypatch()  # lets annotations such as ModelForm[User] stand at run time

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var"))).resolve()
protected_directory(VAR_DIR)

DEBUG = env.bool("DEBUG", False)
SECURE = env.bool("SECURE", False)
DEMO = env.bool("DEMO", False)
SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "django_structlog",
    "django_prometheus",
    "csp",
    *(f"studio.{room}" for room in rooms.present()),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "studio.ui.middleware.SecurityHeaders",
    "studio.ui.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "studio.accounts.middleware.TeamMiddleware",
    "studio.accounts.middleware.SessionWatch",
    "studio.ui.middleware.HtmxAnswers",
    "studio.ui.middleware.Failures",
]

ROOT_URLCONF = "studio.urls"
WSGI_APPLICATION = "studio.wsgi.application"

_loaders: list[Any] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
if not DEBUG:
    _loaders = [("django.template.loaders.cached.Loader", _loaders)]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "studio.ui.context.frame",
            ],
            "loaders": [("template_partials.loader.Loader", _loaders)],
            "builtins": ["template_partials.templatetags.partials", "studio.ui.templatetags.mews"],
        },
    },
]
FORM_RENDERER = "studio.ui.forms.MewsRenderer"

DATABASES = {"default": database(env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'mews.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.dj_cache_url("CACHE_URL", f"file://{VAR_DIR / 'cache'}")}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "studio.accounts.passwords.DressedUpPasswordValidator"},
    {"NAME": "studio.accounts.passwords.VariedPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "studio.accounts.adapter.ClosedDoor"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "change_password": "5/m/user",
    # Ours: forms behind links that work once, links made, letters asked for, other costly deeds.
    "door": "30/m/ip",
    "links": "60/h/user",
    "forgotten": "10/h/ip",
    "costly": "20/m/user",
}
ACCOUNT_FORMS = {
    "login": "studio.accounts.forms.SignInForm",
    "change_password": "studio.accounts.forms.PasswordForm",
    "set_password": "studio.accounts.forms.FirstPasswordForm",
    "reauthenticate": "studio.accounts.forms.ConfirmForm",
}
MFA_ADAPTER = "studio.accounts.adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator vouches for the address by inviting it
MFA_TOTP_ISSUER = "Mews"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "studio.accounts.factor_forms.CodeForm",
    "reauthenticate": "studio.accounts.factor_forms.ConfirmCodeForm",
    "activate_totp": "studio.accounts.factor_forms.AppForm",
    "add_webauthn": "studio.accounts.factor_forms.KeyForm",
    "authenticate_webauthn": "studio.accounts.factor_forms.KeyStepForm",
    "login_webauthn": "studio.accounts.factor_forms.KeyLoginForm",
    "reauthenticate_webauthn": "studio.accounts.factor_forms.KeyConfirmForm",
    "edit_webauthn": "studio.accounts.factor_forms.KeyNameForm",
}

EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_PORT = env.int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.str("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.str("EMAIL_SECURITY", "starttls") == "starttls"
EMAIL_USE_SSL = env.str("EMAIL_SECURITY", "starttls") == "tls"
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 20)
EMAIL_SUBJECT_PREFIX = ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "Mews <mews@localhost>")
ACCOUNT_EMAIL_NOTIFICATIONS = bool(EMAIL_HOST)
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 0)  # sign out after so long without activity; 0: never
API_RATE = env.str("API_RATE", "300/m")  # requests of one token
HAS_PUBLIC_URL = bool(env.str("PUBLIC_URL", ""))  # files that leave Mews name it only where somebody set it
PUBLIC_URL = env.str("PUBLIC_URL", f"http://localhost:{env.int('PORT', 8000)}").rstrip("/")

SIGN_ON = SignOn(
    issuer=env.str("OIDC_ISSUER", "").rstrip("/"),
    client_id=env.str("OIDC_CLIENT_ID", ""),
    client_secret=env.str("OIDC_CLIENT_SECRET", ""),
    name=env.str("OIDC_NAME", "single sign-on"),
    trust_email=env.bool("OIDC_TRUST_EMAIL", False),
    second_factor=env.bool("OIDC_SECOND_FACTOR", False),
    join_domains=tuple(env.list("OIDC_JOIN_DOMAINS", [])),
    join_team=env.str("OIDC_JOIN_TEAM", ""),
    join_role=env.str("OIDC_JOIN_ROLE", "viewer"),
    only=env.bool("OIDC_ONLY", False),
)
SOCIALACCOUNT_PROVIDERS = SIGN_ON.providers()
SOCIALACCOUNT_ADAPTER = "studio.accounts.single_sign_on.Providers"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
_built = BASE_DIR / "static" / "dist"
STATICFILES_DIRS = [("dist", _built)] if _built.is_dir() else []
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "studio.ui.storage.HashedStatic",
    },
}
MEDIA_ROOT = VAR_DIR / "files"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "mews_session"
CSRF_COOKIE_NAME = "mews_csrf"
CSRF_FAILURE_VIEW = "studio.ui.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
if SECURE:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if env.bool("BEHIND_PROXY", True):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

JOURNAL_KEEP_DAYS = env.int("JOURNAL_KEEP_DAYS", 0)
DIGEST_HOUR = env.int("DIGEST_HOUR", 7)
WEBHOOK_ALLOW_PRIVATE = env.bool("MEWS_WEBHOOK_ALLOW_PRIVATE", False)
#: How many of each a team may have waiting or running.
QUOTAS = {
    "lab": env.int("MAX_LAB_RUNS", 10),
    "exports": env.int("MAX_EXPORTS", 20),
    "releases": env.int("MAX_RELEASES", 10),
    "deliveries": env.int("MAX_DELIVERIES", 50),
    "previews": env.int("MAX_PREVIEWS", 20),
}
#: How many questions to Falco may wait, of all teams; further texts get no verdict of Falco until some are answered.
MAX_FALCO_CHECKS = env.int("MAX_FALCO_CHECKS", 200)
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "filesystem://localhost")
#: A request does not wait for a broker that is away: one try within a second. The row waits, and is sent again.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}
CELERY_BROKER_CONNECTION_TIMEOUT = 1.0
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # the worker and its clock wait for the broker as long as it takes
if CELERY_BROKER_URL.startswith(("redis:", "rediss:")):
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"socket_connect_timeout": 1.0}
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "data_folder_in": str(private_directory(BROKER_DIR)),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(private_directory(BROKER_DIR / "control")),
        "polling_interval": 0.2,  # seconds until a task sent to an idle worker begins
    }
CELERY_TASK_IGNORE_RESULT = True
#: Runs over uploaded files have a queue of their own, so that many of them keep no release or delivery waiting.
LAB_QUEUE = "lab"
CELERY_TASK_QUEUES = (Queue("celery"), Queue(LAB_QUEUE, routing_key=LAB_QUEUE))  # type: ignore[no-untyped-call]
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_ROUTES = {"studio.lab.tasks.*": {"queue": LAB_QUEUE}}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "clock")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "studio.tasks.sweep", "schedule": 20.0, "options": {"expires": 18}},
    "letters": {"task": "studio.accounts.tasks.send_waiting", "schedule": 60.0, "options": {"expires": 50}},
    "webhooks": {"task": "studio.notices.tasks.deliver_waiting", "schedule": 30.0, "options": {"expires": 25}},
    "digests": {"task": "studio.notices.tasks.send_digests", "schedule": crontab(hour=DIGEST_HOUR, minute=0)},
    "expiring": {"task": "studio.review.tasks.tell_expiring", "schedule": crontab(minute=50)},
}
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

IMPORT_MEMORY_MIB = env.int("IMPORT_MEMORY_MIB", 1024)  # of the child that reads a rules file
IMPORT_SECONDS = env.int("IMPORT_SECONDS", 300)
FALCO_BINARY = env.str("FALCO_BINARY", "")
DELIVERY_PLACES: list[str] = env.list("DELIVERY_PLACES", [])
ATTACK_MAX_BYTES = env.int("ATTACK_MAX_BYTES", 200_000_000)
ATTACK_PRIVATE_ADDRESSES = env.bool("ATTACK_PRIVATE_ADDRESSES", False)

LOGGING = logging_config(env.log_level("LOG_LEVEL", logging.INFO), as_json=env.bool("LOG_JSON", False))
