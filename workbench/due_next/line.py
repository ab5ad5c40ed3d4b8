"""One line of what is due next."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from intake.models import Case
from zhongzhi.web.menus import MenuItem

END_OF_DAY = time(23, 59)


@dataclass(frozen=True)
class Line:
    """Why it waits, what it is, where it lies, when it is due, and the act that answers it; `case` where the line is
    that of a case itself."""

    why: str
    title: str
    address: str
    due: datetime | None = None
    code: str = ""
    detail: str = ""
    act: MenuItem | None = None
    case: Case | None = None
    is_red: bool = False
    is_draft: bool = False

    @property
    def order(self) -> tuple[bool, bool, bool, float]:
        """Red ones first, then by what is due; what has no day after that, drafts last."""
        return not self.is_red, self.is_draft, self.due is None, self.due.timestamp() if self.due else 0.0


def end_of(day: date) -> datetime:
    """The last minute of a day, by which something is due."""
    return timezone.make_aware(datetime.combine(day, END_OF_DAY))
