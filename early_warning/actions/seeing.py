"""Who opened a warning stands in its trail: once for a person and day."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from early_warning.models import Warning
from early_warning.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.audit.queries import trail_of


@transaction.atomic
def note_look(warning: Warning, *, actor: User) -> None:
    """Write down that this person opened the warning today."""
    today = timezone.make_aware(datetime.combine(timezone.localdate(), datetime.min.time()))
    if not trail_of(warning).filter(actor_id=actor.pk, verb=Verb.SEEN, at__gte=today).exists():
        record(actor, Verb.SEEN, warning)
