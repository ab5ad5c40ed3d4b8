"""Asking for a report, making it in the background, and the reports that leaders get by the calendar."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from grids.models import Posting, Territory
from grids.queries import postings_for_reports, territory_of
from workbench.statistics.board import board_of
from workbench.statistics.periods import Period, between, preset, quarter_start
from workbench.statistics.permissions import place_for
from workbench.statistics.reports.document import document_of
from workbench.statistics.reports.workbook import workbook_of
from zhongzhi.accounts.models import User
from zhongzhi.core.errors import BadInput
from zhongzhi.files.actions import store_file
from zhongzhi.jobs.actions import hand_in, run_due
from zhongzhi.jobs.models import Job
from zhongzhi.jobs.queries import has_job
from zhongzhi.notices.actions import post
from zhongzhi.office.pdf import CannotSet, pdf_of

KIND = "figures.report"
KINDS = {
    "last_week": "周报",
    "last_month": "月报",
    "last_quarter": "季报",
    "week": "本周简报",
    "month": "本月简报",
    "ytd": "今年以来简报",
}
STEPS = 4


def ask_report(user: User, *, place: str, period: str, title: str = "", occasion: str = "") -> Job:
    """Hand in a report on a place in one's territory; ready within a minute, and told then."""
    if period not in KINDS:
        raise BadInput(f"没有“{period[:20]}”这种报告。", field="period")
    where = place_for(user, place)
    days = preset(period, timezone.localdate())
    options = {
        "place": where.code,
        "period": period,
        "from": f"{days.start}",
        "to": f"{days.end}",
        "occasion": occasion,
    }
    return hand_in(KIND, actor=user, title=title or _title(where, period, days), options=options)


def work_on_reports(*, seconds: float = 60) -> int:
    """Make reports that wait; how many came to an end."""
    return run_due(KIND, _make, seconds=seconds)


def ask_due_reports(today: date) -> int:
    """Hand in the reports of the week, month and quarter that ended, for each leader and manager with a territory.

    Runs as often as one likes: each person gets each report once, also when it runs days late.
    """
    asked = 0
    for posting in postings_for_reports():
        for period, key in _due(today):
            asked += _ask_once(posting, period, key)
    return asked


def _due(today: date) -> list[tuple[str, str]]:
    """The periods that ended in the last days, each with the name of the occasion; a week is told until Wednesday."""
    found = []
    monday = today - timedelta(days=today.weekday())
    if (today - monday).days <= 2:
        found.append(("last_week", f"week:{monday}"))
    if today.day <= 5:
        found.append(("last_month", f"month:{today:%Y-%m}"))
    if (today - quarter_start(today)).days < 10:
        found.append(("last_quarter", f"quarter:{quarter_start(today)}"))
    return found


@transaction.atomic
def _ask_once(posting: Posting, period: str, key: str) -> int:
    """Once for a person and occasion, however many ask at the same moment."""
    place = posting.organisation.territory
    if len(place.code) > 9:
        return 0
    User.objects.select_for_update().get(pk=posting.user_id)
    occasion = f"{key}:{place.code}"
    if has_job(posting.user, KIND, occasion=occasion):
        return 0
    ask_report(posting.user, place=place.code, period=period, occasion=occasion)
    return 1


def _make(job: Job) -> Iterator[None]:
    """Read, then write the workbook, the document, its PDF: four pieces. Begun again, it begins anew: it is short. What
    is too long to be set has no PDF."""
    job.total = STEPS
    place = territory_of(job.options["place"])
    period = _period(job.options)
    board = board_of(place, period)
    yield from _step(job, 1)
    content = workbook_of(board, job.title)
    job.result["xlsx"] = _stored(job, content, "xlsx")
    yield from _step(job, 2)
    document = document_of(board, job.title, content)
    job.result["docx"] = _stored(job, document, "docx")
    yield from _step(job, 3)
    with suppress(CannotSet):
        job.result["pdf"] = _stored(job, pdf_of(document, title=job.title, at=board.at), "pdf")
    _notify(job)
    yield from _step(job, STEPS)


def _step(job: Job, done: int) -> Iterator[None]:
    job.done = done
    yield


def _period(options: dict[str, Any]) -> Period:
    """As it was asked: the days do not move when the report is made later."""
    return between(date.fromisoformat(options["from"]), date.fromisoformat(options["to"]))


def _stored(job: Job, content: bytes, extension: str) -> str:
    upload = SimpleUploadedFile(f"{job.title}.{extension}", content)
    return str(store_file(upload, actor=job.owner).pk)


def _notify(job: Job) -> None:
    post(
        [job.owner],
        "report_ready",
        title=f"{job.title}已生成",
        body="Word、PDF 和 Excel 版本可以下载。",
        link=reverse("workbench:figures_reports"),
        key=f"report:{job.pk}",
    )


def _title(place: Territory, period: str, days: Period) -> str:
    return f"{place.name}矛盾纠纷化解{KINDS[period]}（{days.start:%Y-%m-%d}至{days.end:%Y-%m-%d}）"
