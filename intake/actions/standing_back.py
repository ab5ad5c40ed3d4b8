"""Recusal (本人申明回避): who is a party, or a relative of one, declares it and does not handle the case any more."""

from django.db import transaction
from django.utils import timezone

from grids.models import Organisation
from grids.queries import members_of
from grids.roles import Capability
from intake.actions.restricting import another_sorts, name_who_sorts
from intake.models import Case, CaseRecusal, RecusalGround
from intake.notifications import notify, notify_dispatchers
from intake.permissions import FREE_OF, STANDS_BACK, is_system, may_sort, may_work_on, stands_back
from intake.transitions import locked, reason_given, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, DomainError, InvalidTransition, PermissionDenied, refuse_for, require


@transaction.atomic
def declare_recusal(case: Case, *, actor: User, ground: str, reason: str, version: int | None = None) -> CaseRecusal:
    """Stand back from a case: neither offered its acts nor let do them from now on.

    The others who handle it there are told to go on; where there is nobody, the centre is told to hand it out anew.
    Raises InvalidTransition for who stands back already, PermissionDenied for who has no part in it.
    """
    case = locked(case, version=version)
    if stands_back(actor, case.pk):
        raise InvalidTransition("您已申明回避，本案由其他人员办理。")
    places = _places_of(actor, case)
    require(bool(places), "您不办理本案，无需申明回避。")
    refuse_for(why_not_stand_back(case, actor))
    if ground not in RecusalGround.values:
        raise BadInput("请选择回避事由。", field="ground")
    row = CaseRecusal.objects.create(
        case=case, user=actor, ground=ground, reason=reason_given(reason)[:300], declared_at=timezone.now()
    )
    actor.__dict__.pop(STANDS_BACK, None)
    actor.__dict__.pop(FREE_OF, None)
    name_who_sorts(case, actor)
    touch(case)
    record(actor, Verb.RECUSED, case, ground=ground, recusal=row.pk)
    for place in places:
        _hand_over(case, place, actor)
    return row


def why_not_stand_back(case: Case, user: User) -> DomainError | None:
    """Why a person may not stand back yet: nobody else sorts at the centre that answers. None where they may; a program
    is related to nobody."""
    if is_system(user):
        return PermissionDenied("外部系统无需申明回避。")
    if not may_sort(user, case) or another_sorts(case, user):
        return None
    return InvalidTransition("本中心没有其他人员可以接办本案；请先上提一级，或增加研判分流人员后再申明回避。")


def _places_of(actor: User, case: Case) -> list[Organisation]:
    """Where the person has to do with the case: the centre that answers, and organisations that handle it now."""
    open_ones = case.handlings.filter(closed_at=None).select_related("organisation")
    places = [handling.organisation for handling in open_ones if may_work_on(actor, handling)]
    return [*places, *([case.centre] if case.centre is not None and may_sort(actor, case) else [])]


def _hand_over(case: Case, place: Organisation, actor: User) -> None:
    sorts = place.pk == case.centre_id
    people = members_of(place, Capability.SORT if sorts else Capability.HANDLE)
    back = set(case.standing_back.values_list("user_id", flat=True))
    others = [person for person in people if person.pk not in back]
    if others:
        notify(others, case, f"case_recused_{actor.pk}", f"{actor.name}回避，请接续办理")
    elif not sorts:
        notify_dispatchers(case, f"case_recused_{actor.pk}", f"{place.short_name}无其他经办人员，请收回改派")
