"""Marking domestic violence, and what follows from it at once."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from intake.actions.restricting import begin_restriction
from intake.actions.triage import RISKS, raise_risk
from intake.lifecycle import INACTIVE_STATES, State
from intake.models import Case, Party, PartyKind, PartyRole, Risk, ViolenceMark
from intake.permissions import may_amend
from intake.queries.guardians import needs_guardian
from intake.transitions import locked, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.core.text import clean_text

REASON = "涉家庭暴力"


@transaction.atomic
def mark_violence(
    case: Case,
    *,
    actor: User,
    hurt: Party | None,
    police: str = "",
    police_told_on: date | None = None,
    wants_joint: bool = False,
    version: int | None = None,
) -> ViolenceMark:
    """Mark that a party was hurt at home, or what is known of it since: few see the case from now on, its risk is
    orange at least, both sides are not brought to one table unless the hurt person asks, and papers hide where they
    live.

    Raises RuleViolation at `police` where the person has no or limited capacity and the police do not know: whoever
    learns of it reports at once (反家庭暴力法 art. 14).
    """
    case = locked(case, version=version)
    require(may_amend(actor, case), "由负责中心的窗口和承办单位标记。")
    if case.status in INACTIVE_STATES or case.status == State.DRAFT:
        raise InvalidTransition(f"案件{State(case.status).label}，不能标记。")
    if hurt is None or hurt not in people_hurt(case):
        raise RuleViolation("请选择受害人。", field="hurt")
    told = _report(hurt, police, police_told_on)
    values = {"hurt": hurt, **told, "joint_wanted_on": timezone.localdate() if wants_joint else None}
    known = {"marked_by": actor, "marked_at": timezone.now()}
    mark, _ = ViolenceMark.objects.update_or_create(case=case, defaults=values, create_defaults=values | known)
    if not case.is_restricted:
        begin_restriction(case, actor)
        case.save(update_fields=["is_restricted"])
    if RISKS.index(case.risk) > RISKS.index(Risk.ORANGE):
        raise_risk(case, Risk.ORANGE, actor=actor, reason=REASON)
    else:
        touch(case)
    record(actor, Verb.VIOLENCE_MARKED, case, party=hurt.pk, police=bool(mark.police), wants_joint=wants_joint)
    return mark


def people_hurt(case: Case) -> list[Party]:
    """Who may be the one."""
    return [
        party for party in case.parties.all() if (party.role, party.kind) == (PartyRole.PRINCIPAL, PartyKind.PERSON)
    ]


def _report(hurt: Party, police: str, on: date | None) -> dict[str, object]:
    words = clean_text(police, field="police", max_length=100)
    if not words and needs_guardian(hurt):
        raise RuleViolation(
            f"{hurt.shown_name}是无、限制民事行为能力人，须立即报警（反家庭暴力法第十四条）；请报警后填写接警单位和警情编号。",
            field="police",
        )
    if words and (on is None or on > timezone.localdate()):
        raise RuleViolation("请填写报警日期，不能晚于今天。", field="police_told_on")
    return {"police": words, "police_told_on": on if words else None}
