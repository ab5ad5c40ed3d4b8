from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "zhongzhi.notices"
    verbose_name = "消息"
