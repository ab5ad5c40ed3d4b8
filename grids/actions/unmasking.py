"""Taking a roster out with its numbers in the clear."""

from django.db import transaction
from django.db.models import QuerySet

from grids.models import Service
from grids.permissions import may_export_in_clear
from grids.queries import services_in_clear_for
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation, require
from zhongzhi.core.text import required_text

MOST = 5000
NOT_ENTITLED = "只有综治中心负责人可以导出含完整号码的名册。"


@transaction.atomic
def export_in_clear(rows: QuerySet[Service], *, actor: User, reason: str) -> list[Service]:
    """The services whose people's phones and identity numbers leave whole; who, why and whose numbers is recorded.

    Only rows of the actor's own territory count, at most 5,000 at once. Raises BadInput at `reason` for none given,
    RuleViolation for too many rows or none.
    """
    require(may_export_in_clear(actor), NOT_ENTITLED)
    reason = required_text(reason, field="reason", missing="请写明导出完整号码的理由。", max_length=200)
    chosen = list(rows.filter(pk__in=services_in_clear_for(actor).values("pk")).order_by("pk")[: MOST + 1])
    if not chosen:
        raise RuleViolation("没有可以导出的人员，请换个筛选条件。")
    if len(chosen) > MOST:
        raise RuleViolation(f"一次最多导出 {MOST} 人的完整号码，请按地方或类别缩小范围。")
    keys = [service.pk for service in chosen]
    record(actor, Verb.ROSTER_EXPORTED_IN_CLEAR, actor, reason=reason, rows=len(keys), services=keys)
    return chosen
