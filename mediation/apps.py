"""Mediation: from the first session to performance and the court's seal."""

from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "mediation"
    verbose_name = "调解"

    def ready(self) -> None:
        """Have its figures counted. Models are there only now."""
        from intake.counting.queries import count_also
        from mediation.queries.measures import AGREEMENTS, MEDIATIONS

        for source in (MEDIATIONS, AGREEMENTS):
            count_also(source)
