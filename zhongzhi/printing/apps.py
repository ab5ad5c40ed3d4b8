"""Papers as PDF, and those that were signed."""

from django.apps import AppConfig


class PrintingConfig(AppConfig):
    name = "zhongzhi.printing"
    verbose_name = "签署件"
