"""Filters of the security administrator's lists."""

import django_filters
from django.db.models import Q, QuerySet

from zhongzhi.accounts.models import SecurityEvent, SecurityKind, User, UserSession
from zhongzhi.web.bounds import DayFilter
from zhongzhi.web.forms import StyledForm


class AccountFilter(django_filters.FilterSet):
    """People by name, user name or phone."""

    q = django_filters.CharFilter(label="姓名、用户名、手机号", method="named", max_length=50)

    class Meta:
        model = User
        fields: list[str] = []
        form = StyledForm

    def named(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Whose name or user name holds it."""
        return rows.filter(Q(name__icontains=value) | Q(username__icontains=value) | Q(phone=value))


class SessionFilter(django_filters.FilterSet):
    """Sessions by person or address."""

    q = django_filters.CharFilter(label="姓名、用户名、来源地址", method="named", max_length=50)

    class Meta:
        model = UserSession
        fields: list[str] = []
        form = StyledForm

    def named(self, rows: QuerySet[UserSession], name: str, value: str) -> QuerySet[UserSession]:
        """Whose owner is called so, or that came from there."""
        return rows.filter(
            Q(user__name__icontains=value) | Q(user__username__icontains=value) | Q(ip__startswith=value)
        )


class EventFilter(django_filters.FilterSet):
    """Lines of the security log by kind, person, address and days."""

    q = django_filters.CharFilter(label="姓名、用户名", method="named", max_length=50)
    kind = django_filters.ChoiceFilter(label="事件", choices=SecurityKind.choices, empty_label="全部")
    ip = django_filters.CharFilter(label="来源地址", lookup_expr="startswith", max_length=39)
    since = DayFilter(label="从", field_name="at", lookup_expr="date__gte")
    until = DayFilter(label="到", field_name="at", lookup_expr="date__lte")

    class Meta:
        model = SecurityEvent
        fields: list[str] = []
        form = StyledForm

    def named(self, rows: QuerySet[SecurityEvent], name: str, value: str) -> QuerySet[SecurityEvent]:
        """About whom, or what was typed at the login."""
        return rows.filter(Q(user__name__icontains=value) | Q(username__icontains=value))
