"""Shape of what the pages of referrals take in."""

from referrals.forms.cases import case_act_form

__all__ = ["case_act_form"]
