"""Filters of places, organisations, rosters, hazards and visits, the same for page and API."""

from datetime import date
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from grids.lifecycle import HazardState
from grids.models import (
    HEADS,
    Beat,
    Hazard,
    HazardKind,
    HazardLevel,
    Level,
    Organisation,
    OrganisationKind,
    PlannedVisit,
    Posting,
    Role,
    Service,
    ServiceKind,
    Shift,
    Territory,
    Visit,
    VisitReason,
)
from grids.queries import (
    beats_within,
    current,
    is_territory,
    organisations_called,
    places_called,
    services_named,
    services_within,
    shifts_at,
    subtree,
)
from zhongzhi.accounts.models import User
from zhongzhi.core.pinyin import name_initials
from zhongzhi.web.bounds import DayFilter, MomentFilter, WholeNumberFilter
from zhongzhi.web.finding import holds, named
from zhongzhi.web.forms import StyledForm

YES_NO = [("true", "是"), ("false", "否")]
KINDS = [("heads", "楼栋长、单元长、联户长"), *ServiceKind.choices]


def known_place(code: str) -> None:
    """Refuse what is no place."""
    if not is_territory(code):
        raise ValidationError("没有区划代码为 %(code)s 的地方。", code="does_not_exist", params={"code": code})


def within(label: str = "区划代码（含下级）") -> django_filters.CharFilter:
    """A place and all below it."""
    return django_filters.CharFilter(label=label, method="at_place", max_length=15, validators=[known_place])


