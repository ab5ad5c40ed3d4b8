from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "zhongzhi.web"
    verbose_name = "界面基础"
