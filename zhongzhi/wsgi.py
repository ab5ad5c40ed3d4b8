"""WSGI entry point for gunicorn and other servers."""

import os

from django.core.wsgi import get_wsgi_application

from zhongzhi.time_limits import running_as

running_as("web")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhongzhi.settings")
application = get_wsgi_application()

from zhongzhi.web.loading import load_the_program  # noqa: E402  once the settings are there

load_the_program()
