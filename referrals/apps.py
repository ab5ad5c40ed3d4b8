"""Referral documents (三单两函), supervision, joint handling."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "三单两函"

    def ready(self) -> None:
        """Have its figures counted, and the limits of its documents moved after a rest. Models are there only now."""
        from intake.actions import follow_rests
        from intake.counting.queries import count_also
        from referrals.actions.time_limits import move_limits
        from referrals.queries.measures import SUPERVISIONS

        count_also(SUPERVISIONS)
        follow_rests(move_limits)
