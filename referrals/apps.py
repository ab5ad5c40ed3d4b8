"""Referral documents (三单两函), supervision, joint handling."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "三单两函"

    def ready(self) -> None:
        """Have its rows counted, and say what hangs on a case and on a person: models are there now."""
        from grids.extension_points import add_unattended, add_vacancies, add_work_kinds
        from intake.extension_points import case_acts, counted_sources, direct_notices, hangings
        from referrals.actions.hangings import KINDS
        from referrals.actions.held_work import DOCUMENTS, signed_by_nobody_after
        from referrals.actions.vacancies import documents_without_signatory
        from referrals.available_actions import names_of_case_acts
        from referrals.direct_notices import DIRECT_NOTICES
        from referrals.queries.measures import SUPERVISIONS

        counted_sources.add(SUPERVISIONS)
        hangings.add(*KINDS)
        direct_notices.add(*DIRECT_NOTICES)
        case_acts.add(names_of_case_acts)
        add_work_kinds(DOCUMENTS)
        add_unattended(signed_by_nobody_after)
        add_vacancies(documents_without_signatory)
