"""Inside an organisation: who works on a piece of work (经办人), and giving it to a colleague."""

from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q, QuerySet

from grids.queries import members_of
from grids.roles import Capability
from intake.models import Case, Handling
from intake.notifications import notify
from intake.permissions import may_work_on
from intake.sight import named_readers, readers_among
from intake.transitions import locked, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation, require


@transaction.atomic
def entrust_handling(case: Case, *, actor: User, person: User | None, version: int | None = None) -> Handling:
    """Give the organisation's piece of work to a colleague, who is told; the organisation keeps it.

    Raises PermissionDenied for who has no work on the case that was signed for, RuleViolation at `person` for who may
    not work on it there.
    """
    case = locked(case, version=version)
    handling = own_handling(case, actor)
    require(handling is not None, "只有承办本案、已经签收的单位可以指定经办人。")
    assert handling is not None
    if person is None or not colleagues_for(handling).filter(pk=person.pk).exists():
        raise RuleViolation(f"请选择{handling.organisation}的其他经办人员。", field="person")
    if not readers_among([person], case):
        raise RuleViolation(f"{person.name}不能查看本案，请另选。", field="person")
    handling.clerk = person
    Handling.objects.filter(pk=handling.pk).update(clerk=person)
    touch(case)
    record(actor, Verb.ENTRUSTED, case, handling=handling.pk, clerk=person.pk)
    notify([person], case, f"case_entrusted_{handling.pk}_{case.version}", "交由您经办")
    return handling


def own_handling(case: Case, user: User) -> Handling | None:
    """The open piece of work that the person's organisation has signed for."""
    rows = [row for row in case.handlings.all() if row.closed_at is None and row.signed_at is not None]
    mine = (row for row in rows if may_work_on(user, row))
    return min(mine, key=lambda row: row.pk, default=None)


def people_to_entrust(case: Case) -> QuerySet[User]:
    """Whoever may work on the case at one of the organisations that have signed for it."""
    rows = case.handlings.filter(closed_at__isnull=True, signed_at__isnull=False)
    here = [members_of(pk, Capability.HANDLE).values("pk") for pk in rows.values_list("organisation_id", flat=True)]
    return User.objects.filter(reduce(or_, (Q(pk__in=keys) for keys in here), Q(pk__in=[]))).order_by("pk")


def colleagues_for(handling: Handling) -> QuerySet[User]:
    """Who else may work on it there: sees the case, where it is restricted, and does not stand back from it."""
    case, people = handling.case, members_of(handling.organisation, Capability.HANDLE)
    others = people.exclude(pk=handling.minded_by or 0).exclude(pk__in=case.standing_back.values("user"))
    return others.filter(pk__in=named_readers(case).values("user")) if case.is_restricted else others
