"""Which tables a person uses, and for which place."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from grids.models import Organisation, Territory
from grids.queries import territory_of
from grids.scope import scope_of
from workbench.models import CustomTable
from workbench.statistics.custom_tables.layout import TableLayout
from workbench.statistics.periods import Period, asked_period
from workbench.statistics.permissions import place_for
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import NotFound


def tables_visible_to(user: User) -> QuerySet[CustomTable]:
    """One's own, those shared with an organisation one serves at, and those of one above that are meant for all below;
    by name."""
    posts = scope_of(user).postings
    codes = [post.organisation.territory.current_code for post in posts]
    above = {code[:length] for code in codes for length in (2, 4, 6, 9, 12) if length <= len(code)}
    shared = Q(shared_with__in={post.organisation_id for post in posts})
    handed_down = Q(with_below=True, shared_with__territory__code__in=above)
    rows = CustomTable.objects.filter(Q(user=user) | shared | handed_down)
    return rows.select_related("user", "shared_with", "place").order_by("name", "pk")


def table_of(user: User, uid: UUID) -> CustomTable:
    """One of them; NotFound for any other."""
    row = tables_visible_to(user).filter(uid=uid).first()
    if row is None:
        raise NotFound("没有找到这张报表，或者它没有共享给您。")
    return row


def place_of(user: User, table: CustomTable, code: str) -> Territory:
    """The place asked for; else that of the table, where the reader sees it; else the reader's own."""
    if code:
        return place_for(user, code)
    own = place_for(user, "")
    return territory_of(table.place.code) if scope_of(user).covers(table.place) else own


def period_of(table: CustomTable, today: date, *, name: str = "", start: str = "", end: str = "") -> Period:
    """The period asked for, else that of the table as of today."""
    if name or start or end:
        return asked_period(today, name=name, start=start, end=end)
    return asked_period(today, name=table.period, start=f"{table.start or ''}", end=f"{table.end or ''}")


def layout_of(table: CustomTable) -> TableLayout:
    """What it shows."""
    return TableLayout(tuple(table.figures), table.axis, table.lines)


def organisations_of(user: User) -> list[Organisation]:
    """Those the person serves at, with which a table may be shared."""
    return list({post.organisation_id: post.organisation for post in scope_of(user).postings}.values())
