"""What waits for a person today: the lists of cases by why they wait.

The home page puts them together by what is due.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from grids.list_heads import ordered_as
from grids.roles import Capability
from grids.scope import scope_of
from intake import queries
from intake.models import Case
from intake.permissions import at_window, may_register
from intake.queries import Pointer
from zhongzhi.accounts.models import User
from zhongzhi.web.lists import MOST_COUNTED
from zhongzhi.web.paging import keyset_order

SHOWN = 25
IN_PAGES = ("next_due", "id")


@dataclass(frozen=True)
class Kind:
    """A kind of list, and whom it concerns; a rare one is left out while it is empty. What is only followed asks
    nothing of the person."""

    name: str
    title: str
    empty: str
    cases: Callable[[User], QuerySet[Case]]
    concerns: Callable[[User], bool]
    is_rare: bool = False
    is_followed: bool = False

    @cached_property
    def in_pages(self) -> Callable[[User], QuerySet[Case]]:
        """The cases as the pages of the list are cut."""
        return ordered_as(self.cases, lambda rows: keyset_order(rows, IN_PAGES))


@dataclass(frozen=True)
class Section:
    """One list of the day: its first cases, and how many there are."""

    kind: Kind
    first: list[Pointer]
    total: int

    @property
    def name(self) -> str:
        """As addresses name it."""
        return self.kind.name

    @property
    def title(self) -> str:
        """As the page names it."""
        return self.kind.title

    @property
    def number(self) -> str:
        """How many there are, in few digits: a thousand and more are not counted."""
        return str(self.total) if self.total <= MOST_COUNTED else f"{MOST_COUNTED}+"


def _sorts(user: User) -> bool:
    return scope_of(user).may_at_some_centre(Capability.SORT)


def _works(user: User) -> bool:
    return scope_of(user).may(Capability.HANDLE)


def _leads(user: User) -> bool:
    return scope_of(user).may(Capability.TAKE_CHARGE)


def _decides(user: User) -> bool:
    return scope_of(user).may(Capability.SORT)


KINDS = (
    Kind("decide", "待决定", "没有等待决定的申请。", queries.cases_to_decide, _decides),
    Kind("directions", "待办复的批示", "没有等待办复的批示。", queries.cases_with_directions, _works, is_rare=True),
    Kind("mentions", "提到我的", "没有提到您、未读的记录。", queries.cases_that_mention, _works, is_rare=True),
    Kind("in-charge", "我包案的", "没有由您包案的在办案件。", queries.cases_in_charge_of, _leads),
    Kind("triage", "待研判", "新登记的案件都已研判。", queries.cases_to_triage, _sorts),
    Kind("dispatch", "待分流交办", "已受理的案件都已交办。", queries.cases_to_dispatch, _sorts),
    Kind(
        "guided-here",
        "导引到本单位的",
        "没有导引到本单位、等待签收答复的事项。",
        queries.cases_guided_here,
        _works,
        is_rare=True,
    ),
    Kind("sign", "待签收", "没有待签收的案件。", queries.cases_to_sign, _works),
    Kind("my-work", "我经办的", "没有由您经办的在办案件。", queries.cases_entrusted_to, _works, is_rare=True),
    Kind("handle", "办理中", "手上没有在办的案件。", queries.cases_in_hand, _works),
    Kind("review", "待审核", "没有等待审核的结果。", queries.cases_to_review, _sorts),
    Kind("follow-up", "待回访", "办结的案件都已回访。", queries.cases_to_follow_up, at_window),
    Kind("hung-up", "挂账待复核", "没有到期复核的挂账案件。", queries.open_list_for_review, _sorts),
    Kind(
        "mine", "我登记、接手的", "您登记、接手的案件都已办结。", queries.open_cases_of, may_register, is_followed=True
    ),
)


def todo_of(user: User) -> list[Section]:
    """The lists that concern this person, in the order of the work. Queries depend on the posts, not on the rows."""
    kinds = [kind for kind in KINDS if kind.concerns(user)]
    heads = queries.heads_of(user, [kind.cases for kind in kinds], shown=SHOWN)
    found = [Section(kind, head.cases, head.total) for kind, head in zip(kinds, heads, strict=True)]
    return [section for section in found if section.total or not section.kind.is_rare]


def kind_named(name: str) -> Kind | None:
    """A list by its name in addresses."""
    return next((kind for kind in KINDS if kind.name == name), None)
