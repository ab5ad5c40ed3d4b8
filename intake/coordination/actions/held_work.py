"""Work of an organisation that one person signed for, with its joint tasks, and giving it to the next."""

from django.db.models import Count, Q, QuerySet

from grids.extension_points import WorkKind
from grids.queries.people import organisations_left_without
from grids.roles import Capability
from grids.scope import scope_of
from intake.models import Handling, TakenOverCase
from intake.queries.cases import cases_minded_by
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.core.errors import RuleViolation

OPEN_TASK = Q(tasks__done_at=None, tasks__released_at=None, tasks__isnull=False)


def _signed(person: User) -> QuerySet[Handling]:
    """Open pieces of work that the person signed for or was given, of cases that are neither passed on nor the person's
    anyway."""
    given_on = TakenOverCase.objects.filter(former=person, given_on_at=None).values("case_id")
    minded = Q(clerk=person) | Q(clerk=None, signed_by=person)
    rows = Handling.objects.filter(minded, closed_at=None).exclude(case__in=given_on)
    return rows.exclude(case__in=cases_minded_by(person).values("pk")).order_by("pk")


def _words(person: User) -> list[str]:
    rows = _signed(person).select_related("case").annotate(open_tasks=Count("tasks", filter=OPEN_TASK))
    return [f"{row.case.code} {row.case.title}{_tasks(row.open_tasks)}" for row in rows]


def _tasks(number: int) -> str:
    return f"（联动任务 {number} 项）" if number else ""


def _give(leaver: User, successor: User, actor: User) -> None:
    """The work stays with its organisation; who minds it there is the successor, who has to be entitled to."""
    rows = list(_signed(leaver).select_related("case", "organisation").select_for_update(of=("self",)))
    scope = scope_of(successor)
    for row in rows:
        if not scope.may_at(row.organisation, Capability.HANDLE):
            raise RuleViolation(f"{successor.name}不是{row.organisation.short_name}的经办人。", field="handlings")
    Handling.objects.filter(pk__in=[row.pk for row in rows]).update(clerk=successor)
    cases = {row.case_id: row.case for row in rows}
    TakenOverCase.objects.bulk_create([TakenOverCase(case=c, user=successor, former=leaver) for c in cases.values()])
    facts = {"of": leaver.pk, "to": successor.pk}
    record_all([AuditEvent(actor, Verb.TAKEN_OVER, case, facts) for case in cases.values()])


def handled_by_nobody_after(person: User) -> list[str]:
    """Organisations with open work, joint tasks included, in which nobody else may handle it."""
    left = organisations_left_without(person, Capability.HANDLE)
    rows = left.annotate(
        works=Count("handlings", filter=Q(handlings__closed_at=None, handlings__isnull=False), distinct=True)
    )
    return [f"{row.name}在办的 {row.works} 件没有其他经办人" for row in rows if row.works]


HANDLINGS = WorkKind("handlings", "签收承办的案件和联动任务", _words, _give)
