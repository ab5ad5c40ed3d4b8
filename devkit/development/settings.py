"""The product's settings, with the debug toolbar where it is installed and DEBUG is on; no installation loads this."""

from importlib.util import find_spec

from zhongzhi.settings import *  # noqa: F403
from zhongzhi.settings import DEBUG, INSTALLED_APPS, LOGGING, MIDDLEWARE

TOOLBAR = DEBUG and find_spec("debug_toolbar") is not None

if TOOLBAR:
    ROOT_URLCONF = "devkit.development.urls"
    INSTALLED_APPS = [*INSTALLED_APPS, "debug_toolbar"]
    # within what compresses pages, so that it can still read them
    AT = MIDDLEWARE.index("zhongzhi.web.middleware.CompressPagesMiddleware") + 1
    MIDDLEWARE = [*MIDDLEWARE[:AT], "debug_toolbar.middleware.DebugToolbarMiddleware", *MIDDLEWARE[AT:]]
    INTERNAL_IPS = ["127.0.0.1", "::1"]
    MIGRATION_MODULES = {"debug_toolbar": None}  # what it shows is kept in memory; the demo's database stays as it is

LOGGING = {**LOGGING, "loggers": {**LOGGING["loggers"], "django.server": {"level": "INFO"}}}  # type: ignore[dict-item]
