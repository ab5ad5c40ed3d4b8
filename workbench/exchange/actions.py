"""Messages that come in from other systems: taken once, in the order of their sender, or refused with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from intake.actions import put_case
from intake.api.entry import PutIn
from intake.queries import sender_for
from workbench.exchange.profiles import Incoming, Profile
from workbench.exchange.queries import answerable, overtaken
from workbench.exchange.shaping import Codes, fact_at, shaped, without_blanks
from workbench.models import ExchangeItem, ExchangeState, ReportedCase, WebhookDelivery
from workbench.models.exchange import KEY_LENGTH, NUMBER_LENGTH
from workbench.models.webhooks import ANSWER_LENGTH, REASON_LENGTH
from zhongzhi.accounts.models import ApiClient
from zhongzhi.core.errors import DomainError, InvalidTransition, NotFound, RuleViolation
from zhongzhi.core.text import required_text

LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Envelope:
    """Where a message stands among those of its sender, and whose number it is about."""

    key: str
    number: str
    sequence: int | None
    kind: str
    at: str


@dataclass(frozen=True)
class Received:
    """A message with the form of its profile and the maps of its codes."""

    form: Incoming
    codes: Codes
    message: Mapping[str, Any]


@transaction.atomic
def take_message(client: ApiClient, profile: Profile, message: Mapping[str, Any]) -> ExchangeItem:
    """Take what another system sent; the row tells what became of it.

    The same key again changes nothing, unless it was refused before. What comes after a later message on the same
    number is taken and changes nothing. Raises RuleViolation for a message without key or number.
    """
    form = profile.incoming
    if form is None:
        raise NotFound(f"“{profile.label}”不接收来件。")
    envelope = _envelope(form, message)
    item, is_new = ExchangeItem.objects.get_or_create(
        client=client,
        key=envelope.key,
        defaults={
            "profile": profile.name,
            "number": envelope.number,
            "sequence": envelope.sequence,
            "kind": envelope.kind,
            "happened_at": envelope.at,
            "state": ExchangeState.TAKEN,
        },
    )
    if not is_new:
        item = ExchangeItem.objects.select_for_update().get(pk=item.pk)
        item.times += 1
    if is_new or item.state == ExchangeState.REFUSED:
        _decide(item, Received(form, profile.codes, message))
    item.save()
    return item


@transaction.atomic
def take_answer(client: ApiClient, event: str, said: str) -> WebhookDelivery:
    """Keep what another system answers to a message of ours; a second answer stands in place of the first.

    Raises NotFound for a message that was not sent there, InvalidTransition for one that has not gone out.
    """
    row = answerable(client, event)
    if row is None:
        raise NotFound("没有这条发给贵方的消息。")
    if row.sent_at is None:
        raise InvalidTransition("这条消息还没有送达。")
    row.answer = required_text(said, field="answer", missing="请写明答复。", max_length=ANSWER_LENGTH)
    row.answered_at = timezone.now()
    row.save(update_fields=["answer", "answered_at"])
    return row


def note_result(client: ApiClient, case_code: str) -> int:
    """The other system has taken what became of its order; how many messages of its are answered by that."""
    waiting = ExchangeItem.objects.filter(client=client, case_code=case_code, state=ExchangeState.TAKEN)
    return waiting.update(state=ExchangeState.ANSWERED, answered_at=timezone.now())


def _decide(item: ExchangeItem, received: Received) -> None:
    """Do what the message asks for, all or nothing."""
    try:
        with transaction.atomic():
            if overtaken(item):
                item.reason = "已收到同一编号更新的内容，本条不再处理。"
            else:
                item.reason, item.case_code = "", TAKERS[received.form.takes](item, received)
    except DomainError as refusal:
        _refuse(item, refusal.message)
    except ValidationError as refusal:
        _refuse(item, "；".join(_sentences(refusal.detail)))
    else:
        item.state = ExchangeState.TAKEN


def _refuse(item: ExchangeItem, why: str) -> None:
    item.state, item.reason = ExchangeState.REFUSED, why[:REASON_LENGTH]


def _take_order(item: ExchangeItem, received: Received) -> str:
    """Register the case of the sender's number, or correct the one that is known; its code."""
    entry = without_blanks(shaped(received.form.entry, received.message, received.codes))
    given = PutIn(data=entry)
    given.is_valid(raise_exception=True)
    user = item.client.user
    sent = given.sent(sender_for(user, ""), item.number)
    case, _ = put_case(sent, actor=user)
    return str(case.code)


def _take_report(item: ExchangeItem, received: Received) -> str:
    """Keep how the case stands where it is handled."""
    told = received.message.get("case")
    facts = {} if not isinstance(told, Mapping) or told.get("code") is None else dict(told)
    version, status = facts.get("version"), str(facts.get("status") or "")[:20]
    ReportedCase.objects.update_or_create(
        client=item.client,
        code=item.number,
        defaults={
            "sequence": item.sequence or 0,
            "version": version if isinstance(version, int) and 0 <= version <= LARGEST else None,
            "status": status,
            "facts": facts,
            "left": not facts,
            "reported_at": timezone.now(),
        },
    )
    return ""


TAKERS = {"orders": _take_order, "reports": _take_report}


def _envelope(form: Incoming, message: Mapping[str, Any]) -> Envelope:
    def text(path: str, length: int) -> str:
        found = fact_at(message, path) if path else None
        return str(found).strip()[:length] if isinstance(found, str | int) else ""

    key, number = text(form.key, KEY_LENGTH + 1), text(form.number, NUMBER_LENGTH + 1)
    for name, value, length in ((form.key, key, KEY_LENGTH), (form.number, number, NUMBER_LENGTH)):
        if not value or len(value) > length or not value.isprintable():
            raise RuleViolation(f"{name} 须有，且不超过 {length} 个字。", field=name)
    said = text(form.sequence, 20)
    sequence = int(said) if said.isascii() and said.isdigit() and int(said) <= LARGEST else None
    return Envelope(key, number, sequence, text(form.kind, 20), text(form.at, 40))


def _sentences(detail: Any, path: str = "") -> list[str]:
    if isinstance(detail, Mapping):
        return [s for name, part in detail.items() for s in _sentences(part, f"{path}.{name}" if path else str(name))]
    if isinstance(detail, list) and any(isinstance(part, Mapping | list) for part in detail):
        return [s for at, part in enumerate(detail) for s in _sentences(part, f"{path}.{at}")]
    return [f"{path}：{part}" for part in (detail if isinstance(detail, list) else [detail])]
