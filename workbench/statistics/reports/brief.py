"""领导专报: one page on what is stuck in a place, with whom and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from grids.models import Territory
from grids.queries import organisations_by_id
from intake import queries
from intake.deadlines import queries as deadlines_queries
from intake.deadlines.models import Clock
from intake.models import Risk
from workbench.statistics.glance import Glance, at_a_glance
from zhongzhi import office
from zhongzhi.accounts.models import User
from zhongzhi.core.paper_dates import paper_day

MOST_CASES, MOST_ORGANISATIONS = 8, 5
"""As many as a page holds when every title has two lines."""
CASE_HEAD = ("序", "事项", "卡在哪里", "自何时起")
ORGANISATION_HEAD = ("单位", "超期件数", "最早自何时起")


@dataclass(frozen=True)
class Brief:
    """What the page says: the place in figures, the cases that are stuck longest, the organisations with most."""

    glance: Glance
    at: datetime
    stuck: Sequence[Clock]
    organisations: Sequence[tuple[str, int, datetime]]


def brief_of(user: User, place: Territory) -> Brief:
    """What is stuck at a place now, of the cases in this reader's sight and as the reader may see them."""
    late = deadlines_queries.late_by_organisation(place.code)[:MOST_ORGANISATIONS]
    names = organisations_by_id({pk for pk, _, _ in late})
    clocks = deadlines_queries.longest_overdue(place.code, queries.cases_visible_to(user), limit=MOST_CASES)
    return Brief(
        glance=at_a_glance(place),
        at=timezone.now(),
        stuck=queries.veil_all(user, clocks, lambda clock: clock.case),
        organisations=[(names[pk], number, since) for pk, number, since in late],
    )


def paper_of(brief: Brief) -> bytes:
    """The page as DOCX."""
    document = office.file_document()
    office.number_pages(document.sections[0])
    place = brief.glance.place.name
    office.title(document, f"{place}矛盾纠纷化解领导专报")
    below = office.line(
        document, f"（{paper_day(brief.at)} {timezone.localtime(brief.at):%H:%M}）", align=office.CENTRE
    )
    below.paragraph_format.space_after = office.Pt(8)
    office.indented(document, _summary(brief))
    if brief.stuck:
        office.heading(document, "一、卡得最久的事项")
        office.data_table(document, CASE_HEAD, [_case(n, clock, brief.at) for n, clock in enumerate(brief.stuck, 1)])
        office.heading(document, "二、超期集中的单位")
        rows = [[name, str(number), paper_day(since)] for name, number, since in brief.organisations]
        office.data_table(document, ORGANISATION_HEAD, rows)
    return office.as_bytes(document)


def _summary(brief: Brief) -> str:
    glance = brief.glance
    rates = [f"{v.figure.label}{v.text}{v.figure.unit}" for v in glance.values if v.number is not None]
    told = f"{glance.period.label}，{'，'.join(rates)}。" if rates else ""
    red = f"红色风险在办{glance.red}件，须领导包案。" if glance.red else "目前没有红色风险在办。"
    if not glance.overdue:
        return f"{told}{red}目前没有超期的事项。"
    return f"{told}{red}目前超期{glance.overdue}件，请协调下列单位限期办理。"


def _case(number: int, clock: Clock, now: datetime) -> list[str]:
    """One line: red risk is said with the title, for it is what a leader takes on."""
    case = clock.case
    red = "（红色）" if case.risk == Risk.RED else ""
    days = max((timezone.localdate(now) - timezone.localdate(clock.due_at)).days, 1)
    where = f"{clock.organisation.name}\n（{clock.get_kind_display()}）"
    return [str(number), f"{case.title}{red}\n{case.code}", where, f"{paper_day(clock.due_at)}\n已超期{days}天"]
