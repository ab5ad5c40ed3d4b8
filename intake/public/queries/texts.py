"""What applicants are told by text message: of what, in which words, who is owed a word."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from intake.deadlines.models import ClockKind, ExtensionRequest
from intake.lifecycle import Event
from intake.models import Case, Party, StatusChange
from intake.public.models import CitizenText, QueryCode, ToldUpTo
from intake.public.queries import STEPS, expected_end
from intake.search.queries import is_restricted
from zhongzhi.core.wording import Wording

EXTENDED, JOINED = "extend", "join"
OTHER_EVENTS: Final[Mapping[str, str]] = {EXTENDED: "延长办理期限", JOINED: "加入同一事项"}
STEPS_TOLD: Final = (
    Event.REGISTER, Event.ACCEPT, Event.GUIDE, Event.MERGE, Event.SUSPEND, Event.REOPEN, Event.CLOSE,
)  # fmt: skip
"""Steps of a case that its applicants are told of; what they are told is the text of that name."""
EVENTS: Final = (*map(str, STEPS_TOLD), *OTHER_EVENTS)
EXAMPLES: Final = {
    "code": "ZJ150526202611240001X",
    "centre": "扎鲁特旗综治中心",
    "unit": "旗人社局",
    "due": "12月1日",
}
"""Every word that a text may use, with an example: no person."""
TEXTS: Final = Wording("短信内容", EXAMPLES)


def last_step(until: datetime) -> int:
    """The last step of any case up to a moment; of the latest thousand, for all others were looked at long ago."""
    latest = StatusChange.objects.order_by("-pk").values_list("pk", "at")[:1000]
    return max((pk for pk, at in latest if at <= until), default=0)


def owed_between(mark: ToldUpTo, last: int, until: datetime, events: Sequence[str]) -> dict[int, str]:
    """Cases to whose applicants something is owed since the mark: the latest step of each, or more time that was
    granted for its handling."""
    steps = StatusChange.objects.filter(pk__gt=mark.step, pk__lte=last, event__in=events).order_by("pk")
    rows = steps.values_list("case", "at", "pk", "event")
    found = {case: (at, pk, str(event)) for case, at, pk, event in rows}
    granted = ExtensionRequest.objects.filter(granted=True, decided_at__gt=mark.at, decided_at__lte=until)
    for case, at in granted.filter(clock__kind=ClockKind.HANDLE).values_list("clock__case", "decided_at"):
        if at is not None and (case not in found or found[case][0] < at):
            found[case] = (at, 0, EXTENDED)
    return {case: event for case, (_, _, event) in sorted(found.items(), key=lambda item: item[1])}


def codes_owed(today: date) -> QuerySet[QueryCode]:
    """Live codes whose holder is owed a word and was told nothing today."""
    rows = QueryCode.objects.filter(~Q(owed_event=""), voided_at__isnull=True)
    return rows.filter(Q(told_on__isnull=True) | Q(told_on__lt=today)).order_by("pk")


def is_blocked(party: Party) -> bool:
    """Whether the person's data are only stored."""
    return Party.everyone.filter(is_restricted(), pk=party.pk).exists()


def words_for(case: Case, code: QueryCode) -> dict[str, str]:
    """What the words of a text message may name: no person."""
    due, outside = expected_end(case), case.guided_outside
    unit = case.guided_to.name if case.guided_to else outside.name if outside else "有权处理的单位"
    return {
        "code": str(code.case.code),
        "centre": case.centre.name if case.centre else "",
        "unit": unit,
        "due": f"{timezone.localtime(due):%m月%d日}" if due else "近期",
    }


def label_of(event: str) -> str:
    """What happened, in a word."""
    return OTHER_EVENTS.get(event) or STEPS[Event(event)]


def citizen_texts(event: str) -> QuerySet[CitizenText]:
    """All versions of what is told of one event, the latest first."""
    return CitizenText.objects.filter(event=event).select_related("set_by").order_by("-version")


def citizen_text(event: str, day: date) -> CitizenText | None:
    """What holds on a day; None where nothing was ever set."""
    return citizen_texts(event).filter(starts_on__lte=day).order_by("-starts_on", "-version").first()


def words_in_force(day: date) -> dict[str, str]:
    """The words of every event on a day. One query."""
    rows = CitizenText.objects.filter(starts_on__lte=day).order_by("starts_on", "version")
    return dict(rows.values_list("event", "words"))
