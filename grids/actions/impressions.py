"""Seals and hands as pictures: taken into use and out of it; every change stays in the trail."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from grids.models import Impression, ImpressionKind, Organisation
from grids.permissions import may_keep_impressions
from grids.queries.impressions import subject_named
from grids.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import InvalidTransition, RuleViolation, require
from zhongzhi.files.actions import keep_prepared
from zhongzhi.files.kinds import JPEG, PNG
from zhongzhi.files.preparing import PreparedFile, prepared

WHO = "印章和签名章由系统管理员保管。"
LEAST, MOST = 10, 60


def keep_impression(kind: str, name: str, width_mm: int, upload: "UploadedFile[Any]", *, actor: User) -> Impression:
    """Take a picture into use; the one before is out of use from now on. Raises RuleViolation at its field."""
    require(may_keep_impressions(actor), WHO)
    if not LEAST <= width_mm <= MOST:
        raise RuleViolation(f"宽度为{LEAST}至{MOST}毫米，旗县级机关的圆形印章为42毫米。", field="width_mm")
    subject = subject_named(kind, name.strip())
    if subject is None:
        what = "单位，请写登记的全称" if kind == ImpressionKind.SEAL else "人员，请写登录用的用户名"
        raise RuleViolation(f"没有找到叫“{name[:40]}”的{what}。", field="name")
    with prepared(upload) as (file,):
        if file.kind not in (PNG, JPEG):
            raise RuleViolation("请上传 PNG 或者 JPG 图片，白色或透明底。", field="file")
        return _taken_into_use(kind, subject, width_mm, file, actor)


@transaction.atomic
def _taken_into_use(
    kind: str, subject: Organisation | User, width_mm: int, file: PreparedFile, actor: User
) -> Impression:
    of = {"organisation": subject} if isinstance(subject, Organisation) else {"person": subject}
    now = timezone.now()
    Impression.objects.select_for_update().filter(kind=kind, ended_at=None, **of).update(ended_at=now)
    kept = keep_prepared(file, actor=actor)
    row = Impression.objects.create(kind=kind, file=kept, width_mm=width_mm, kept_by=actor, kept_at=now, **of)
    record(actor, Verb.IMPRESSION_KEPT, row, kind=kind, sm3=kept.sm3)
    return row


@transaction.atomic
def end_impression(pk: int, *, actor: User) -> Impression:
    """Take one out of use: papers signed from now on carry none."""
    require(may_keep_impressions(actor), WHO)
    row = Impression.objects.select_for_update().filter(pk=pk).first()
    if row is None or row.ended_at is not None:
        raise InvalidTransition("这枚印章或签名章已经停用。")
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    record(actor, Verb.IMPRESSION_ENDED, row, kind=row.kind)
    return row
