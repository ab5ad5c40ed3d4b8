"""Acts of guidance: lead elsewhere; the receiver signs, takes over or refuses; what came back on paper."""

from intake import actions, permissions
from intake.available_actions.scopes import OF_HANDLERS
from intake.available_actions.situation import Situation
from intake.fields import OrganisationInReach, OutsideReceiver
from intake.lifecycle import Event
from intake.models import DeclineGround, GuidanceWay, Road
from zhongzhi.web.act_table import Act
from zhongzhi.web.shapes import NOTE, REASON, Ask, Choice, Day, Shape, Words, YesNo, today


def _guides(s: Situation) -> bool:
    return s.may_sort and not s.came_back


def _receives(s: Situation) -> bool:
    return s.guidance is not None and permissions.may_receive_guidance(s.user, s.guidance)


def _signs(s: Situation) -> bool:
    return _receives(s) and s.guidance is not None and s.guidance.signed_at is None


def _notes_receipt(s: Situation) -> bool:
    return s.guidance is not None and permissions.may_note_receipt(s.user, s.guidance)


GUIDANCE = Shape(
    "GuideIn",
    way=Choice("方式", GuidanceWay, radio=True, first=GuidanceWay.GUIDE, api=Ask.OPTIONAL),
    ground=Choice(
        "已进入的程序",
        DeclineGround,
        required=False,
        shown_if="way=decline",
        api_help="不予受理的必填；法律规定由该程序处理",
    ),
    receiver=OrganisationInReach("导引至", required=False, help_text="本旗单位；须签收、答复，退回的由本中心受理"),
    outside=OutsideReceiver("或外单位", help_text="外单位名录中的单位；以转送函和回执往来"),
    road=Choice("走哪条途径", Road, required=False, empty="（不写明）"),
    note=Words("说明", help_text="写进告知书：为什么、去办什么、带什么材料"),
)
RECEIPT = Shape(
    "GuidanceReceiptIn",
    taken=YesNo("对方是否接收", yes="已接收", no="退回"),
    answered_on=Day("回执日期", first=today),
    note=Words("回执内容", required=False, help_text="退回的须写明理由"),
)

GUIDING: tuple[Act[Situation], ...] = (
    Act("guide", "导引", "route", _guides, None, GUIDANCE, event=Event.GUIDE, rank=140),
    Act("sign-guidance", "签收导引", "check", _signs, actions.sign_guidance, rank=11, scope=OF_HANDLERS),
    Act(
        "take-guidance",
        "接收办理",
        "circle-check",
        _receives,
        actions.take_over_guidance,
        NOTE,
        rank=12,
        scope=OF_HANDLERS,
    ),
    Act(
        "refuse-guidance",
        "退回导引",
        "arrow-back-up",
        _receives,
        actions.refuse_guidance,
        REASON,
        rank=151,
        scope=OF_HANDLERS,
        leaves=True,
    ),
    Act(
        "guidance-receipt",
        "登记回执",
        "mail",
        _notes_receipt,
        actions.record_guidance_receipt,
        RECEIPT,
        rank=14,
    ),
)
