"""Looks at the personal data of others, as the trail has them from all apps."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from grids.verbs import Verb as Ground
from intake.verbs import Verb as Cases
from mediation.verbs import Verb as Mediation
from referrals.verbs import Verb as Referrals
from zhongzhi.accounts.extension_points import Look
from zhongzhi.accounts.models import User
from zhongzhi.audit.queries import latest_acts_of
from zhongzhi.audit.verbs import AuditVerb

LOOKS: tuple[AuditVerb, ...] = (
    Cases.REVEALED,
    Ground.ROSTER_PHONE_REVEALED,
    Ground.ROSTER_EXPORTED_IN_CLEAR,
    Referrals.CARE_OPENED,
    Mediation.FILE_TAKEN,
)
"""The acts that show personal data whole."""
SHOWN, BACK = 20, timedelta(days=90)


def own_looks(user: User) -> Sequence[Look]:
    """The person's own looks of the last ninety days, the last first."""
    labels = {str(verb): str(verb.label) for verb in LOOKS}
    entries = latest_acts_of(user, list(labels), since=timezone.now() - BACK)[:SHOWN]
    return [Look(entry.at, labels[entry.verb], str(entry.facts.get("reason", ""))) for entry in entries]
