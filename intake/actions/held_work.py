"""What of the cases hangs on one person, and giving it to the next: drafts, unsent entries, cases, 包案."""

from django.db.models import QuerySet
from django.utils import timezone

from grids.extension_points import WorkKind
from grids.roles import Capability
from grids.scope import scope_of
from intake.lifecycle import State
from intake.models import Case, EntryAutosave, LeaderInCharge, TakenOverCase
from intake.models.autosave import autosave_aad
from intake.queries.cases import cases_minded_by, cases_visible_to
from intake.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import AuditEvent, record_all
from zhongzhi.core import ciphers
from zhongzhi.core.errors import RuleViolation
from zhongzhi.web.written_days import short_moment

REASON = "工作交接"


def _drafts(person: User) -> QuerySet[Case]:
    return Case.objects.filter(status=State.DRAFT, created_by=person).order_by("pk")


def _draft_words(person: User) -> list[str]:
    return [f"草稿：{case.title or '未填标题'}" for case in _drafts(person)]


def _give_drafts(leaver: User, successor: User, actor: User) -> None:
    """A draft is nobody's history yet: it becomes the successor's, with what was typed since it was saved."""
    _require_register(successor, "drafts")
    drafts = list(_drafts(leaver).select_for_update())
    _drafts(leaver).update(created_by=successor)
    facts = {"of": leaver.pk, "to": successor.pk}
    record_all([AuditEvent(actor, Verb.TAKEN_OVER, draft, facts) for draft in drafts])
    for row in EntryAutosave.objects.filter(user=leaver, uid__in=[draft.uid for draft in drafts]):
        _reseal(row, successor)


def _entries(person: User) -> QuerySet[EntryAutosave]:
    return EntryAutosave.objects.filter(user=person).order_by("pk")


def _entry_words(person: User) -> list[str]:
    return [f"{short_moment(row.updated_at)} 未提交的录入" for row in _entries(person)]


def _give_entries(leaver: User, successor: User, actor: User) -> None:
    """What was typed and not sent; it is sealed for whoever typed it, so it is sealed anew."""
    _require_register(successor, "entries")
    for row in _entries(leaver).select_for_update():
        _reseal(row, successor)


def _reseal(row: EntryAutosave, successor: User) -> None:
    row.sealed = ciphers.seal(row.text, aad=autosave_aad(successor.pk, row.uid))
    row.user = successor
    row.save(update_fields=["user", "sealed"])


def _case_words(person: User) -> list[str]:
    return [f"{case.code} {case.title}" for case in cases_minded_by(person).order_by("pk")]


def _give_cases(leaver: User, successor: User, actor: User) -> None:
    """Open cases are minded by the successor from now on; RuleViolation for one out of the successor's sight."""
    minded = list(cases_minded_by(leaver).select_for_update(of=("self",)).order_by("pk"))
    seen = set(cases_visible_to(successor).filter(pk__in=[c.pk for c in minded]).values_list("pk", flat=True))
    if hidden := next((case for case in minded if case.pk not in seen), None):
        raise RuleViolation(f"{hidden.code} 不在{successor.name}的查看范围内，请换一位接手人。", field="cases")
    taken = TakenOverCase.objects.filter(user=leaver, given_on_at=None, case__in=minded)
    formers = {row.case_id: row.former_id for row in taken}
    taken.update(given_on_at=timezone.now())
    TakenOverCase.objects.bulk_create(
        [TakenOverCase(case=c, user=successor, former_id=formers.get(c.pk, leaver.pk)) for c in minded]
    )
    facts = {"of": leaver.pk, "to": successor.pk}
    record_all([AuditEvent(actor, Verb.TAKEN_OVER, case, facts) for case in minded])


def _charges(person: User) -> QuerySet[LeaderInCharge]:
    return LeaderInCharge.objects.filter(leader=person, until=None).select_related("case").order_by("case_id")


def _charge_words(person: User) -> list[str]:
    return [f"{row.case.code} {row.case.title}" for row in _charges(person)]


def _give_charges(leaver: User, successor: User, actor: User) -> None:
    """包案 goes to another leader."""
    if not scope_of(successor).may(Capability.TAKE_CHARGE):
        raise RuleViolation(f"{successor.name}不是领导，不能接手包案。", field="charges")
    now = timezone.now()
    for row in _charges(leaver).select_for_update(of=("self",)):
        row.until = now
        row.save(update_fields=["until"])
        LeaderInCharge.objects.create(case=row.case, leader=successor, reason=REASON, named_by=actor, since=now)
        record_all([AuditEvent(actor, Verb.LEADER_NAMED, row.case, {"leader": successor.pk})])


def _require_register(successor: User, field: str) -> None:
    if not scope_of(successor).may(Capability.REGISTER):
        raise RuleViolation(f"{successor.name}的岗位不能登记案件，请换一位接手人。", field=field)


KINDS = (
    WorkKind("drafts", "案件草稿", _draft_words, _give_drafts),
    WorkKind("entries", "未提交的录入", _entry_words, _give_entries),
    WorkKind("cases", "在办案件", _case_words, _give_cases),
    WorkKind("charges", "包案", _charge_words, _give_charges),
)
