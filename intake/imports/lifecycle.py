"""The life of an import: checked, perhaps asked about its columns, confirmed, run, done."""

from django.db import models

from zhongzhi.core.lifecycle import Lifecycle


class ImportState(models.TextChoices):
    CHECKING = "checking", "检查中"
    ASKING = "asking", "待对应列"
    CHECKED = "checked", "待确认"
    RUNNING = "running", "导入中"
    DONE = "done", "已完成"
    FAILED = "failed", "不能导入"
    CANCELLED = "cancelled", "已取消"


class ImportEvent(models.TextChoices):
    CHECK = "check", "检查完毕"
    ASK = "ask", "请人对应列"
    READ = "read", "换个读法"
    CONFIRM = "confirm", "确认导入"
    FINISH = "finish", "导入完毕"
    FAIL = "fail", "不能导入"
    CANCEL = "cancel", "取消"


IMPORT_LIFECYCLE: Lifecycle[ImportState, ImportEvent] = Lifecycle(
    {
        (ImportState.CHECKING, ImportEvent.CHECK): ImportState.CHECKED,
        (ImportState.CHECKING, ImportEvent.ASK): ImportState.ASKING,
        (ImportState.CHECKING, ImportEvent.FAIL): ImportState.FAILED,
        (ImportState.CHECKING, ImportEvent.CANCEL): ImportState.CANCELLED,
        (ImportState.ASKING, ImportEvent.READ): ImportState.CHECKING,
        (ImportState.ASKING, ImportEvent.CANCEL): ImportState.CANCELLED,
        (ImportState.CHECKED, ImportEvent.READ): ImportState.CHECKING,
        (ImportState.CHECKED, ImportEvent.CONFIRM): ImportState.RUNNING,
        (ImportState.CHECKED, ImportEvent.CANCEL): ImportState.CANCELLED,
        (ImportState.RUNNING, ImportEvent.FINISH): ImportState.DONE,
    }
)
OPEN_IMPORTS = (ImportState.CHECKING, ImportState.ASKING, ImportState.CHECKED, ImportState.RUNNING)
