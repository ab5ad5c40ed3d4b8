"""Tasks of joint handling: given, done, released. A case is concluded only when none is open."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from intake.coordination.models import Task, TaskKind
from intake.coordination.queries import open_tasks
from intake.models import Case, Handling, HandlingPart
from intake.notifications import notify_dispatchers, notify_handlers
from intake.permissions import may_sort, may_work_on
from intake.transitions import locked, reason_given, touch
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, PermissionDenied, RuleViolation, require
from zhongzhi.core.text import clean_text


@transaction.atomic
def add_task(
    case: Case,
    handling: Handling,
    *,
    actor: User,
    what: str,
    kind: str = TaskKind.ORDINARY,
    due_on: date | None = None,
    needs_consent: bool = False,
) -> Task:
    """Give an organisation that handles the case a task. Raises RuleViolation at `what`, `handling` or `due_on`."""
    case = locked(case)
    if not may_sort(actor, case) and not _leads(case, actor):
        raise PermissionDenied("联动任务由综治中心或主办单位下达。")
    part = Handling.objects.select_related("organisation").get(pk=handling.pk)
    if part.case_id != case.pk or part.closed_at:
        raise RuleViolation("该单位目前没有承办本案，请先交办或增加协办单位。", field="handling")
    if due_on and due_on < timezone.localdate():
        raise RuleViolation("完成期限不能早于今天。", field="due_on")
    text = clean_text(what, field="what", max_length=300)
    if not text:
        raise RuleViolation("请写明要做什么。", field="what")
    task = Task.objects.create(
        case=case,
        handling=part,
        kind=kind,
        what=text,
        due_on=due_on,
        needs_consent=needs_consent,
        created_by=actor,
        created_at=timezone.now(),
    )
    touch(case)
    record(actor, Verb.TASK_ADDED, case, task=task.pk, handling=part.pk, kind=kind)
    notify_handlers(case, part.organisation, f"task_{task.pk}", "有新的联动任务")
    return task


@transaction.atomic
def complete_task(task: Task, *, actor: User, result: str) -> Task:
    """The organisation reports a task as done. A transfer that needs the guardian's consent waits for it."""
    case = locked(task.case)
    task = _open_task(task)
    require(may_work_on(actor, task.handling), f"这项任务由{task.handling.organisation}完成。")
    if task.needs_consent and task.consented_at is None:
        raise RuleViolation("这项转送须先取得监护人同意，并在特殊关爱记录中登记。", field="result")
    task.result, task.done_at, task.done_by = said(result, field="result"), timezone.now(), actor
    task.save(update_fields=["result", "done_at", "done_by"])
    touch(case)
    record(actor, Verb.TASK_DONE, case, task=task.pk)
    notify_dispatchers(case, f"task_done_{task.pk}", f"{task.handling.organisation.short_name}完成一项联动任务")
    return task


@transaction.atomic
def release_task(task: Task, *, actor: User, reason: str) -> Task:
    """The centre releases an organisation from a task, with a reason."""
    case = locked(task.case)
    require(may_sort(actor, case), "联动任务由负责的综治中心解除。")
    task, reason = _open_task(task), reason_given(reason)
    release_tasks(case, reason[:500], actor, task=task)
    touch(case)
    task.refresh_from_db()
    return task


def release_tasks(
    case: Case, reason: str, actor: User | None, *, handling: Handling | None = None, task: Task | None = None
) -> None:
    """Release open tasks of a locked case: all of them, those of one handling, or one."""
    rows = open_tasks(case)
    if handling is not None:
        rows = rows.filter(handling=handling)
    if task is not None:
        rows = rows.filter(pk=task.pk)
    released = [row.pk for row in rows]
    Task.objects.filter(pk__in=released).update(released_at=timezone.now(), released_by=actor, release_reason=reason)
    for pk in released:
        record(actor, Verb.TASK_RELEASED, case, task=pk)


def _open_task(task: Task) -> Task:
    rows = Task.objects.select_for_update(of=("self",)).select_related("handling__organisation")
    found = rows.get(pk=task.pk)
    if not found.is_open:
        raise InvalidTransition("这项任务已经完成或解除。")
    return found


def _leads(case: Case, actor: User) -> bool:
    lead = case.handlings.filter(closed_at__isnull=True, part=HandlingPart.LEAD).first()
    return lead is not None and may_work_on(actor, lead)


def said(note: str, *, field: str = "note") -> str:
    """What was done, in words (RuleViolation at the field for nothing)."""
    text = clean_text(note, field=field, max_length=2000, multiline=True)
    if not text:
        raise RuleViolation("请写明办理情况。", field=field)
    return text
