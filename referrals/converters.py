"""The name of an act on a case that is done here: `path("…/acts/<referral_act:name>/", …)`."""

from django.urls import register_converter
from django.urls.converters import StringConverter

from referrals.available_actions import CASE_ACTS

CASE_ACT = "referral_act:name"


class CaseActConverter(StringConverter):
    """One of the names in the table; all others are intake's."""

    regex = "|".join(act.name for act in CASE_ACTS)


register_converter(CaseActConverter, "referral_act")
