"""Mediation: from the first session to performance and the court's seal."""

from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "mediation"
    verbose_name = "调解"
