"""The places that cases concern beside the one they are led at."""

from django.db.models import QuerySet

from intake.models import CasePlace
from intake.queries.cases import cases_visible_to
from zhongzhi.accounts.models import User


def places_concerned_visible_to(user: User) -> QuerySet[CasePlace]:
    """Those of cases in one's sight, the latest first."""
    rows = CasePlace.objects.filter(noted_at__isnull=False, case__in=cases_visible_to(user).values("pk"))
    return rows.select_related("territory", "case__territory").order_by("-noted_at", "-pk")
