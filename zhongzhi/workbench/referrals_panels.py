"""What referrals puts on the dossier: acts with documents and joint work."""

from django.urls import reverse

from intake.models import Case
from referrals.acts import available_case_acts
from zhongzhi.accounts.models import User
from zhongzhi.web.offers import Offer


def offers(user: User, case: Case) -> list[Offer]:
    """The acts on a case that are done in referrals, apart from those that stand in intake's table."""
    return [
        Offer(act.label, act.icon, reverse("referrals:act", args=[case.code, act.name]), act.rank)
        for act in available_case_acts(user, case)
    ]
