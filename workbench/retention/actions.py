"""Setting periods of keeping, and the sweep that ends what is over."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from intake.permissions.keeping import may_keep_privacy_rules
from workbench.models import RetentionRule, RetentionRun
from workbench.retention.kinds import KINDS, RetentionKind
from workbench.retention.queries import cutoff, period_of, sweep_name
from workbench.verbs import Verb
from zhongzhi.accounts.models import User
from zhongzhi.audit.actions import record
from zhongzhi.core.errors import BadInput, NotFound, RuleViolation, require
from zhongzhi.core.text import required_text
from zhongzhi.set_aside import Share, Sweep, failures

BATCH = 200
CHAIN = "retention"
LONGEST_DAYS = 100 * 365


@transaction.atomic
def set_period(name: str, days: int | None, *, source: str, starts_on: date, actor: User) -> RetentionRule:
    """Keep a kind for so many days (None: for ever) from a day on, tomorrow at the earliest.

    Raises NotFound for a kind that is none, RuleViolation below what the law asks for.
    """
    require(may_keep_privacy_rules(actor), "保存期限由系统管理员维护。")
    kind = KINDS.get(name)
    if kind is None:
        raise NotFound("没有这类数据。")
    if starts_on <= timezone.localdate():
        raise BadInput("启用日期最早为明天。", field="starts_on")
    if days is not None and not kind.at_least <= days <= LONGEST_DAYS:
        raise RuleViolation(f"“{kind.title}”至少保存 {kind.at_least} 天，最长 100 年；永久保存请留空。", field="days")
    why = required_text(source, field="source", missing="请填写依据。", max_length=150)
    rule = RetentionRule.objects.create(kind=name, days=days, source=why, starts_on=starts_on, set_by=actor)
    record(actor, Verb.RETENTION_SET, CHAIN, kind=name, days=days, source=why, starts_on=starts_on)
    return rule


def sweep_retention(now: datetime) -> int:
    """End what is over, kind by kind; how many rows. A row that fails is set aside and stops nothing else."""
    return sum(_sweep_kind(kind, now) for kind in KINDS.values())


def _sweep_kind(kind: RetentionKind, now: datetime) -> int:
    moment = cutoff(period_of(kind, timezone.localdate(now)), now)
    if moment is None:
        return 0
    started, done = timezone.now(), 0
    work = _Work(kind, moment)
    sweep = Sweep(sweep_name(kind), work.due, work.take, BATCH)
    while taken := sweep.run(now):
        done += taken
    failed = len(failures(sweep_name(kind)))
    RetentionRun.objects.create(kind=kind.name, cutoff=moment, started_at=started, done=done, failed=failed)
    return done


@dataclass(frozen=True)
class _Work:
    """The rows of one kind that are over at a moment, taken in batches, each with its entry of the trail."""

    kind: RetentionKind
    moment: datetime

    def due(self) -> QuerySet[Any]:
        """The rows, not locked."""
        return self.kind.over(self.moment).order_by("pk")

    def take(self, share: Share) -> int:
        """End the next batch, or one row, but for what somebody else holds; how many rows."""
        rows = share.of(self.due()).select_for_update(of=("self",), skip_locked=True)
        return self._end([row.pk for row in rows[:BATCH]])

    def _end(self, keys: list[int]) -> int:
        if keys:
            self.kind.end(keys)
            record(None, Verb.RETENTION_SWEPT, CHAIN, kind=self.kind.name, rows=len(keys), before=self.moment)
        return len(keys)
