"""The case."""

from importlib import import_module

from django.apps import AppConfig

PARTS_WITH_MODELS = ("deadlines", "imports", "public", "counting", "coordination")


class IntakeConfig(AppConfig):
    name = "intake"
    verbose_name = "受理办理"

    def import_models(self) -> None:
        """Import the models of the parts with the case's own: all carry the label `intake`."""
        super().import_models()
        for part in PARTS_WITH_MODELS:
            import_module(f"intake.{part}.models")

    def ready(self) -> None:
        """Say what of the cases hangs on a person, and what hangs on a case."""
        from grids.extension_points import add_open_work, add_unattended, add_vacancies, add_work_kinds
        from intake.actions import hangings as on_a_case
        from intake.actions.held_work import KINDS
        from intake.actions.vacancies import cases_without_leader
        from intake.coordination.actions.held_work import HANDLINGS, handled_by_nobody_after
        from intake.direct_notices import DIRECT_NOTICES
        from intake.extension_points import direct_notices, hangings
        from intake.queries.organisations import open_cases_at

        add_work_kinds(*KINDS, HANDLINGS)
        add_unattended(handled_by_nobody_after)
        hangings.add(*on_a_case.KINDS)
        direct_notices.add(*DIRECT_NOTICES)
        add_vacancies(cases_without_leader)
        add_open_work(open_cases_at)
