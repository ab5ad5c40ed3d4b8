"""The lives of a mediation, an agreement and a judicial confirmation, each as one table."""

from django.db import models

from zhongzhi.core.lifecycle import Lifecycle


class State(models.TextChoices):
    """A mediation."""

    OPENED = "opened", "待当事人同意"
    RUNNING = "running", "调解中"
    AGREED = "agreed", "达成协议"
    FAILED = "failed", "未达成协议"
    CANCELLED = "cancelled", "已取消"


class Event(models.TextChoices):
    CONSENT = "consent", "各方同意调解"
    AGREE = "agree", "协议生效"
    FAIL = "fail", "终结调解"
    CANCEL = "cancel", "取消"
    REVISE = "revise", "变更协议"


LIFECYCLE: Lifecycle[State, Event] = Lifecycle(
    {
        (State.OPENED, Event.CONSENT): State.RUNNING,
        (State.OPENED, Event.FAIL): State.FAILED,
        (State.OPENED, Event.CANCEL): State.CANCELLED,
        (State.RUNNING, Event.AGREE): State.AGREED,
        (State.RUNNING, Event.FAIL): State.FAILED,
        (State.RUNNING, Event.CANCEL): State.CANCELLED,
        (State.AGREED, Event.REVISE): State.RUNNING,
    }
)
OPEN_STATES = (State.OPENED, State.RUNNING)


class AgreementState(models.TextChoices):
    DRAFT = "draft", "起草中"
    IN_FORCE = "in_force", "已生效"
    PERFORMED = "performed", "已履行"
    BREACHED = "breached", "逾期未履行"
    REPLACED = "replaced", "已变更"


class AgreementEvent(models.TextChoices):
    TAKE_FORCE = "take_force", "生效"
    PERFORM = "perform", "履行完毕"
    BREACH = "breach", "逾期未履行"
    REPLACE = "replace", "变更"


AGREEMENTS: Lifecycle[AgreementState, AgreementEvent] = Lifecycle(
    {
        (AgreementState.DRAFT, AgreementEvent.TAKE_FORCE): AgreementState.IN_FORCE,
        (AgreementState.DRAFT, AgreementEvent.REPLACE): AgreementState.REPLACED,
        (AgreementState.IN_FORCE, AgreementEvent.PERFORM): AgreementState.PERFORMED,
        (AgreementState.IN_FORCE, AgreementEvent.BREACH): AgreementState.BREACHED,
        (AgreementState.IN_FORCE, AgreementEvent.REPLACE): AgreementState.REPLACED,
        (AgreementState.BREACHED, AgreementEvent.PERFORM): AgreementState.PERFORMED,
        (AgreementState.BREACHED, AgreementEvent.REPLACE): AgreementState.REPLACED,
    }
)


class ConfirmationState(models.TextChoices):
    APPLIED = "applied", "已申请"
    ACCEPTED = "accepted", "法院已受理"
    NOT_ACCEPTED = "not_accepted", "法院不予受理"
    CONFIRMED = "confirmed", "已裁定确认"
    REJECTED = "rejected", "已裁定驳回"


class ConfirmationEvent(models.TextChoices):
    ACCEPT = "accept", "法院受理"
    DECLINE = "decline", "法院不予受理"
    CONFIRM = "confirm", "裁定确认"
    REJECT = "reject", "裁定驳回"


CONFIRMATIONS: Lifecycle[ConfirmationState, ConfirmationEvent] = Lifecycle(
    {
        (ConfirmationState.APPLIED, ConfirmationEvent.ACCEPT): ConfirmationState.ACCEPTED,
        (ConfirmationState.APPLIED, ConfirmationEvent.DECLINE): ConfirmationState.NOT_ACCEPTED,
        (ConfirmationState.ACCEPTED, ConfirmationEvent.CONFIRM): ConfirmationState.CONFIRMED,
        (ConfirmationState.ACCEPTED, ConfirmationEvent.REJECT): ConfirmationState.REJECTED,
    }
)
OPEN_CONFIRMATIONS = (ConfirmationState.APPLIED, ConfirmationState.ACCEPTED)
