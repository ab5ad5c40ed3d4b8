"""Mediation: from the first session to performance and the court's seal."""

from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "mediation"
    verbose_name = "调解"

    def ready(self) -> None:
        """Have its rows counted. Models are there only now."""
        from grids.extension_points import add_work_kinds
        from intake.extension_points import counted_sources
        from mediation.actions.mediators import MEDIATIONS as IN_HAND
        from mediation.queries.measures import AGREEMENTS, MEDIATIONS

        counted_sources.add(MEDIATIONS, AGREEMENTS)
        add_work_kinds(IN_HAND)
