"""Keep a table, and throw one away."""

from datetime import date
from uuid import UUID

from django.db import transaction

from grids.models import Territory
from grids.roles import Capability
from grids.scope import scope_of
from workbench.models import CustomTable
from workbench.statistics.custom_tables.layout import TableLayout, check_layout
from workbench.statistics.custom_tables.queries import organisations_of, table_of
from workbench.statistics.permissions import has_territory
from workbench.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, RuleViolation, require
from zhongzhi.core.text import required_text

MOST = 50


@transaction.atomic
def save_table(
    *,
    actor: User,
    name: str,
    layout: TableLayout,
    place: Territory,
    period: str = "",
    days: tuple[date, date] | None = None,
    shared_with: int | None = None,
    with_below: bool = False,
) -> CustomTable:
    """Keep a table under a name, for oneself or for an organisation one serves at; the same name again takes the new
    one.

    Raises BadInput at the field that is wrong; PermissionDenied without a territory, for a place beyond it, for
    another's organisation; RuleViolation for more than 50.
    """
    require(has_territory(actor), "报表按区划统计，您的岗位没有统计区域。")
    require(scope_of(actor).covers(place), "只能统计自己查看范围内的地方。")
    require(shared_with is None or shared_with in [o.pk for o in organisations_of(actor)], "只能共享给自己任职的单位。")
    name = required_text(name, field="name", missing="请填写名称。", max_length=40)
    check_layout(layout)
    if with_below and shared_with is None:
        raise BadInput("要给下级单位用，请先选共享给哪个单位。", field="with_below")
    User.objects.select_for_update().get(pk=actor.pk)
    if CustomTable.objects.filter(user=actor).exclude(name=name).count() >= MOST:
        raise RuleViolation(f"最多保存 {MOST} 张报表，请先删除不用的。", field="name")
    start, end = days or (None, None)
    kept = {
        "figures": list(layout.figures), "axis": layout.axis, "lines": layout.lines, "place": place,
        "period": "" if days else period, "start": start, "end": end,
        "shared_with_id": shared_with, "with_below": with_below,
    }  # fmt: skip
    row, _ = CustomTable.objects.update_or_create(user=actor, name=name, defaults=kept)
    record(actor, Verb.CUSTOM_TABLE_SAVED, f"table:{row.uid}", figures=kept["figures"], shared_with=shared_with)
    return row


@transaction.atomic
def discard_table(uid: UUID, *, actor: User) -> None:
    """Throw a table away: one's own, or one of an organisation at which one manages or leads. NotFound for one out of
    sight, PermissionDenied for a colleague's."""
    row = table_of(actor, uid)
    manages = row.shared_with_id is not None and scope_of(actor).may_at(row.shared_with_id, Capability.OPEN_SCREENS)
    require(row.user_id == actor.pk or manages, "报表由保存的人或本单位负责人删除。")
    record(actor, Verb.CUSTOM_TABLE_DISCARDED, f"table:{row.uid}", shared_with=row.shared_with_id)
    row.delete()
