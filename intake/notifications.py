"""Whom a step of a case is told to, and how it reads. Messages go out with the transaction that caused them.

What happens × who hears of it is one table, `NEWS`, asked by one function, `announce`. What is asked of one
organisation alone (to sign, to decide, to go on) is told to it by `notify_handlers`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils import timezone

from grids.models import Organisation, Territory
from grids.queries import centre_of, leaders_over, members_with
from grids.roles import Capability
from grids.scope import scope_of
from intake.deadlines.queries import work_calendar
from intake.extension_points import mediators_of_cases
from intake.imports.models import ImportBatch
from intake.models import Case, HandlingPart, Risk
from intake.sight import readers_among, sight_of
from zhongzhi.accounts.models import User
from zhongzhi.notices.actions import Announcement, post, post_all


class Hearer(TextChoices):
    """Who may have to hear of what happens to a case."""

    REGISTRAR = "registrar", "登记人"
    SORTERS = "sorters", "研判分流岗"
    LEAD = "lead", "主办单位"
    CO_HANDLERS = "co_handlers", "协办、配合单位"
    FORMER_LEAD = "former_lead", "原主办单位"
    MEDIATORS = "mediators", "调解员"
    LEADER = "leader", "包案领导"
    MANAGER = "manager", "中心负责人"


H = Hearer
WORKING = (H.LEAD, H.CO_HANDLERS, H.MEDIATORS)


@dataclass(frozen=True)
class News:
    """One thing that happens.

    What it is called, who hears of it, and whether even of what the window settled itself.
    """

    label: str
    hearers: frozenset[Hearer]
    on_fast_track: bool = False


def _news(label: str, *hearers: Hearer, on_fast_track: bool = False) -> News:
    return News(label, frozenset(hearers), on_fast_track)


NEWS: Mapping[str, News] = MappingProxyType({
    "case_evidence": _news("添加材料", *WORKING),
    "case_amended": _news("补正", *WORKING),
    "risk_raised": _news("风险等级升高", H.SORTERS, *WORKING, H.LEADER, H.MANAGER),
    "case_concluded": _news("反馈办理结果", H.SORTERS),
    "case_closed": _news("审核办结", H.REGISTRAR, H.FORMER_LEAD, H.LEADER),
    "case_returned": _news("退回", H.SORTERS),
    "case_escalated": _news("上提", H.SORTERS, H.REGISTRAR, H.CO_HANDLERS, H.FORMER_LEAD, H.MEDIATORS, H.LEADER),
    "case_handed_down": _news("交由下级", H.SORTERS, H.REGISTRAR, H.CO_HANDLERS, H.MEDIATORS, H.LEADER),
    "case_suspended": _news("中止", H.REGISTRAR, *WORKING, H.LEADER),
    "case_hung_up": _news("挂账", H.REGISTRAR, *WORKING, H.LEADER),
    "case_resumed": _news("恢复办理", H.REGISTRAR, *WORKING, H.LEADER),
    "case_withdrawn": _news("撤回", H.SORTERS, H.REGISTRAR, *WORKING, H.LEADER),
    "case_guided": _news("导引", H.REGISTRAR, *WORKING, H.LEADER),
    "case_merged_in": _news("其他案件并入", H.SORTERS, *WORKING, H.LEADER),
    "case_split_off": _news("并入的案件拆出", H.SORTERS, *WORKING, H.LEADER),
    "case_split": _news("撤销并案", H.SORTERS, H.REGISTRAR, *WORKING, H.LEADER),
    "case_restored": _news("恢复案件", H.SORTERS, H.REGISTRAR, H.FORMER_LEAD),
    "citizen_unhappy": _news("群众评价 1、2 分", H.SORTERS, H.MANAGER, H.FORMER_LEAD, on_fast_track=True),
})  # fmt: skip
"""What happens × who hears of it, and nobody else; docs/who-hears.md is made of it."""


def announce(
    case: Case,
    news: str,
    what: str,
    *,
    actor: User | None,
    former: Organisation | None = None,
    key: str = "",
    by_clock: bool = False,
) -> None:
    """Tell everybody who has to hear of it, but who did it. Of work that ends with it, tell before it ends.

    `former` is the organisation that led until now; `key` tells two of a kind apart. What the clock tells keeps office
    hours.
    """
    row = NEWS[news]
    people: dict[int, User] = {}
    for hearer in row.hearers:
        people |= {person.pk: person for person in hearers_of(case, hearer, row, former)}
    people.pop(actor.pk if actor is not None else 0, None)
    opens = office_opening(case) if by_clock else None
    notify(people.values(), case, f"{news}{key}", what, not_before=opens)


def hearers_of(case: Case, hearer: Hearer, news: News, former: Organisation | None = None) -> Iterable[User]:
    """The people behind one of those who hear."""
    assert case.centre is not None
    if hearer == H.SORTERS:
        return _sorters(case, even_fast_track=news.on_fast_track)
    if hearer == H.MANAGER:
        return members_with(case.centre, Capability.NOTIFIED_OF_BREACHES)
    if hearer == H.REGISTRAR:
        return [case.created_by] if case.created_by.is_active and sight_of(case.created_by, case).level else []
    if hearer == H.LEADER:
        return [row.leader for row in case.leaders_in_charge.filter(until=None).select_related("leader")]
    if hearer == H.MEDIATORS:
        return [person for people in mediators_of_cases for person in people(case)]
    if hearer == H.FORMER_LEAD:
        return members_with(former, Capability.HANDLE) if former is not None else []
    part = HandlingPart.LEAD if hearer == H.LEAD else HandlingPart.CO
    rows = case.handlings.filter(closed_at__isnull=True, part=part).values_list("organisation_id", flat=True)
    return [person for organisation in rows for person in members_with(organisation, Capability.HANDLE)]


def notify_dispatchers(case: Case, kind: str, what: str, *, by_clock: bool = False) -> None:
    """Tell those who sort at the centre that answers; red risk also to the leaders over the place. What the clock
    tells keeps office hours.

    Of a case on the fast track nothing waits for them, so they are told nothing but red risk.
    """
    notify(_sorters(case), case, kind, what, not_before=office_opening(case) if by_clock else None)


def tell_sorters(news: Iterable[tuple[Case, str, str]]) -> None:
    """Tell those who sort of several cases, a kind and words of each: who sorts at a centre is asked once, and all
    messages are one statement."""
    sorting: dict[int, list[User]] = {}
    post_all([_announcement(_sorters(case, sorting=sorting), case, kind, what) for case, kind, what in news])


def tell_places(case: Case, places: Iterable[Territory]) -> None:
    """Tell those who sort at the centre of each place that a case concerns: it is led elsewhere."""
    assert case.centre is not None
    for place in places:
        people = members_with(centre_of(place), Capability.SORT)
        led = f"涉及{place.full_name}，由{case.centre.short_name}受理"
        notify([person for person in people if person.pk != case.created_by_id], case, f"case_concerns_{place.pk}", led)


def _sorters(case: Case, *, even_fast_track: bool = False, sorting: dict[int, list[User]] | None = None) -> list[User]:
    assert case.centre is not None
    if case.is_fast_track and case.risk != Risk.RED and not even_fast_track:
        return []
    known = {} if sorting is None else sorting
    if case.centre.pk not in known:
        known[case.centre.pk] = members_with(case.centre, Capability.SORT)
    people = list(known[case.centre.pk])
    if case.risk == Risk.RED:
        people += leaders_over(case.territory or case.centre.territory)
    return people


def notify_handlers(case: Case, organisation: Organisation, kind: str, what: str, *, by_clock: bool = False) -> None:
    """Tell those who handle at an organisation."""
    people = members_with(organisation, Capability.HANDLE)
    notify(people, case, kind, what, not_before=office_opening(case) if by_clock else None)


def office_opening(case: Case) -> datetime | None:
    """Before when a message of the clock is not sent: the next moment of office hours; red risk is not held back."""
    return None if case.risk == Risk.RED else work_calendar().next_office_moment(timezone.now())


def notify(people: Iterable[User], case: Case, kind: str, what: str, *, not_before: datetime | None = None) -> None:
    """One message per person and version of the case, not sent before that moment. It tells the category and not the
    title, which may hold names: notices stay when the case goes on to others."""
    post_all([_announcement(people, case, kind, what, not_before)])


def _announcement(
    people: Iterable[User], case: Case, kind: str, what: str, not_before: datetime | None = None
) -> Announcement:
    return Announcement(
        readers_among(people, case),
        kind,
        title=f"{case.code} {what}",
        body=case.category.name if case.category else "",
        link=f"/cases/{case.code}/",
        key=f"case:{case.pk}:{kind}:{case.version}",
        not_before=not_before,
    )


def notify_managers_of_looks(actor: User, looks: int) -> None:
    """Tell the managers of the centres where somebody serves that they look at many numbers, once an hour."""
    centres = {posting.organisation_id for posting in scope_of(actor).postings if posting.organisation.is_centre}
    managers = {person.pk: person for pk in centres for person in members_with(pk, Capability.DECIDE_RETURN)}
    post(
        [person for person in managers.values() if person.pk != actor.pk],
        "many_looks",
        title=f"{actor.name}一小时内已查看完整号码 {looks} 次",
        body="请了解查看是否因工作需要。",
        key=f"looks:{actor.pk}:{timezone.now():%Y%m%d%H}",
    )


def notify_import(batch: ImportBatch) -> None:
    """Tell those who sort at the centre, once for the whole import, what came in."""
    people = [*members_with(batch.centre, Capability.SORT), batch.created_by]
    kind = batch.get_kind_display()
    left = f"，{batch.bad_rows} 行有误未导入" if batch.bad_rows else ""
    post(
        list({person.pk: person for person in people}.values()),
        "import_done",
        title=f"{kind}已导入：新登记 {batch.new_cases} 件{left}",
        body=batch.file_name,
        link=f"/cases/imports/{batch.uid}/",
        key=f"import:{batch.pk}:done",
    )
