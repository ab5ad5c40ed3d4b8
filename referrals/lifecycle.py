"""The life of a document of the three slips and two letters: one table says which move is allowed."""

from django.db import models

from zhongzhi.core.lifecycle import Lifecycle


class State(models.TextChoices):
    DRAFT = "draft", "草稿"
    REVIEW = "review", "待审核"
    READY = "ready", "待签发"
    SIGNED = "signed", "已签发"
    ISSUED = "issued", "待签收"
    RECEIVED = "received", "待答复"
    ANSWERED = "answered", "已答复"
    DONE = "done", "已办毕"
    RETURNED = "returned", "已退回"
    VOID = "void", "已作废"
    DISCARDED = "discarded", "已弃用"


class Event(models.TextChoices):
    SUBMIT = "submit", "送审"
    APPROVE = "approve", "审核通过"
    SEND_BACK = "send_back", "退回修改"
    SIGN = "sign", "签发"
    ISSUE = "issue", "印发"
    RECEIVE = "receive", "签收"
    RETURN = "return", "退回"
    ANSWER = "answer", "答复"
    ACCEPT = "accept", "认可答复"
    REFUSE = "refuse", "退回答复"
    FINISH = "finish", "办毕"
    VOID = "void", "作废"
    DISCARD = "discard", "弃用草稿"


LIFECYCLE: Lifecycle[State, Event] = Lifecycle(
    {
        (State.DRAFT, Event.SUBMIT): State.REVIEW,
        (State.REVIEW, Event.APPROVE): State.READY,
        (State.REVIEW, Event.SEND_BACK): State.DRAFT,
        (State.READY, Event.SEND_BACK): State.DRAFT,
        (State.DRAFT, Event.SIGN): State.SIGNED,
        (State.READY, Event.SIGN): State.SIGNED,
        (State.SIGNED, Event.ISSUE): State.ISSUED,
        (State.ISSUED, Event.RECEIVE): State.RECEIVED,
        (State.ISSUED, Event.RETURN): State.RETURNED,
        (State.RECEIVED, Event.RETURN): State.RETURNED,
        (State.ISSUED, Event.ANSWER): State.ANSWERED,
        (State.RECEIVED, Event.ANSWER): State.ANSWERED,
        (State.ANSWERED, Event.ACCEPT): State.DONE,
        (State.ANSWERED, Event.REFUSE): State.RECEIVED,
        (State.ISSUED, Event.FINISH): State.DONE,
        (State.RECEIVED, Event.FINISH): State.DONE,
        (State.SIGNED, Event.VOID): State.VOID,
        (State.ISSUED, Event.VOID): State.VOID,
        (State.RECEIVED, Event.VOID): State.VOID,
        (State.ANSWERED, Event.VOID): State.VOID,
        (State.RETURNED, Event.VOID): State.VOID,
        (State.DRAFT, Event.DISCARD): State.DISCARDED,
        (State.REVIEW, Event.DISCARD): State.DISCARDED,
        (State.READY, Event.DISCARD): State.DISCARDED,
    }
)

UNSIGNED = (State.DRAFT, State.REVIEW, State.READY)
TO_SIGN = (State.DRAFT, State.READY)
WAITING = (State.ISSUED, State.RECEIVED)
