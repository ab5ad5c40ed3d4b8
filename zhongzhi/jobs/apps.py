"""Long work in the background: leased, resumed, with progress."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "zhongzhi.jobs"
    verbose_name = "后台作业"
