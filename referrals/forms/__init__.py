"""Shape of what the pages of referrals take in, apart from their acts."""

from referrals.forms.kinds import KindForm

__all__ = ["KindForm"]
