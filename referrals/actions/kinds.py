"""Kinds are changed from a day on: the row in force ends there, a new one begins; what runs keeps its own."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from referrals.documents import check_templates
from referrals.models import DocumentKind
from referrals.permissions import may_change_kinds
from referrals.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation, require
from zhongzhi.rows.periods import in_force


@transaction.atomic
def change_kind(kind: DocumentKind, *, actor: User, starts_on: date, **columns: Any) -> DocumentKind:
    """Put a changed version of a kind in force from a day on (today at the earliest).

    Raises RuleViolation at `starts_on` for a day gone by, at a template that cannot be read, at what contradicts
    itself.
    """
    require(may_change_kinds(actor), "文种由系统管理员或县级综治中心负责人修改。")
    kind = DocumentKind.objects.select_for_update().get(pk=kind.pk)
    if starts_on < timezone.localdate() or starts_on <= kind.starts_on:
        raise RuleViolation("启用日期应在今天或以后，且晚于现行版本。", field="starts_on")
    check_templates(columns["subject_template"], columns["body_template"])
    same = {
        f.name: getattr(kind, f.name)
        for f in DocumentKind._meta.concrete_fields
        if f.name not in ("id", "starts_on", "ends_on")
    }
    new = DocumentKind(**(same | columns), starts_on=starts_on)
    later = DocumentKind.objects.filter(code=kind.code, starts_on__gt=starts_on).order_by("starts_on").first()
    new.ends_on = later.starts_on if later is not None else None
    DocumentKind.objects.filter(in_force(starts_on), code=kind.code, starts_on__lt=starts_on).update(ends_on=starts_on)
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError as error:
        raise RuleViolation("这一文种当天已有一个版本，或须书面答复而没有答复时限。", field="starts_on") from error
    record(actor, Verb.KIND_CHANGED, f"documentkind:{kind.code}", kind=new.pk, starts_on=starts_on)
    return new
