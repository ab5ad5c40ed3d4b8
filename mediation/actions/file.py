"""The file of a mediation: materials put in their place, completeness told to the case, papers taken out recorded."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from intake.actions import attach_prepared
from intake.actions.mediations import lock_case, set_archive_condition
from intake.models import Case, ConditionSource, Party
from mediation.models import Material, MaterialKind, Mediation, Performance, Session
from mediation.permissions import may_mediate, may_read_file, may_record_performance
from mediation.queries.file import missing_of_case, performances_without_proof
from mediation.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation, require
from zhongzhi.files.preparing import PreparedFile, prepared


def add_material(
    mediation: Mediation,
    upload: "UploadedFile[Any]",
    *,
    actor: User,
    kind: str,
    session: Session | None = None,
    party: Party | None = None,
    performance: Performance | None = None,
) -> Material:
    """Put a photo or scan into the file, at its place; it becomes a file of the case.

    A proof of performance that comes later belongs to the `performance` named; without a name it is the proof of all
    that have none. The file is checked and written before the case is locked.
    """
    _check_material(mediation, actor, kind)
    with prepared(upload) as (file,), transaction.atomic():
        mediation.case = lock_case(mediation.case)
        _check_material(mediation, actor, kind)
        links: dict[str, Any] = {"session": session, "party": party}
        if kind == MaterialKind.PERFORMANCE:
            links["performance"] = _proved_by_it(mediation, performance)
        row = keep_material(mediation, file, actor=actor, kind=MaterialKind(kind), **links)
        recheck_file(mediation.case)
    return row


def keep_material(
    mediation: Mediation, file: PreparedFile, *, actor: User, kind: MaterialKind, **links: Any
) -> Material:
    """Keep a prepared file in a locked mediation; `links` are session, performance or party."""
    attachment = attach_prepared(mediation.case, file, actor=actor, note=kind.label, is_entitled=True)
    return Material.objects.create(mediation=mediation, kind=kind, attachment=attachment, **links)


def _check_material(mediation: Mediation, actor: User, kind: str) -> None:
    require(may_record_performance(actor, mediation), "卷宗材料由调解组织或负责中心上传。")
    if kind not in MaterialKind.values:
        raise RuleViolation("请选择材料的类别。", field="kind")


def _proved_by_it(mediation: Mediation, named: Performance | None) -> Performance:
    """The performance that bears the proof; of several without a proof the others share it."""
    if named is not None:
        if named.instalment.obligation.agreement.mediation_id != mediation.pk:
            raise RuleViolation("请选择本次调解的履行记录。", field="performance")
        return named
    bare = list(performances_without_proof(mediation))
    if not bare:
        raise RuleViolation("没有缺凭证的履行记录；还没有履行的，请先记录履行。", field="kind")
    first, *others = bare
    Performance.objects.filter(pk__in=[row.pk for row in others]).update(shares_proof=first)
    return first


@transaction.atomic
def recheck(mediation: Mediation, *, actor: User) -> list[str]:
    """Look at the file again, because parties or attachments of the case changed; what is missing."""
    case = lock_case(mediation.case)
    require(may_record_performance(actor, mediation) or may_mediate(actor, mediation))
    recheck_file(case)
    return missing_of_case(case)


def recheck_file(case: Case) -> None:
    """Tell the case what its mediation files lack, so that archiving can refuse."""
    set_archive_condition(case, ConditionSource.MEDIATION, missing=missing_of_case(case))


@transaction.atomic
def note_taken_out(mediation: Mediation, *, actor: User, what: str) -> None:
    """Record that forms with personal data in the clear were opened, printed or downloaded (个人信息保护法 art. 51)."""
    require(may_read_file(actor, mediation.case), "只有办理本案的人员可以查看和打印卷宗。")
    record(actor, Verb.FILE_TAKEN, mediation.case, mediation=mediation.pk, what=what)
