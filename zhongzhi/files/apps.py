"""Stored files."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "zhongzhi.files"
    verbose_name = "文件"
