"""Views of the list of cases: one's own, and those that colleagues share."""

from django.db.models import Case as When_
from django.db.models import Q, QuerySet, When

from grids.models import Organisation
from grids.roles import Capability
from grids.scope import scope_of
from intake.models import SavedView
from zhongzhi.accounts.models import User


def saved_views(user: User) -> QuerySet[SavedView]:
    """One's own views of the list, then those that colleagues share with one's organisations, by name."""
    shared = Q(shared_with__in=sorted(scope_of(user).organisation_ids))
    rows = SavedView.objects.filter(Q(user=user) | shared).select_related("user")
    return rows.order_by(When_(When(user=user, then=0), default=1), "name", "pk")


def organisations_to_share_with(user: User) -> list[Organisation]:
    """Those for which the person works on cases."""
    found = {post.organisation_id: post.organisation for post in scope_of(user).posts_with(Capability.READ_OWN_WORK)}
    return list(found.values())
