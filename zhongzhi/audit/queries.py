"""Reading the trail."""

from django.db.models import Model, QuerySet

from zhongzhi.audit.chain import chain_of
from zhongzhi.audit.models import TrailEntry


def trail_of(subject: Model | str) -> QuerySet[TrailEntry]:
    """What was done to a subject, oldest first, with who did it."""
    return TrailEntry.objects.filter(chain=chain_of(subject)).select_related("actor").order_by("seq")
