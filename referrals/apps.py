"""Referral documents (三单两函), supervision, joint handling."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "三单两函"

    def ready(self) -> None:
        """Have its rows counted, and the limits of its documents moved after a suspension: models are there now."""
        from grids.extension_points import add_unattended, add_work_kinds
        from intake.extension_points import after_suspension, counted_sources
        from referrals.actions.held_work import DOCUMENTS, signed_by_nobody_after
        from referrals.actions.time_limits import move_limits
        from referrals.queries.measures import SUPERVISIONS

        counted_sources.add(SUPERVISIONS)
        after_suspension.add(move_limits)
        add_work_kinds(DOCUMENTS)
        add_unattended(signed_by_nobody_after)
