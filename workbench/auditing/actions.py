"""What the auditor does: every look is recorded; alerts are noted as seen and explained; checks are asked for."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from workbench.auditing.permissions import may_audit
from workbench.models import ReadingAlert
from workbench.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import ask_check, record
from zhongzhi.audit.models import TrailCheck
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, require
from zhongzhi.core.text import required_text

REASON_LENGTH, EXPLANATION_LENGTH = 200, 300
AUDITORS = "只有审计员可以办理。"


@transaction.atomic
def note_look(actor: User, verb: Verb, asked: Mapping[str, str]) -> None:
    """Whoever audits is audited: what was looked at, and by which filters."""
    require(may_audit(actor), AUDITORS)
    record(actor, verb, f"auditor:{actor.pk}", filters={name: value[:50] for name, value in asked.items() if value})


@transaction.atomic
def note_export(actor: User, reason: str, asked: Mapping[str, str]) -> None:
    """A part of the trail leaves the system: why, and which."""
    require(may_audit(actor), AUDITORS)
    why = required_text(reason, field="reason", missing="请填写导出理由。", max_length=REASON_LENGTH)
    filters = {name: value[:50] for name, value in asked.items() if value}
    record(actor, Verb.TRAIL_EXPORTED, f"auditor:{actor.pk}", reason=why, filters=filters)


@transaction.atomic
def ask_trail_check(actor: User) -> TrailCheck:
    """Have the trail checked now."""
    require(may_audit(actor), AUDITORS)
    check = ask_check(actor)
    record(actor, Verb.TRAIL_CHECK_ASKED, f"auditor:{actor.pk}", check=check.pk)
    return check


@transaction.atomic
def see_alert(pk: int, actor: User) -> ReadingAlert:
    """Note that the auditor has read an alert."""
    alert = _locked(pk, actor)
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by = timezone.now(), actor
        alert.save(update_fields=["seen_at", "seen_by"])
        record(actor, Verb.ALERT_SEEN, f"auditor:{actor.pk}", alert=alert.pk)
    return alert


@transaction.atomic
def explain_alert(pk: int, actor: User, explanation: str) -> ReadingAlert:
    """Note what an alert came to; said once."""
    alert = _locked(pk, actor)
    if alert.explained_at:
        raise InvalidTransition("这条预警已经说明过。")
    text = required_text(explanation, field="explanation", missing="请写明核实的情况。", max_length=EXPLANATION_LENGTH)
    alert.explanation, alert.explained_at, alert.explained_by = text, timezone.now(), actor
    alert.seen_at, alert.seen_by = alert.seen_at or timezone.now(), alert.seen_by or actor
    alert.save()
    record(actor, Verb.ALERT_EXPLAINED, f"auditor:{actor.pk}", alert=alert.pk)
    return alert


def _locked(pk: int, actor: User) -> ReadingAlert:
    require(may_audit(actor), AUDITORS)
    alert = ReadingAlert.objects.select_for_update().filter(pk=pk).first()
    if alert is None:
        raise InvalidTransition("没有这条预警。")
    if alert.person_id == actor.pk:
        raise PermissionDenied("关于本人的预警由其他审计员办理。")
    return alert
