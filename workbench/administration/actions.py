"""What the system administrator does to jobs, messages and backups; each with its trail."""

from pathlib import Path
from uuid import UUID, uuid4

from django.db import transaction

from workbench.administration.permissions import require_run
from workbench.administration.queries import archive_named
from workbench.operations.archive import ArchiveBroken, verified
from workbench.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import RuleViolation
from zhongzhi.core.text import required_text
from zhongzhi.jobs import actions as jobs
from zhongzhi.jobs.models import Job
from zhongzhi.notices import actions as notices

TEST_TEXT = "综治中心测试短信：收到即表示短信通道正常。"


@transaction.atomic
def retry_job(uid: UUID, *, actor: User) -> Job:
    """Let a job that a fault stopped run again."""
    require_run(actor)
    job = jobs.retry(uid)
    record(actor, Verb.JOB_RETRIED, job, kind=job.kind)
    return job


@transaction.atomic
def give_job_up(uid: UUID, *, actor: User, reason: str) -> Job:
    """End a job for good; its owner reads the reason."""
    require_run(actor)
    why = _reason(reason)
    job = jobs.give_up(uid, reason=why)
    record(actor, Verb.JOB_GIVEN_UP, job, kind=job.kind, reason=why)
    return job


@transaction.atomic
def retry_message(pk: int, *, actor: User) -> None:
    """Let a message be tried at the next delivery, some seconds from now."""
    require_run(actor)
    message = notices.retry_message(pk)
    record(actor, Verb.MESSAGE_RETRIED, message, topic=message.topic)


@transaction.atomic
def give_message_up(pk: int, *, actor: User, reason: str) -> None:
    """Let a message never be delivered."""
    require_run(actor)
    why = _reason(reason)
    message = notices.give_message_up(pk)
    record(actor, Verb.MESSAGE_GIVEN_UP, message, topic=message.topic, reason=why)


@transaction.atomic
def send_test_message(*, actor: User) -> None:
    """Send a text message to one's own number; RuleViolation where the account has none."""
    require_run(actor)
    if not actor.phone:
        raise RuleViolation("您的账号没有登记手机号，请先登记再发测试短信。")
    if not notices.post_text_message(actor.phone, TEST_TEXT, key=f"test:{uuid4()}"):
        raise RuleViolation("您账号登记的是座机，收不到短信，请先改为手机号。")
    record(actor, Verb.TEST_MESSAGE_SENT, actor)


def check_backup(name: str, *, actor: User) -> str:
    """Read an archive from beginning to end; whether it is whole, in a sentence. What was found is in the trail.

    Raises NotFound for a name that is none of the archives.
    """
    require_run(actor)
    path = archive_named(name)
    found, fault = _compared(path)
    with transaction.atomic():
        record(actor, Verb.BACKUP_CHECKED, f"backup:{name}", is_whole=not fault)
    return fault or found


def _compared(path: Path) -> tuple[str, str]:
    try:
        manifest = verified(path)
    except ArchiveBroken as broken:
        return "", broken.message
    rows = sum(manifest.tables.values())
    return f"备份完整：数据表 {len(manifest.tables)} 张共 {rows} 行，文件 {manifest.files} 个。", ""


def _reason(reason: str) -> str:
    return required_text(reason, field="reason", missing="请写明原因。", max_length=200)
