"""Referral documents (三单两函), supervision, joint handling."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = "三单两函"
