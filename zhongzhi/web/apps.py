"""The web base: middleware, error answers, paging, template tags. No models."""

from django.apps import AppConfig
from django.conf import settings

from zhongzhi.core import ciphers, sm2


class WebConfig(AppConfig):
    """Gives the ciphers their keys as soon as the settings stand."""

    name = "zhongzhi.web"

    def ready(self) -> None:
        """Hand the keys of the settings to the core, which knows no settings."""
        ciphers.configure_from(settings.FIELD_KEYS, settings.FIELD_CIPHER, settings.HASH_KEY)
        sm2.configure_from(settings.SIGNING_KEYS)
