"""Referral documents (三单两函), supervision, joint handling."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "三单两函"

    def ready(self) -> None:
        """Have its figures counted. Models are there only now."""
        from intake.queries import count_also
        from referrals.queries.measures import SUPERVISIONS

        count_also(SUPERVISIONS)
