"""Whether this installation can do its work: database, migrations, broker, delivery of messages."""

from datetime import timedelta

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from redis.exceptions import RedisError

from zhongzhi.notices.queries import oldest_due

LATE = timedelta(minutes=5)


def faults() -> dict[str, str]:
    """What is wrong, by part; empty when all is well."""
    found: dict[str, str] = {}
    try:
        found |= _of_database()
    except DatabaseError:
        found["database"] = "数据库不可用"
    try:
        cache.get("readyz")
    except RedisError:
        found["broker"] = "消息队列不可用"
    return found


def _of_database() -> dict[str, str]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return {"migrations": "数据库结构尚未更新，请执行 manage.py migrate"}
    waits_since = oldest_due(timezone.now())
    if waits_since and timezone.now() - waits_since > LATE:
        return {"outbox": "消息已积压超过 5 分钟，请检查后台任务是否运行"}
    return {}
