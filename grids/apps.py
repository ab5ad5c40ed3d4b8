"""The ground: places, organisations, who serves where."""

from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"
    verbose_name = "网格与机构"

    def ready(self) -> None:
        """Tell identity what posts mean for signing in; say what hangs on a person here."""
        from grids.actions.held_work import DUTY, SERVICES
        from grids.actions.vacancies import turns_without_person
        from grids.extension_points import add_vacancies, add_work_kinds
        from grids.permissions import post_facts
        from zhongzhi.accounts.extension_points import post_readers

        post_readers[:] = [post_facts]
        add_work_kinds(SERVICES, DUTY)
        add_vacancies(turns_without_person)
