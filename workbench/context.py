"""The navigation at the head of every page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from early_warning.permissions import sees_warnings
from grids.permissions import (
    is_administrator,
    keeps_people,
    may_administer,
    may_confirm_posts,
    may_keep_api_clients,
    may_keep_impressions,
    may_keep_outside_book,
    works_on_the_ground,
)
from grids.roles import Capability
from grids.scope import scope_of
from intake.permissions import at_window, may_import, may_meet, may_register
from intake.permissions.data_requests import may_receive_data_requests
from intake.permissions.keeping import may_keep_calendar
from mediation.permissions import has_hall, has_mediation, keeps_bodies
from referrals.permissions import has_papers
from workbench.administration.permissions import may_run_installation
from workbench.auditing.permissions import may_audit
from workbench.permissions import may_fill_vacancies
from workbench.statistics.permissions import has_territory, may_see_figures
from zhongzhi.accounts import login_sessions
from zhongzhi.accounts.models import User
from zhongzhi.accounts.page_owner import mark_of
from zhongzhi.accounts.permissions import keeps_security, password_is_due
from zhongzhi.accounts.security_rules import idle_end


@dataclass(frozen=True)
class Item:
    """One entry of the navigation."""

    label: str
    icon: str
    address: str
    is_current: bool


@dataclass(frozen=True)
class Entry:
    """One entry as the table has it: whom it concerns; `main` stands in the bar, the first six of them, the
    others in the menu 更多."""

    label: str
    icon: str
    name: str
    concerns: Callable[[User], bool]
    main: bool = True
    below: tuple[str, ...] = ()
    """Where the other pages of the entry lie, beside those below its own address."""


def _keeps_everybody(user: User) -> bool:
    """People are the daily work of the system administrator; heads of organisations find theirs under 更多."""
    return scope_of(user).may(Capability.KEEP_ALL_PEOPLE)


def _keeps_own(user: User) -> bool:
    return keeps_people(user) and not _keeps_everybody(user)


def _everyone(user: User) -> bool:
    return True


def _with_cases(user: User) -> bool:
    """Everybody but the three administrators, who see no case."""
    return not is_administrator(user)


MOST_IN_BAR = 6
RULES = (
    "/system/limits/",
    "/system/categories/",
    "/system/warning-rules/",
    "/system/danger-words/",
    "/system/knowledge/",
)
RUNNING = ("/system/jobs/", "/system/outbox/", "/system/text-messages/", "/system/backups/")
ENTRIES = (
    Entry("待办", "inbox", "workbench:home", _everyone),
    Entry("案件", "list-details", "intake:list", _with_cases),
    Entry("登记", "file-plus", "intake:new", may_register),
    Entry("机构", "building", "system:organisations", may_administer),
    Entry("规则", "calendar-time", "system:calendar", may_keep_calendar, below=RULES),
    Entry("印章", "shield-lock", "grids:impressions", may_keep_impressions, main=False),
    Entry("接口", "link", "system:clients", may_keep_api_clients, below=("/system/exchange/",)),
    Entry("运行", "circle-check", "system:health", may_run_installation, below=RUNNING),
    Entry("单函", "mail", "referrals:mine", has_papers),
    Entry("督办台账", "list-check", "referrals:board", has_papers, main=False),
    Entry("层级流转", "arrow-up", "referrals:tiers", has_papers, main=False),
    Entry("回访", "phone", "intake:follow_up", at_window, main=False),
    Entry("挂账", "pin", "intake:hung_up", _with_cases, main=False),
    Entry("途径跟踪", "route", "intake:roads", _with_cases, main=False),
    Entry("导引跟踪", "route", "intake:guidance", _with_cases, main=False),
    Entry("外单位名录", "building", "grids:outside", may_keep_outside_book, main=False),
    Entry("态势", "chart-bar", "workbench:figures", may_see_figures),
    Entry("报告", "report-analytics", "workbench:figures_reports", has_territory, main=False),
    Entry("报表", "columns", "workbench:custom_tables", has_territory, main=False),
    Entry("大屏", "device-tv", "workbench:screen_links", has_territory, main=False),
    Entry("账号安全", "shield-lock", "workbench:security_accounts", keeps_security, below=("/security/",)),
    Entry("审计", "clipboard-check", "workbench:auditing_trail", may_audit, below=("/auditing/",)),
    Entry("调解", "users", "mediation:home", has_mediation),
    Entry("人员与岗位", "users", "grids:staff", _keeps_everybody),
    Entry("人员与岗位", "users", "grids:staff", _keeps_own, main=False),
    Entry("任职复核", "user-plus", "grids:post_reviews", may_confirm_posts),
    Entry("网格", "map-2", "grids:overview", works_on_the_ground),
    Entry("大厅值守", "building", "mediation:roster", has_hall, main=False),
    Entry("调解组织", "users-group", "mediation:bodies", keeps_bodies, main=False),
    Entry("离任待补", "user-off", "workbench:vacancies", may_fill_vacancies, main=False),
    Entry("预警", "alert-triangle", "early_warning:list", sees_warnings, main=False),
    Entry("碰头会", "gavel", "workbench:meetings", may_meet, main=False),
    Entry("知识库", "list-check", "workbench:knowledge", _with_cases, main=False),
    Entry("个人信息", "id", "workbench:data_requests", may_receive_data_requests, main=False),
    Entry("常用语", "edit", "workbench:texts", _with_cases, main=False),
    Entry("导入", "upload", "intake:imports", may_import, main=False),
)


def session_facts(request: HttpRequest) -> dict[str, object]:
    """For whom the page is made, how many seconds its session may stand idle, and whether the person is still at the
    door, with a password or second factor to set before anything else; nothing for visitors."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    facts = {"page_owner": mark_of(user), "idle_seconds": int(idle_end().total_seconds())}
    return facts | {"at_the_door": _is_at_the_door(request, user), "sees_cases": _with_cases(user)}


def _is_at_the_door(request: HttpRequest, user: User) -> bool:
    enrols = login_sessions.SIGN_IN in request.session and login_sessions.must_enrol(request.session)
    return enrols or password_is_due(user, timezone.now())


def navigation(request: HttpRequest) -> dict[str, list[Item]]:
    """What this person can go to; nothing for visitors."""
    user = getattr(request, "user", None)
    found: dict[str, list[Item]] = {"navigation": [], "navigation_more": []}
    if not isinstance(user, User) or _is_at_the_door(request, user):
        return found
    offered = [entry for entry in ENTRIES if entry.concerns(user)]
    main = [entry for entry in offered if entry.main][:MOST_IN_BAR]
    here = max(offered, key=lambda entry: _nearness(entry, request.path))
    for entry in offered:
        is_current = entry == here and _nearness(entry, request.path) > 0
        item = Item(entry.label, entry.icon, _address(entry.name), is_current)
        found["navigation" if entry in main else "navigation_more"].append(item)
    return found


@cache
def _address(name: str) -> str:
    """Looked up once: every page asks for thirty of them, twice."""
    return reverse(name)


def _nearness(entry: Entry, path: str) -> int:
    """How much of an address the entry has in common with its pages; the home page is itself alone."""
    own = _address(entry.name)
    if own == "/":
        return int(path == own)
    return max(len(place) if path.startswith(place) else 0 for place in (own, *entry.below))
