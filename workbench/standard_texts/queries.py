"""Which standard texts a person uses."""

from django.db.models import Q, QuerySet

from grids.scope import scope_of
from workbench.models import StandardText
from zhongzhi.accounts.models import User


def standard_texts(user: User) -> QuerySet[StandardText]:
    """One's own, and those that colleagues share with one's organisations, by name."""
    shared = Q(shared_with__in=sorted(scope_of(user).organisation_ids))
    return StandardText.objects.filter(Q(user=user) | shared).select_related("user", "shared_with").order_by("name")
