"""Acts that draw attention to a case: a leader in charge, a reminder to who has it in hand, a day of review."""

from intake import actions, permissions
from intake.actions.attention import leaders_to_name, urge_case, why_not_urge
from intake.actions.standing_back import why_not_stand_back
from intake.available_actions.situation import Situation
from intake.fields import PersonKey
from intake.lifecycle import INACTIVE_STATES, Event
from intake.models import RecusalGround, Risk
from zhongzhi.accounts.models import User
from zhongzhi.web.act_table import Act
from zhongzhi.web.shapes import Ask, Choice, Day, RowChoice, Shape, Text, Words


def _names_leader(s: Situation) -> bool:
    led = s.case.risk == Risk.RED or s.case.leaders_in_charge.filter(until__isnull=True).exists()
    return s.case.status not in INACTIVE_STATES and s.may_sort and led and leaders_to_name(s.case).exists()


def _hangs_up(s: Situation) -> bool:
    return permissions.may_put_on_open_list(s.user, s.case)


def _urges(s: Situation) -> bool:
    return permissions.may_urge(s.user, s.case) and why_not_urge(s.case) is None


def _handles(s: Situation) -> bool:
    return s.case.status not in INACTIVE_STATES and s.has_it_in_hand and why_not_stand_back(s.case, s.user) is None


def _name(person: User) -> str:
    return person.name


LEADER = Shape(
    "LeaderIn",
    leader=RowChoice(
        "包案领导",
        leaders_to_name,
        reads=_name,
        empty="请选择",
        page=Ask.OPTIONAL,
        key=PersonKey,
        api_help="领导的用户编号",
    ),
    reason=Words("说明", rows=2),
)
HUNG_UP = Shape(
    "HangUpIn",
    review_on=Day("复核日期", page=Ask.OPTIONAL, help_text="到期将列入待复核清单", api_help="复核日期，须在今天以后"),
    reason=Words("挂账理由"),
)

URGING = Shape("UrgeIn", reason=Text("催办理由", longest=1000, api_help="催办理由；每件案件每个工作日只催办一次"))

RECUSAL = Shape(
    "RecusalIn",
    ground=Choice("回避事由", RecusalGround),
    reason=Words("说明", rows=2, help_text="如与哪位当事人是什么关系；申明后不能再办理本案"),
)

ATTENTION: tuple[Act[Situation], ...] = (
    Act("urge", "催办", "bell", _urges, urge_case, URGING, rank=98, done="已催办，承办单位会收到通知。"),
    Act(
        "recuse",
        "申明回避",
        "user-off",
        _handles,
        actions.declare_recusal,
        RECUSAL,
        rank=295,
        danger=True,
        done="已申明回避，本案由其他人员办理。",
    ),
    Act("name-leader", "指定包案领导", "user-star", _names_leader, actions.name_leader_in_charge, LEADER, rank=220),
    Act("hang-up", "挂账", "pin", _hangs_up, actions.put_on_open_list, HUNG_UP, event=Event.SUSPEND, rank=270),
)
