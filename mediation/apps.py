"""Mediation: from the first session to performance and the court's seal."""

from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "mediation"
    verbose_name = "调解"

    def ready(self) -> None:
        """Have its rows counted, and say what hangs on a case and on a person. Models are there only now."""
        from grids.extension_points import add_vacancies, add_work_kinds
        from intake.extension_points import case_acts, counted_sources, direct_notices, hangings, mediators_of_cases
        from mediation.actions.hangings import KINDS
        from mediation.actions.mediators import MEDIATIONS as IN_HAND
        from mediation.actions.vacancies import mediations_without_mediator
        from mediation.available_actions import names_of_case_acts
        from mediation.direct_notices import DIRECT_NOTICES
        from mediation.documents import WRITER, written_of_words
        from mediation.queries.measures import AGREEMENTS, MEDIATIONS
        from mediation.queries.visibility import people_who_mediate
        from zhongzhi.printing.extension_points import writers

        writers[WRITER] = written_of_words
        counted_sources.add(MEDIATIONS, AGREEMENTS)
        hangings.add(*KINDS)
        direct_notices.add(*DIRECT_NOTICES)
        case_acts.add(names_of_case_acts)
        mediators_of_cases.add(people_who_mediate)
        add_work_kinds(IN_HAND)
        add_vacancies(mediations_without_mediator)
