"""Zhongzhi: the software a county's comprehensive governance centre runs on."""

from zhongzhi.celery import app as celery_app

__all__ = ["celery_app"]
