"""Whether this installation can do its work: what is tried is tried now, what is told by others is told lately.

A fault shows within 15 seconds of its beginning, and is over as soon as the next answer finds it mended.
"""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from workbench.operations.queries import needs_migrating, seconds_ahead, try_a_write
from zhongzhi import alive
from zhongzhi.core.errors import FilesAway
from zhongzhi.files import store
from zhongzhi.notices.queries import oldest_due
from zhongzhi.set_aside import SWEEPS, failures
from zhongzhi.tasks_base import beat_seen

LATE = timedelta(minutes=5)
SILENT = 10.0
"""Seconds without a sign of beat or of any worker, which leave one every two."""
STANDSTILL = 120.0
"""Seconds without a periodic task that came to its end, of which one is sent every ten."""
APART = 5.0
"""Seconds that the clocks of this machine and of the database may differ."""
MOST_SET_ASIDE = 20
PATIENCE = 2
READ_ONLY, DISK_FULL = "25006", "53100"
PARTS = ("disk", "files", "database", "writes", "migrations", "clock", "outbox", "broker", "beat", "worker", "tasks",
         "set-aside")  # fmt: skip
"""Every name that a fault may have, for those who count them."""
Faults = Iterator[tuple[str, str]]


def faults() -> dict[str, str]:
    """What is wrong, by part, in words; empty when all is well."""
    return {part: words for look in (_disk, _files, _database, _broker) for part, words in look()}


def _disk() -> Faults:
    free = shutil.disk_usage(_there(Path(settings.DATA_DIR))).free // 1024**2
    if free < settings.DISK_FREE_MB:
        yield "disk", f"数据盘只剩 {free} MB，请清理或扩容"


def _there(folder: Path) -> Path:
    """The folder, or the nearest above it that there is already."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _files() -> Faults:
    if settings.FILES_BUCKET:
        try:
            store.has(store.NOWHERE)
        except FilesAway:
            yield "files", "文件存储连不上，请检查对象存储和密钥"
        return
    try:
        folder = Path(settings.MEDIA_ROOT)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as tried:
            tried.write(b"readyz")
            tried.flush()
    except OSError:
        yield "files", "附件目录不能写入，请检查磁盘和权限"


def _database() -> Faults:
    try:
        connection.ensure_connection()
        yield from _of_database()
    except (DatabaseError, InterfaceError):
        yield "database", "数据库不可用"


def _of_database() -> Faults:
    try:
        try_a_write()
    except DatabaseError as error:
        code = getattr(error.__cause__, "pgcode", None)
        if code is None:
            raise
        words = {READ_ONLY: "数据库只能读取，不能写入", DISK_FULL: "数据库所在磁盘已满"}
        yield "writes", words.get(code, "数据库不能写入")
    if needs_migrating():
        yield "migrations", "数据库结构尚未更新，请执行 manage.py migrate"
        return
    apart = seconds_ahead(timezone.now())
    if abs(apart) > APART:
        yield "clock", f"本机时钟与数据库相差 {abs(apart):.0f} 秒，请校准（NTP）"
    waits_since = oldest_due(timezone.now())
    if waits_since and timezone.now() - waits_since > LATE:
        yield "outbox", "消息已积压超过 5 分钟，请检查后台任务是否运行"


def _broker() -> Faults:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as broker:
            broker.set("readyz", 1, ex=60)
        cache.get("readyz")
        yield from _of_background()
    except RedisError:
        yield "broker", "消息队列不可用"


def _of_background() -> Faults:
    signs: tuple[tuple[str, float | None, float, str], ...] = (
        ("beat", alive.seen(alive.BEAT), SILENT, "定时调度（beat）没有运行"),
        ("worker", alive.seen(alive.WORKER), SILENT, "后台任务（worker）没有运行"),
        ("tasks", beat_seen(), STANDSTILL, "定时任务两分钟没有进展，请检查 worker"),
    )
    now = timezone.now().timestamp()
    for part, seen, longest, words in signs:
        if seen is None or now - seen > longest:
            yield part, words
    aside = sum(len(failures(name)) for name in SWEEPS)
    if aside > MOST_SET_ASIDE:
        yield "set-aside", f"后台已搁置 {aside} 条办不成的事项，请看“运行”页"
