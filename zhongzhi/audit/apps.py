"""The trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "zhongzhi.audit"
    verbose_name = "留痕"
