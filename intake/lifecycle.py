"""The life of a case: its states, what can happen to it, and the one table that says which move is allowed."""

from django.db import models

from zhongzhi.core.lifecycle import PRIOR, Lifecycle


class State(models.TextChoices):
    DRAFT = "draft", "草稿"
    REGISTERED = "registered", "已登记"
    ACCEPTED = "accepted", "已受理"
    DISPATCHED = "dispatched", "已交办"
    HANDLING = "handling", "办理中"
    CONCLUDED = "concluded", "待审核"
    CLOSED = "closed", "已办结"
    ARCHIVED = "archived", "已归档"
    SUSPENDED = "suspended", "已中止"
    GUIDED = "guided", "已导引"
    MERGED = "merged", "已并案"
    WITHDRAWN = "withdrawn", "已撤回"


class Event(models.TextChoices):
    REGISTER = "register", "登记"
    ACCEPT = "accept", "受理"
    GUIDE = "guide", "导引"
    GUIDE_BACK = "guide_back", "导引被退回"
    DISPATCH = "dispatch", "交办"
    TAKE_UP = "take_up", "中心自办"
    SIGN = "sign", "签收"
    RETURN = "return", "退回"
    CONCLUDE = "conclude", "反馈办理结果"
    SEND_BACK = "send_back", "审核退回"
    CLOSE = "close", "审核办结"
    REOPEN = "reopen", "重办"
    ARCHIVE = "archive", "归档"
    SUSPEND = "suspend", "中止"
    RESUME = "resume", "恢复办理"
    WITHDRAW = "withdraw", "撤回"
    MERGE = "merge", "并案"
    SPLIT = "split", "撤销并案"
    ESCALATE = "escalate", "上提"
    HAND_DOWN = "hand_down", "交由下级办理"
    RESTORE = "restore", "恢复案件"


LIFECYCLE: Lifecycle[State, Event] = Lifecycle(
    {
        (State.DRAFT, Event.REGISTER): State.REGISTERED,
        (State.REGISTERED, Event.ACCEPT): State.ACCEPTED,
        (State.REGISTERED, Event.GUIDE): State.GUIDED,
        (State.REGISTERED, Event.WITHDRAW): State.WITHDRAWN,
        (State.REGISTERED, Event.MERGE): State.MERGED,
        (State.ACCEPTED, Event.DISPATCH): State.DISPATCHED,
        (State.ACCEPTED, Event.TAKE_UP): State.HANDLING,
        (State.ACCEPTED, Event.GUIDE): State.GUIDED,
        (State.ACCEPTED, Event.SUSPEND): State.SUSPENDED,
        (State.ACCEPTED, Event.WITHDRAW): State.WITHDRAWN,
        (State.ACCEPTED, Event.MERGE): State.MERGED,
        (State.REGISTERED, Event.ESCALATE): State.REGISTERED,
        (State.ACCEPTED, Event.ESCALATE): State.ACCEPTED,
        (State.DISPATCHED, Event.ESCALATE): State.ACCEPTED,
        (State.HANDLING, Event.ESCALATE): State.ACCEPTED,
        (State.ACCEPTED, Event.HAND_DOWN): State.ACCEPTED,
        (State.DISPATCHED, Event.SIGN): State.HANDLING,
        (State.DISPATCHED, Event.RETURN): State.ACCEPTED,
        (State.DISPATCHED, Event.SUSPEND): State.SUSPENDED,
        (State.DISPATCHED, Event.WITHDRAW): State.WITHDRAWN,
        (State.HANDLING, Event.RETURN): State.ACCEPTED,
        (State.HANDLING, Event.CONCLUDE): State.CONCLUDED,
        (State.HANDLING, Event.SUSPEND): State.SUSPENDED,
        (State.HANDLING, Event.WITHDRAW): State.WITHDRAWN,
        (State.CONCLUDED, Event.SEND_BACK): State.HANDLING,
        (State.CONCLUDED, Event.CLOSE): State.CLOSED,
        (State.CLOSED, Event.REOPEN): State.HANDLING,
        (State.CLOSED, Event.ARCHIVE): State.ARCHIVED,
        (State.SUSPENDED, Event.RESUME): PRIOR,
        (State.SUSPENDED, Event.WITHDRAW): State.WITHDRAWN,
        (State.MERGED, Event.SPLIT): PRIOR,
        (State.GUIDED, Event.GUIDE_BACK): PRIOR,
        (State.GUIDED, Event.RESTORE): PRIOR,
        (State.WITHDRAWN, Event.RESTORE): State.REGISTERED,
        (State.ARCHIVED, Event.RESTORE): State.CLOSED,
    }
)

OPEN_STATES = (
    State.REGISTERED,
    State.ACCEPTED,
    State.DISPATCHED,
    State.HANDLING,
    State.CONCLUDED,
    State.SUSPENDED,
)
DONE_STATES = (State.CLOSED, State.ARCHIVED)
INACTIVE_STATES = (State.CLOSED, State.ARCHIVED, State.GUIDED, State.MERGED, State.WITHDRAWN)