class AtPlace(django_filters.FilterSet):
    """Rows with a territory."""

    def at_place(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """At the place and below, what was merged into it included."""
        return rows.filter(territory__in=subtree(value))


class TerritoryFilter(django_filters.FilterSet):
    """Places in force."""

    level = django_filters.ChoiceFilter(label="层级", choices=Level.choices)
    parent = django_filters.CharFilter(label="上级代码", field_name="parent_code", max_length=12)
    within = django_filters.CharFilter(
        label="代码前缀（含下级）", field_name="code", lookup_expr="startswith", max_length=15
    )
    q = django_filters.CharFilter(label="名称（包括曾用名）或拼音首字母", method="called", max_length=60)

    class Meta:
        model = Territory
        fields: list[str] = []

    def called(self, rows: QuerySet[Territory], name: str, value: str) -> QuerySet[Territory]:
        """By a name that it has or had."""
        return rows.filter(places_called(value.strip()))


class OrganisationFilter(django_filters.FilterSet):
    """Organisations in force."""

    kind = django_filters.ChoiceFilter(label="类别", choices=OrganisationKind.choices)
    within = django_filters.CharFilter(
        label="所在区划代码前缀", field_name="territory__code", lookup_expr="startswith", max_length=15
    )
    q = django_filters.CharFilter(label="名称（包括曾用名）或拼音首字母", method="called", max_length=60)

    class Meta:
        model = Organisation
        fields: list[str] = []

    def called(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        """By a name that it has or had."""
        return organisations_called(rows, value.strip())


class RosterFilter(django_filters.FilterSet):
    """Periods of service."""

    q = django_filters.CharFilter(label="姓名、网格或编号", method="named", max_length=60)
    kind = django_filters.ChoiceFilter(label="类别", choices=KINDS, empty_label="全部", method="of_kind")
    within = within()
    serving = django_filters.ChoiceFilter(label="在任", choices=YES_NO, empty_label="不限", method="in_office")

    class Meta:
        model = Service
        form = StyledForm
        fields: list[str] = []

    def named(self, rows: QuerySet[Service], name: str, value: str) -> QuerySet[Service]:
        """By number, person or place."""
        return services_named(rows, value.strip())

    def of_kind(self, rows: QuerySet[Service], name: str, value: str) -> QuerySet[Service]:
        """One kind, or all heads."""
        return rows.filter(kind__in=HEADS if value == "heads" else [value])

    def at_place(self, rows: QuerySet[Service], name: str, value: str) -> QuerySet[Service]:
        """At the place and below; a beat where its grids lie."""
        return services_within(rows, value)

    def in_office(self, rows: QuerySet[Service], name: str, value: str) -> QuerySet[Service]:
        """Serving today, or not."""
        return rows.filter(current()) if value == "true" else rows.exclude(current())


class BeatFilter(django_filters.FilterSet):
    """Police beats."""

    q = django_filters.CharFilter(label="警格或派出所", method="named", max_length=60)
    within = within("区划代码（覆盖的地方）")
    in_use = django_filters.ChoiceFilter(label="在用", choices=YES_NO, empty_label="不限", method="being_in_use")

    class Meta:
        model = Beat
        form = StyledForm
        fields: list[str] = []

    def named(self, rows: QuerySet[Beat], name: str, value: str) -> QuerySet[Beat]:
        """By the beat's name or its station's."""
        return rows.filter(named(rows, value.strip(), "name", "station__name"))

    def at_place(self, rows: QuerySet[Beat], name: str, value: str) -> QuerySet[Beat]:
        """Where its grids or its station lie."""
        return beats_within(rows, value)

    def being_in_use(self, rows: QuerySet[Beat], name: str, value: str) -> QuerySet[Beat]:
        """In force today, or not."""
        return rows.filter(current()) if value == "true" else rows.exclude(current())


class DutyFilter(django_filters.FilterSet):
    """Turns of duty."""

    within = within()
    organisation = WholeNumberFilter(label="机构编号", field_name="organisation_id")
    since = MomentFilter(label="结束晚于", field_name="ends_at", lookup_expr="gt")
    until = MomentFilter(label="开始早于", field_name="starts_at", lookup_expr="lt")
    now = django_filters.ChoiceFilter(label="现在在岗", choices=YES_NO, method="being_now")

    class Meta:
        model = Shift
        fields: list[str] = []

    def at_place(self, rows: QuerySet[Shift], name: str, value: str) -> QuerySet[Shift]:
        """Of grids and organisations at the place and below."""
        return shifts_at(rows, value)

    def being_now(self, rows: QuerySet[Shift], name: str, value: str) -> QuerySet[Shift]:
        """On duty at this moment, or not."""
        on = Q(starts_at__lte=timezone.now(), ends_at__gt=timezone.now())
        return rows.filter(on) if value == "true" else rows.exclude(on)


class HazardFilter(AtPlace):
    """What was found."""

    q = django_filters.CharFilter(label="情况", method="holding", max_length=60)
    kind = django_filters.ChoiceFilter(label="类别", choices=HazardKind.choices, empty_label="全部")
    level = django_filters.ChoiceFilter(label="等级", choices=HazardLevel.choices, empty_label="全部")
    status = django_filters.ChoiceFilter(label="状态", choices=HazardState.choices, empty_label="全部")
    urgent = django_filters.ChoiceFilter(label="请到场", choices=YES_NO, empty_label="不限", method="being_urgent")
    within = within()

    class Meta:
        model = Hazard
        form = StyledForm
        fields: list[str] = []

    def holding(self, rows: QuerySet[Hazard], name: str, value: str) -> QuerySet[Hazard]:
        """By a part of what was reported."""
        return rows.filter(holds(value.strip(), "narrative"))

    def being_urgent(self, rows: QuerySet[Hazard], name: str, value: str) -> QuerySet[Hazard]:
        """Those that asked to come."""
        return rows.filter(is_urgent=value == "true")


class VisitFilter(AtPlace):
    """Visits made."""

    reason = django_filters.ChoiceFilter(label="事由", choices=VisitReason.choices, empty_label="全部")
    within = within()
    since = DayFilter(label="自", field_name="visited_on", lookup_expr="gte")
    until = DayFilter(label="至", field_name="visited_on", lookup_expr="lte")

    class Meta:
        model = Visit
        fields: list[str] = []


class PlanFilter(AtPlace):
    """Visits planned."""

    month = DayFilter(label="月份（任一天）", method="in_month")
    made = django_filters.ChoiceFilter(label="已走访", choices=YES_NO, method="being_made")
    within = within()

    class Meta:
        model = PlannedVisit
        fields: list[str] = []

    def in_month(self, rows: QuerySet[PlannedVisit], name: str, value: date) -> QuerySet[PlannedVisit]:
        """Of that month."""
        return rows.filter(month=value.replace(day=1))

    def being_made(self, rows: QuerySet[PlannedVisit], name: str, value: str) -> QuerySet[PlannedVisit]:
        """Made, or not yet."""
        return rows.filter(visit__isnull=value == "false")


class StaffFilter(django_filters.FilterSet):
    """People of the office."""

    q = django_filters.CharFilter(label="姓名、用户名", method="named", max_length=60)
    role = django_filters.ChoiceFilter(label="岗位", choices=Role.choices, empty_label="全部", method="in_role")
    organisation = django_filters.CharFilter(label="机构", method="at_organisation", max_length=80)
    is_active = django_filters.ChoiceFilter(
        label="账号", choices=[("true", "在用"), ("false", "已停用")], empty_label="全部", method="in_use"
    )

    class Meta:
        model = User
        form = StyledForm
        fields: list[str] = []

    def named(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """By a part of the name or of the user name."""
        text = value.strip()
        return rows.filter(named(rows, text, "name", read=name_initials) | Q(username__icontains=text))

    def in_role(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Who holds such a post today."""
        return rows.filter(pk__in=Posting.objects.filter(current(), role=value).values("user_id"))

    def at_organisation(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Who serves today at organisations with this in their name."""
        at = named(Organisation.objects.all(), value.strip(), "name", "short_name")
        held = Posting.objects.filter(current(), organisation__in=Organisation.objects.filter(at))
        return rows.filter(pk__in=held.values("user_id"))

    def in_use(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Accounts in use, or closed."""
        return rows.filter(is_active=value == "true")
