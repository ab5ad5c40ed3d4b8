"""Letters and tasks that wait for one's organisations, beside the cases: what is due first stands first, an open red
督办单 above all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice

from django.urls import reverse
from django.utils import timezone

from intake.coordination.queries.joint_tasks import tasks_owed_by
from referrals import queries
from referrals.models import Level, Purpose
from referrals.permissions import has_papers
from zhongzhi.accounts.models import User

SHOWN = 8
END_OF_DAY = time(23, 59)


@dataclass(frozen=True)
class Owed:
    """One line: what it is, what it is about, where it is answered, when it is due."""

    label: str
    title: str
    case_code: str
    address: str
    due: datetime | None
    is_red: bool = False

    @property
    def order(self) -> tuple[bool, bool, float]:
        """Red ones first, then by what is due; what has no day last."""
        return not self.is_red, self.due is None, self.due.timestamp() if self.due else 0.0


def owed_by(user: User) -> list[Owed]:
    """What waits, the most pressing first, at most SHOWN lines. Slips that hand out a case wait as that case."""
    lines = [*_letters(user), *_tasks(user)]
    return sorted(lines, key=lambda line: line.order)[:SHOWN]


def _letters(user: User) -> Iterator[Owed]:
    if not has_papers(user):
        return
    rows = queries.documents_owed_by(user).exclude(kind__purpose=Purpose.DISPATCH)
    red = rows.filter(level=Level.RED)
    found = {row.pk: row for row in [*islice(red, SHOWN), *islice(rows, SHOWN)]}
    for row in queries.documents_as_seen(user, found.values()):
        code = str(row.case.code) if row.case else ""
        address = reverse("referrals:document", args=[row.uid])
        yield Owed(row.kind.name, row.subject, code, address, row.next_due, row.level == Level.RED)  # type: ignore[attr-defined]


def _tasks(user: User) -> Iterator[Owed]:
    for task in islice(tasks_owed_by(user), SHOWN):
        due = timezone.make_aware(datetime.combine(task.due_on, END_OF_DAY)) if task.due_on else None
        yield Owed("联动任务", task.what, str(task.case.code), reverse("workbench:dossier", args=[task.case.code]), due)
