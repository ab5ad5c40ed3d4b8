"""Backup and restore of a whole installation."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "zhongzhi.backups"
    verbose_name = "备份与恢复"
