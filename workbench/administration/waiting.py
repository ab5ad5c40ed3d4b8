"""What waits for the system administrator: what is not well, what failed, what has to be set up or renewed."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from grids.permissions import may_administer
from grids.queries.kept_organisations import counties_kept_by, organisations_without_people, towns_without_centre
from intake.deadlines.queries import years_kept
from workbench.administration.queries import troubles
from zhongzhi.accounts.models import User
from zhongzhi.accounts.queries import tokens_that_end
from zhongzhi.jobs.queries import failed_jobs
from zhongzhi.notices.queries import failing_messages

SOON = timedelta(days=30)
FROM_MONTH = 11
"""The State Council announces the next year's holidays in November."""


@dataclass(frozen=True)
class Matter:
    """Something that waits: how much of it, what, what to do, and where."""

    number: int
    title: str
    advice: str
    address: str


def matters_for(user: User) -> list[Matter] | None:
    """All that waits for the system administrator; None for everybody else."""
    if not may_administer(user):
        return None
    empty = organisations_without_people(user).count()
    towns = sum(towns_without_centre(county).count() for county in counties_kept_by(user))
    tokens = tokens_that_end(timezone.now() + SOON)
    rows = (
        (len(troubles()), "运行异常", "看哪一项不正常、怎么处理", "system:health"),
        (failed_jobs().count(), "失败的作业", "重试，或写明原因放弃", "system:jobs"),
        (failing_messages().count(), "没有送出的消息", "看错误，修好后重发", "system:outbox"),
        (_years_to_come(), "放假安排未导入", "按国务院办公厅通知导入", "system:calendar"),
        (tokens, "30 天内到期的令牌", "更换令牌，旧的再用七天", "system:clients"),
        (towns, "没有综治中心的苏木乡镇", "一次设立全部", "system:organisations"),
        (empty, "没有人能登录的机构", "为它们安排人员", "system:organisations"),
    )
    return [Matter(number, title, advice, reverse(name)) for number, title, advice, name in rows if number]


def _years_to_come() -> int:
    """Years for which the announcement should be in the table and is not."""
    today, announced = timezone.localdate(), {year for year, is_announced in years_kept() if is_announced}
    wanted = [today.year] + ([today.year + 1] if today.month >= FROM_MONTH else [])
    return sum(year not in announced for year in wanted)
