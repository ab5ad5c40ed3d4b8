"""Settings: one file, every value that differs between places comes from the environment (`zhongzhi.environment`)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ

from zhongzhi import environment
from zhongzhi.bucket_settings import buckets
from zhongzhi.database_settings import databases

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = environment.data_dir()

env = environ.Env()
environment.load(DATA_DIR)

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY")
FIELD_KEYS = env("FIELD_KEYS")
FIELD_CIPHER = env("FIELD_CIPHER", default="sm4-gcm")
HEADLINE_RATE = env("HEADLINE_RATE", default="cohort")
HASH_KEY = env("HASH_KEY")
SIGNING_KEYS = env("SIGNING_KEYS", default="")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)
# Set only where a proxy of ours stands in front and appends the caller's address to X-Forwarded-For and
# sets X-Forwarded-Proto: without such a proxy callers could write both themselves.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)

# `open`; `read-only`: pages are shown, nothing is saved; `closed`: the page of maintenance.
MODE = env.str("MODE", default="open", choices=("open", "read-only", "closed"))
INSTALLED_APPS = [
    "zhongzhi.web",
    "zhongzhi.audit",
    "zhongzhi.files",
    "zhongzhi.printing",
    "zhongzhi.notices",
    "zhongzhi.accounts",
    "zhongzhi.jobs",
    "grids",
    "intake",
    "referrals",
    "mediation",
    "early_warning",
    "workbench",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "zhongzhi.web.middleware.AliveMiddleware",
    "zhongzhi.web.metrics.MetricsMiddleware",
    "zhongzhi.web.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "zhongzhi.web.middleware.CompressPagesMiddleware",
    "zhongzhi.web.kept_threads.KeptThreadsMiddleware",
    "csp.middleware.CSPMiddleware",
    "zhongzhi.web.modes.ModeMiddleware",
    "zhongzhi.web.middleware.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhongzhi.web.middleware.SlashOfProgramsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "zhongzhi.accounts.signed_in.SignedInMiddleware",
    "zhongzhi.accounts.middleware.SessionLimitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhongzhi.web.middleware.DomainErrorMiddleware",
    "zhongzhi.accounts.middleware.ConfirmIdentityMiddleware",
    "workbench.kept.middleware.ForgetSentMiddleware",
    "axes.middleware.AxesMiddleware",
    "zhongzhi.replica.OwnWritesMiddleware",
]

ROOT_URLCONF = "zhongzhi.urls"
WSGI_APPLICATION = "zhongzhi.wsgi.application"

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
                "workbench.context.navigation",
                "workbench.context.session_facts",
            ],
            "builtins": ["django.templatetags.static", "zhongzhi.web.templatetags.zz"],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "compiled",
        "DIRS": [BASE_DIR / "templates" / "compiled"],
        "OPTIONS": {"environment": "zhongzhi.web.compiled.environment"},
    },
]
FORM_RENDERER = "zhongzhi.web.compiled.FieldRenderer"

DATABASE_POOLED = env.bool("DATABASE_POOLED", default=False)
DATABASE_REPLICA_URL = env.str("DATABASE_REPLICA_URL", default="")
DATABASES = databases(env, pooled=DATABASE_POOLED)
REDIS_URL = env("REDIS_URL")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- identity -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "zhongzhi.accounts.signed_in.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "phone", "email"]},
    },
    {"NAME": "zhongzhi.accounts.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "zhongzhi.accounts.passwords.MixedCharactersValidator"},
    {"NAME": "zhongzhi.accounts.passwords.RecentPasswordsValidator"},
]
PASSWORD_MAX_AGE = timedelta(days=env.int("PASSWORD_MAX_AGE_DAYS", default=90))
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:login"
AXES_FAILURE_LIMIT_DEFAULT = 5
AXES_FAILURE_LIMIT = "zhongzhi.accounts.security_rules.lockout_failures"
AXES_COOLOFF_DEFAULT_MINUTES = 15
AXES_COOLOFF_TIME = "zhongzhi.accounts.security_rules.lockout_time"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "zhongzhi.accounts.views.typed_username"
AXES_CLIENT_IP_CALLABLE = "zhongzhi.accounts.origin.client_ip"
AXES_DISABLE_ACCESS_LOG = True
AXES_LOCKOUT_CALLABLE = "zhongzhi.accounts.views.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False

OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_SCOPE = env.str("OIDC_SCOPE", default="openid profile")
OIDC_CLAIM = env.str("OIDC_CLAIM", default="preferred_username")
OIDC_COUNTS_AS_SECOND_FACTOR = env.bool("OIDC_COUNTS_AS_SECOND_FACTOR", default=False)
OIDC_ONLY = env.bool("OIDC_ONLY", default=False)

SESSION_ENGINE = "zhongzhi.accounts.login_sessions"
SESSION_IDLE_LIMIT = timedelta(minutes=env.int("SESSION_IDLE_MINUTES", default=30))
SESSION_ABSOLUTE_LIMIT = timedelta(hours=env.int("SESSION_ABSOLUTE_HOURS", default=12))
RECENT_AUTHENTICATION = timedelta(minutes=env.int("RECENT_AUTHENTICATION_MINUTES", default=10))
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE_LIMIT.total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "zhongzhi.web.views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- what users see -------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
WARNINGS_A_WEEK = env.int("WARNINGS_A_WEEK", default=20)  # of which a centre is told, red ones apart
LOCALE_PATHS = [BASE_DIR / "locale"]  # the words of the framework, as the office says them
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [folder for folder in (BASE_DIR / "static", BASE_DIR / "build" / "vendor") if folder.is_dir()]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

# --- text messages: posted to a gateway, or put where one picks them up --------------------------------------
TEXT_MESSAGE_DIR = env.str("TEXT_MESSAGE_DIR", default=str(DATA_DIR / "text-messages"))
TEXT_MESSAGE_URL = env.str("TEXT_MESSAGE_URL", default="")
TEXT_MESSAGE_TOKEN = env.str("TEXT_MESSAGE_TOKEN", default="")
TEXT_MESSAGE_TEMPLATE = env.str("TEXT_MESSAGE_TEMPLATE", default='{"to": "{to}", "text": "{text}", "id": "{id}"}')
TEXT_MESSAGE_ACCEPTED = env.str("TEXT_MESSAGE_ACCEPTED", default="")
TEXT_MESSAGE_TIMEOUT = env.float("TEXT_MESSAGE_TIMEOUT", default=10.0)

# --- seals of the trail are told outside of the database too ------------------------------------------------
ANCHOR_FILE = env.str("ANCHOR_FILE", default=str(DATA_DIR / "anchors" / "seals.jsonl"))
ANCHOR_SYSLOG = env.str("ANCHOR_SYSLOG", default="")
TSA_URL = env.str("TSA_URL", default="")
TSA_CERTIFICATES = env.str("TSA_CERTIFICATES", default="")

# --- uploads --------------------------------------------------------------------------------------------
BACKUP_DIR = env.str("BACKUP_DIR", default=str(DATA_DIR / "backups"))
MEDIA_ROOT = DATA_DIR / "files"
FILES_BUCKET = env.str("FILES_BUCKET", default="")  # of an S3-compatible storage; without it MEDIA_ROOT keeps files
STORAGES |= buckets(env, FILES_BUCKET)
FILE_MAX_BYTES = 20 * 1024 * 1024
FILE_MAX_PER_CASE = 50
BODY_MAX_BYTES = 32 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- REST API -------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "zhongzhi.accounts.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["zhongzhi.web.parsers.LimitedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "zhongzhi.web.paging.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "zhongzhi.web.schema.StrictSchema",
    "DEFAULT_THROTTLE_CLASSES": [],
    "DEFAULT_METADATA_CLASS": None,  # what there is, the document of the API says; OPTIONS is 405
    "EXCEPTION_HANDLER": "zhongzhi.web.problems.problem_response",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
WEBHOOK_NETWORKS = env.list("WEBHOOK_NETWORKS", default=[])
API_CLIENT_PER_MINUTE = env.int("API_CLIENT_PER_MINUTE", default=600)
API_PERSON_PER_MINUTE = env.int("API_PERSON_PER_MINUTE", default=1200)
SPECTACULAR_SETTINGS = {
    "TITLE": "Zhongzhi API",
    "DESCRIPTION": "县级综治中心的案件接口：受理、分流、交办、办结。时间均为带时区的 RFC 3339，错误均为 RFC 9457。",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": False},  # its links would stand inside buttons
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "zhongzhi.web.openapi.completed"],
    "ENUM_NAME_OVERRIDES": {
        "ImportKindEnum": "intake.imports.models.ImportKind",
        "RiskEnum": "intake.models.Risk",
        "RoadEnum": "intake.models.case.Road",
        "SideEnum": "intake.models.PartySide",
    },
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"serializer": "zhongzhi.web.cached.JsonSerializer"},
    }
}

# --- operations ---------------------------------------------------------------------------------------------
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # /metrics answers who shows it, and is not there without one
DATABASE_PROGRAM_ROLE = env.str("DATABASE_PROGRAM_ROLE", default="")  # where the owner of the tables is another role
WEB_THREADS = env.int("WEB_THREADS", default=0)  # of a web process, told by gunicorn.conf.py; 0: not counted
DISK_FREE_MB = env.int("DISK_FREE_MB", default=500)  # /readyz says so where the data folder's disk has less left
POSTGRES_PROGRAMS = env.str("POSTGRES_PROGRAMS", default="")  # for backups, where they are not found by themselves

# --- background work ------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL  # which Celery writes otherwise for a socket
if REDIS_URL.startswith("unix://"):
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "zhongzhi.web.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "zhongzhi.web.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
}
