"""What is kept for a time: each kind with its default, what is over at a moment, and what becomes of it then.

What is open, held (挂账), restricted (限制知悉) or blocked (限制处理) is never over. The trail is not here: its entries
hold no personal data and stand in chains, so they are kept for ever; neither is the feed of changes, which other
systems read from its beginning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from axes.models import AccessAttempt
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from grids.actions.hazards import forget_reporters
from grids.models import Hazard
from grids.models.table_imports import HandedTable, ImportRow
from intake.actions.retention import anonymise_files, discard_old_drafts
from intake.imports.actions import drop_undecided_imports
from intake.imports.lifecycle import ImportState
from intake.imports.models import ImportBatch, RowRemark
from intake.lifecycle import State
from intake.models import EntryAutosave, ResumableUpload
from intake.queries.retention import drafts_over, files_over
from mediation.lifecycle import ConfirmationState
from mediation.models import Confirmation
from workbench.models import KeptInput, WebhookDelivery
from zhongzhi.accounts.models import SecurityEvent, UserSession
from zhongzhi.jobs.models import Job
from zhongzhi.notices.actions import empty_messages
from zhongzhi.notices.models import Notice, OutboxMessage

YEAR: Final = 365
HALF_A_YEAR: Final = 183
_CONFIRMED: Final = Exists(
    Confirmation.objects.filter(agreement__mediation__case=OuterRef("pk"), status=ConfirmationState.CONFIRMED)
)
_LASTING: Final = Q(scale="03") | Q(_CONFIRMED)
_NAMED: Final = ~Q(reporter_name="") | ~Q(other_side="") | Q(reporter_phone_sealed__isnull=False)
_IN_NO_LIST: Final = ~Exists(Notice.objects.filter(outbox=OuterRef("pk")))
_OF_NO_IMPORT: Final = ~Exists(ImportBatch.objects.filter(job=OuterRef("pk")))
_SHORT: Final = Q(status__in=[State.GUIDED, State.WITHDRAWN])


@dataclass(frozen=True)
class RetentionKind:
    """One kind: how long by default (None: for ever) and at least, since when a row counts, what becomes of it.

    `over` gives what is over at a moment; `end` ends rows by their keys, in the transaction of its caller.
    """

    name: str
    title: str
    days: int | None
    source: str
    since: str
    becomes: str
    over: Callable[[datetime], QuerySet[Any]]
    end: Callable[[Sequence[int]], None]
    at_least: int = 1


def _deleted(model: type[Model]) -> Callable[[Sequence[int]], None]:
    def end(keys: Sequence[int]) -> None:
        model._default_manager.filter(pk__in=keys).delete()

    return end


_UNDECIDED: Final = (ImportState.ASKING, ImportState.CHECKED)


def _old(model: type[Model], **when: object) -> Callable[[datetime], QuerySet[Any]]:
    """Rows of a table whose moment (`at`, the name of a column) lies before another, under conditions."""
    column = str(when.pop("at"))
    return lambda moment: model._default_manager.filter(**{f"{column}__lt": moment}, **when)


ARCHIVES, NEEDED = "机关文件材料归档范围和文书档案保管期限规定", "个人信息保护法第十九条：实现处理目的所必要的最短时间"
LOGS = "网络安全法第二十一条：不少于六个月"
FILE = "当事人和事由匿名，办理经过、数字和留痕保留"
KINDS: Final = {
    kind.name: kind
    for kind in (
        RetentionKind(
            "files_lasting", "案件卷宗：重大群体、经司法确认", None, ARCHIVES, "办结", FILE,
            lambda moment: files_over(moment).filter(_LASTING), anonymise_files, 10 * YEAR,
        ),
        RetentionKind(
            "files", "案件卷宗：一般", 30 * YEAR, ARCHIVES, "办结", FILE,
            lambda moment: files_over(moment).exclude(_LASTING).exclude(_SHORT), anonymise_files, 10 * YEAR,
        ),
        RetentionKind(
            "files_short", "案件卷宗：导引、撤回", 10 * YEAR, ARCHIVES, "登记、受理", FILE,
            lambda moment: files_over(moment).filter(_SHORT).exclude(_LASTING), anonymise_files, YEAR,
        ),
        RetentionKind("drafts", "登记草稿", 90, NEEDED, "最后修改", "删除", drafts_over, discard_old_drafts),
        RetentionKind(
            "autosaves", "未提交的录入内容", 90, NEEDED, "最后录入", "删除",
            _old(EntryAutosave, at="updated_at"), _deleted(EntryAutosave),
        ),
        RetentionKind(
            "uploads", "未传完的附件", 1, NEEDED, "开始上传", "删除",
            _old(ResumableUpload, at="begun_at"), _deleted(ResumableUpload),
        ),
        RetentionKind(
            "kept_inputs", "对话框里未提交的内容", 30, NEEDED, "最后填写", "删除",
            _old(KeptInput, at="updated_at"), _deleted(KeptInput),
        ),
        RetentionKind(
            "imports", "待确认的导入文件", 30, NEEDED, "上传", "取消导入，文件删除",
            _old(ImportBatch, at="created_at", state__in=_UNDECIDED), drop_undecided_imports,
        ),
        RetentionKind(
            "roster_tables", "待确认的名册表格文件", 30, NEEDED, "上传", "删除",
            _old(HandedTable, at="job__created_at"), _deleted(HandedTable),
        ),
        RetentionKind(
            "import_rows", "名册导入的逐行内容", 30, NEEDED, "导入结束", "删除",
            _old(ImportRow, at="job__ended_at"), _deleted(ImportRow),
        ),
        RetentionKind(
            "hazards", "隐患的反映人、对方当事人", 3 * YEAR, NEEDED, "处置完毕", "姓名、电话清除，隐患保留",
            lambda moment: Hazard.objects.filter(_NAMED, ended_at__lt=moment), forget_reporters, 30,
        ),
        RetentionKind(
            "notices", "站内消息", 180, NEEDED, "送达", "删除",
            _old(Notice, at="outbox__delivered_at"), _deleted(Notice), 30,
        ),
        RetentionKind(
            "messages", "已发出的短信和消息内容", 180, NEEDED, "发出", "内容清除，发送记录保留",
            lambda moment: OutboxMessage.objects.filter(delivered_at__lt=moment).exclude(payload={}), empty_messages, 1,
        ),
        RetentionKind(
            "sessions", "登录会话", 30, NEEDED, "会话结束", "删除",
            _old(UserSession, at="expire_date"), _deleted(UserSession),
        ),
        RetentionKind(
            "sent", "已发出消息的发送记录", 3 * YEAR, LOGS, "发出", "删除",
            lambda moment: OutboxMessage.objects.filter(_IN_NO_LIST, delivered_at__lt=moment),
            _deleted(OutboxMessage), HALF_A_YEAR,
        ),
        RetentionKind(
            "pushed", "推送外部系统的记录", 3 * YEAR, LOGS, "送达", "删除",
            _old(WebhookDelivery, at="sent_at"), _deleted(WebhookDelivery), HALF_A_YEAR,
        ),
        RetentionKind(
            "jobs", "后台作业", HALF_A_YEAR, NEEDED, "结束", "删除，导入批次的作业保留",
            lambda moment: Job.objects.filter(_OF_NO_IMPORT, ended_at__lt=moment), _deleted(Job), 30,
        ),
        RetentionKind(
            "import_remarks", "导入批次的逐行提示", HALF_A_YEAR, NEEDED, "导入结束", "删除，批次和件数保留",
            _old(RowRemark, at="batch__finished_at"), _deleted(RowRemark),
        ),
        RetentionKind(
            "security_log", "安全日志", 3 * YEAR, LOGS, "发生", "删除",
            _old(SecurityEvent, at="at"), _deleted(SecurityEvent), HALF_A_YEAR,
        ),
        RetentionKind(
            "sign_in_failures", "登录失败计数", HALF_A_YEAR, LOGS, "最后一次", "删除",
            _old(AccessAttempt, at="attempt_time"), _deleted(AccessAttempt), HALF_A_YEAR,
        ),
    )
}  # fmt: skip
"""All kinds, in the order of the page."""
