"""How the installation fares, as its administrator sees it: receivers masked, no words of any message."""

import platform
import shutil
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.utils import timezone
from redis import Redis
from redis.exceptions import RedisError

from workbench.operations.queries import keys_now, needs_migrating
from zhongzhi import __version__
from zhongzhi.accounts.queries import names_of_users
from zhongzhi.audit.models import TrailEntry
from zhongzhi.audit.queries import latest_entries
from zhongzhi.core.ciphers import CipherBroken, unseal
from zhongzhi.core.errors import NotFound
from zhongzhi.core.masking import mask_name, mask_phone
from zhongzhi.notices.channels import NOTICE, TEXT_MESSAGE
from zhongzhi.notices.models import OutboxMessage
from zhongzhi.notices.queries import oldest_due, waiting_messages
from zhongzhi.set_aside import SWEEPS, Failure, failures
from zhongzhi.tasks_base import beat_seen
from zhongzhi.web.written_days import short_moment

QUEUE, PATIENCE = "celery", 3
LATE, OLD_BACKUP = timedelta(minutes=5), timedelta(hours=36)
LITTLE = 10
"""Per cent of the disk."""
TOPICS = {NOTICE: "站内消息", TEXT_MESSAGE: "短信"}


@dataclass(frozen=True)
class Fact:
    """One line of the state of health: what, how it is, whether it is well, and what to do when it is not."""

    title: str
    value: str
    is_well: bool = True
    advice: str = ""


@dataclass(frozen=True)
class MessageLine:
    """A message without its words."""

    message: OutboxMessage
    topic: str
    receiver: str

    @property
    def waits(self) -> bool:
        """Neither delivered nor given up."""
        return self.message.delivered_at is None and self.message.given_up_at is None


@dataclass(frozen=True)
class Backup:
    """An archive as it lies in the folder, and what came of the last check."""

    name: str
    size: float
    made_at: datetime
    checked_at: datetime | None
    is_whole: bool


def message_lines(messages: Iterable[OutboxMessage]) -> list[MessageLine]:
    """Messages with their receivers masked."""
    rows = list(messages)
    names = names_of_users({row.payload["user"] for row in rows if "user" in row.payload})
    return [MessageLine(row, TOPICS.get(row.topic, row.topic), _receiver(row, names)) for row in rows]


def health() -> dict[str, list[Fact]]:
    """All parts, by group; a part that does not answer is told as that."""
    return {
        "程序": [*_versions(), _migrations()],
        "数据库": [*_database()],
        "后台": [*_broker(), _outbox(), _set_aside()],
        "磁盘与备份": [_disk(), _last_backup()],
        "密钥": [Fact("在用的密钥编号", "、".join(sorted(keys_now())))],
    }


def troubles() -> list[Fact]:
    """What is not well."""
    return [fact for facts in health().values() for fact in facts if not fact.is_well]


def backup_folder() -> Path:
    """Where archives lie unless another folder is named."""
    return Path(settings.BACKUP_DIR)


def backups() -> list[Backup]:
    """The archives of the folder, the latest first."""
    folder = backup_folder()
    paths = sorted(folder.glob("zhongzhi-*.tar"), reverse=True) if folder.is_dir() else []
    checks = latest_entries([f"backup:{path.name}" for path in paths[:100]])
    return [_backup(path, checks) for path in paths[:100]]


def archive_named(name: str) -> Path:
    """One of the archives; NotFound for any other name."""
    known = {path.name: path for path in backup_folder().glob("zhongzhi-*.tar")}
    if name not in known:
        raise NotFound("没有找到这份备份。")
    return known[name]


def _receiver(message: OutboxMessage, names: dict[int, str]) -> str:
    if message.topic != TEXT_MESSAGE:
        return mask_name(names.get(message.payload.get("user", 0), ""))
    try:
        return mask_phone(unseal(b64decode(message.payload["to"]), aad=message.key))
    except (CipherBroken, KeyError, ValueError):
        return "无法解读"


def _versions() -> list[Fact]:
    python = f"Python {platform.python_version()}，Django {django.get_version()}"
    return [
        Fact("本系统", __version__),
        Fact("运行环境", python),
        Fact("操作系统", platform.platform(terse=True)),
    ]


def _migrations() -> Fact:
    return _wanted("数据库结构", needs_migrating(), "已是最新", "尚未更新", "请执行 manage.py migrate。")


def _database() -> list[Fact]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database()), now()")
        version, size, moment = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        connections = cursor.fetchone()[0]
    apart = abs((timezone.now() - moment).total_seconds())
    return [
        Fact("PostgreSQL", version),
        Fact("数据量", f"{size / 1024**2:,.0f} MB"),
        Fact("连接数", str(connections)),
        _wanted("时钟", apart > 30, "与数据库一致", f"与数据库相差 {apart:.0f} 秒", "请校准服务器时间（NTP）。"),
    ]


def _broker() -> list[Fact]:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as broker:
            waiting = int(broker.llen(QUEUE))
        seen = beat_seen()
    except RedisError:
        return [Fact("消息队列", "不可用", is_well=False, advice="请检查 Valkey 是否运行。")]
    age = None if seen is None else timezone.now().timestamp() - seen
    late = age is None or age > LATE.total_seconds()
    told = "没有消息" if age is None else f"{age:.0f} 秒前"
    return [
        Fact("队列中的任务", str(waiting)),
        _wanted("定时任务（beat 和 worker）", late, told, told, "请检查 worker 和 beat 是否运行。"),
    ]


def _outbox() -> Fact:
    since, waiting = oldest_due(timezone.now()), waiting_messages()
    late = since is not None and timezone.now() - since > LATE
    value = f"{waiting} 条等待"
    return _wanted("待发消息", late, value, f"{value}，有的已积压超过 5 分钟", "请看“待发消息”页和 worker。")


def _set_aside() -> Fact:
    found = {title: rows for name, title in SWEEPS.items() if (rows := failures(name))}
    each = (f"{title} {len(rows)} 条（最多已试 {_most_attempts(rows)} 次）" for title, rows in found.items())
    return _wanted(
        "搁置的后台事项", bool(found), "没有", "；".join(each), "系统会自动重试；多次不成的请把日志交给开发方。"
    )


def _most_attempts(rows: Mapping[int, Failure]) -> int:
    return max(failure.attempts for failure in rows.values())


def _disk() -> Fact:
    usage = shutil.disk_usage(settings.DATA_DIR)
    free = usage.free * 100 // usage.total
    value = f"剩余 {usage.free / 1024**3:,.1f} GB（{free}%）"
    return _wanted("数据盘", free < LITTLE, value, value, "请清理或扩容。")


def _last_backup() -> Fact:
    latest = next(iter(backups()), None)
    if latest is None:
        return Fact("最近的备份", "没有", is_well=False, advice="请安排每天执行 manage.py backup。")
    old = timezone.now() - latest.made_at > OLD_BACKUP
    value = short_moment(latest.made_at)
    return _wanted("最近的备份", old, value, value, "已超过 36 小时，请检查定时备份。")


def _wanted(title: str, is_ill: bool, well: str, ill: str, advice: str) -> Fact:
    return Fact(title, ill, is_well=False, advice=advice) if is_ill else Fact(title, well)


def _backup(path: Path, checks: dict[str, TrailEntry]) -> Backup:
    stat = path.stat()
    made = datetime.fromtimestamp(stat.st_mtime, tz=timezone.get_current_timezone())
    check = checks.get(f"backup:{path.name}")
    is_whole = check is not None and bool(check.facts.get("is_whole"))
    return Backup(path.name, stat.st_size / 1024**2, made, check.at if check else None, is_whole)
